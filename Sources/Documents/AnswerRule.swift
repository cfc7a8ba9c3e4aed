/// How one receiver's answers to posted documents are read. Pure: it is given the answer and says what it means.
///
/// Its texts name statuses only. What a receiver writes in an answer is never repeated, since it may be about a person.
package struct AnswerRule: Sendable, Equatable {
    /// What the receiver answers with.
    package enum Expectation: String, Sendable, CaseIterable {
        /// A cXML `Response`, whose Status decides and not the HTTP status; a success without one is unknown.
        case cxml
        /// Nothing in particular: any 2xx is taken for "has it", as for the shop's delivery interface, whose reply is not documented.
        case status
    }

    package var expects: Expectation
    /// A regular expression that finds the receiver's words for "has it since an earlier try" in `<HTTP status> <body>`; `nil`: it has
    /// none. Only the first ``knownBytesMax`` bytes of the body are searched.
    package var alreadyKnown: String? { known?.text }
    private let known: KnownWords?

    private struct KnownWords: Sendable, Equatable {
        let text: String
        let pattern: Pattern<AnyRegexOutput>

        static func == (left: Self, right: Self) -> Bool { left.text == right.text }
    }

    /// Short enough for a backtracking search in what a stranger may have written.
    package static let knownBytesMax = 4096

    package init(expects: Expectation) {
        self.expects = expects
        known = nil
    }

    /// - Throws: ``DocumentFault`` where `alreadyKnown` isn't a regular expression, or finds something in any answer.
    package init(expects: Expectation, alreadyKnown: String) throws(DocumentFault) {
        guard let pattern = try? Regex(alreadyKnown) else {
            throw DocumentFault(element: "already known", "'\(alreadyKnown)' is not a regular expression")
        }
        // A pattern may name a status or two; one that most of them satisfy says nothing.
        guard [200, 400, 409, 422, 500].count(where: { "\($0) ".contains(pattern) }) < 3 else {
            throw DocumentFault(element: "already known", "'\(alreadyKnown)' finds something in any answer")
        }
        self.expects = expects
        known = KnownWords(text: alreadyKnown, pattern: Pattern(pattern))
    }

    /// An answer, as far as it matters here.
    package struct Answer: Sendable, Equatable {
        package var status: Int
        package var contentType: String?
        /// What the receiver asks to be left alone for.
        package var retryAfter: Duration?
        package var body: [UInt8]

        package init(status: Int, contentType: String? = nil, retryAfter: Duration? = nil, body: [UInt8] = []) {
            self.status = status
            self.contentType = contentType
            self.retryAfter = retryAfter
            self.body = body
        }
    }

    /// What an answer means for the document.
    package enum Outcome: Sendable, Equatable {
        /// Taken, without a verdict.
        case sent
        /// The receiver's verdict: it has it.
        case acknowledged
        /// The receiver says, in the words agreed on, that it has it since an earlier try.
        case alreadyKnown
        /// The receiver's verdict: it won't have it.
        case refused(String)
        /// Certainly not taken, for a reason that isn't the document's.
        case notSent(Reason, String, retryAfter: Duration? = nil)
        /// It may have been taken.
        case unknown(String)
    }

    package enum Reason: Sendable, Equatable {
        case unauthorized, misconfigured, throttled, transient
    }
}

extension AnswerRule {
    package func outcome(_ answer: Answer) -> Outcome {
        if saysAlreadyKnown(answer) { return .alreadyKnown }
        // Whatever is expected: a verdict decides where there is one.
        guard let response = try? CXMLResponse(answer.body, charset: answer.charset) else {
            return outcome(httpStatusOf: answer)
        }
        let name = "cXML status \(response.code)"
        switch CXMLResponse.verdict(response, httpStatus: answer.status) {
        case .delivered: return .acknowledged
        case .refused: return .refused("the receiver refused it with \(name)")
        case .conflict:
            return .refused("the receiver refused it with \(name), which may also mean that it has it since an earlier try")
        case .unauthorized: return .notSent(.unauthorized, "the receiver doesn't accept who sends it: \(name)")
        case .transient: return .notSent(.transient, "the receiver can't take it now: \(name)", retryAfter: answer.retryAfter)
        case .unknown: return .unknown("the receiver answered with \(name) in an answer of HTTP status \(answer.status)")
        }
    }

    private func outcome(httpStatusOf answer: Answer) -> Outcome {
        let name = "HTTP status \(answer.status)"
        switch answer.status {
        case 200..<300:
            if answer.isPage { return .unknown("the receiver answered with a page for people instead of a verdict, \(name)") }
            return expects == .status ? .sent : .unknown("the receiver answered without a verdict, \(name)")
        // Redirects are not followed: a document, and what opens the receiver's door, go only where they were meant to go.
        case 300..<400: return .notSent(.misconfigured, "the receiver's address leads elsewhere: \(name)")
        case 401, 403: return .notSent(.unauthorized, "the receiver refuses the credentials: \(name)")
        case 404, 405: return .notSent(.misconfigured, "the receiver's address takes no documents: \(name)")
        case 407: return .notSent(.misconfigured, "a proxy wants credentials: \(name)")
        case 429: return .notSent(.throttled, "the receiver asks to be left alone: \(name)", retryAfter: answer.retryAfter)
        case 408, 425: return .unknown("the receiver didn't wait for all of it: \(name)")
        case 409: return .refused("the receiver refused it with \(name), which may also mean that it has it since an earlier try")
        case 400..<500: return .refused("the receiver refused it with \(name)")
        default: return .unknown("the receiver, or a machine before it, failed: \(name)")
        }
    }

    /// Pages for people come from machines in between, and so do the statuses that stop a request at the door: not the receiver's words.
    private func saysAlreadyKnown(_ answer: Answer) -> Bool {
        guard let known, !answer.isPage, ![401, 403, 404, 405, 407, 408, 425, 429].contains(answer.status),
            !(300..<400).contains(answer.status)
        else { return false }
        let body = String(decoding: answer.body.prefix(Self.knownBytesMax), as: UTF8.self)
        return known.pattern.isFound(in: "\(answer.status) \(body)")
    }
}

extension AnswerRule.Answer {
    /// `charset` of the Content-Type (RFC 9110, 8.3.2).
    fileprivate var charset: String? {
        guard let contentType else { return nil }
        for parameter in contentType.split(separator: ";").dropFirst() {
            let parts = parameter.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].trimmed.lowercased() == "charset" else { continue }
            return String(parts[1].trimmed.filter { $0 != "\"" })
        }
        return nil
    }

    /// Whether it is HTML, by what it says of itself or by how it begins.
    fileprivate var isPage: Bool {
        if let contentType, contentType.lowercased().contains("html") { return true }
        let start = String(decoding: body.prefix(200), as: UTF8.self).trimmed.lowercased()
        return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
    }
}

extension StringProtocol {
    fileprivate var trimmed: SubSequence {
        let start = drop { $0.isWhitespace }
        return start.lastIndex { !$0.isWhitespace }.map { start[...$0] } ?? start.prefix(0)
    }
}
