import Documents
import TestSupport
import Testing

@Suite("How the answer to a posted document is judged")
struct AnswerRuleTests {
    typealias Outcome = AnswerRule.Outcome
    typealias Answer = AnswerRule.Answer

    /// What an outcome is, its words aside.
    enum Kind: Equatable {
        case sent, acknowledged, alreadyKnown, refused, unknown
        case notSent(AnswerRule.Reason)
    }

    @Test(arguments: [
        (200, Kind.sent), (201, .sent), (202, .sent), (204, .sent), (301, .notSent(.misconfigured)),
        (304, .notSent(.misconfigured)),
        (400, .refused), (401, .notSent(.unauthorized)), (402, .refused), (403, .notSent(.unauthorized)),
        (404, .notSent(.misconfigured)), (405, .notSent(.misconfigured)), (406, .refused), (407, .notSent(.misconfigured)),
        (408, .unknown), (409, .refused), (410, .refused), (413, .refused), (422, .refused), (425, .unknown),
        (429, .notSent(.throttled)), (499, .refused), (500, .unknown), (502, .unknown), (503, .unknown), (504, .unknown),
        (599, .unknown), (0, .unknown), (100, .unknown), (999, .unknown),
    ])
    func `without a verdict the HTTP status decides`(_ status: Int, _ kind: Kind) {
        #expect(AnswerRule(expects: .status).outcome(Answer(status: status)).kind == kind)
        // A success without the Response that is due says nothing; all else is as it is.
        let withoutResponse = AnswerRule(expects: .cxml).outcome(Answer(status: status, body: Array("OK".utf8)))
        #expect(withoutResponse.kind == (kind == .sent ? .unknown : kind))
    }

    @Test(arguments: [
        (200, 200, Kind.acknowledged), (201, 200, .acknowledged), (200, 500, .unknown), (200, 404, .unknown),
        (400, 200, .refused),
        (401, 200, .notSent(.unauthorized)), (401, 401, .notSent(.unauthorized)), (406, 200, .refused), (406, 406, .refused),
        (409, 200, .refused), (450, 200, .refused), (500, 200, .notSent(.transient)), (500, 500, .notSent(.transient)),
        (560, 200, .notSent(.transient)), (100, 200, .unknown), (300, 200, .unknown),
    ])
    func `a cXML Status decides, and not the HTTP status`(_ code: Int, _ httpStatus: Int, _ kind: Kind) {
        let answer = Answer(status: httpStatus, contentType: "text/xml", body: Self.response(code))
        #expect(AnswerRule(expects: .cxml).outcome(answer).kind == kind)
    }

    @Test func `a verdict decides also where none is expected`() {
        #expect(AnswerRule(expects: .status).outcome(Answer(status: 200, body: Self.response(406))).kind == .refused)
    }

    @Test(arguments: [
        ("text/html; charset=utf-8", "come back later"), ("application/xhtml+xml", ""), (nil, "\n  <!DOCTYPE html><p>Log in</p>"),
        ("text/xml", "<HTML><body>down</body></HTML>"),
    ])
    func `a page for people is no verdict`(_ type: String?, _ text: String) throws {
        let page = Answer(status: 200, contentType: type, body: Array(text.utf8))
        for expects in AnswerRule.Expectation.allCases {
            #expect(AnswerRule(expects: expects).outcome(page).kind == .unknown)
            // Nor are they the receiver's words.
            let rule = try AnswerRule(expects: expects, alreadyKnown: "later|Log in|down|html")
            #expect(rule.outcome(page).kind == .unknown)
        }
    }

    @Test(arguments: [
        (200, Kind.alreadyKnown), (400, .alreadyKnown), (409, .alreadyKnown), (422, .alreadyKnown), (500, .alreadyKnown),
        (301, .notSent(.misconfigured)), (401, .notSent(.unauthorized)), (403, .notSent(.unauthorized)),
        (404, .notSent(.misconfigured)), (405, .notSent(.misconfigured)), (408, .unknown), (429, .notSent(.throttled)),
    ])
    func `"already known" is the receiver's word, unless the request was stopped at the door`(_ status: Int, _ kind: Kind) throws
    {
        let answer = Answer(status: status, body: Array("{\"detail\": \"PS-1 is Already Known.\"}".utf8))
        for expects in AnswerRule.Expectation.allCases {
            let rule = try AnswerRule(expects: expects, alreadyKnown: "(?i)already (known|booked)")
            #expect(rule.outcome(answer).kind == kind)
        }
    }

    @Test func `the status can be part of the pattern`() throws {
        let rule = try AnswerRule(expects: .status, alreadyKnown: "^409 ")
        #expect(rule.outcome(Answer(status: 409)) == .alreadyKnown)
        #expect(rule.outcome(Answer(status: 400, body: Array("409 ".utf8))).kind == .refused)
        let both = try AnswerRule(expects: .cxml, alreadyKnown: "^409 .*duplicate")
        #expect(both.outcome(Answer(status: 409, body: Array("a duplicate".utf8))) == .alreadyKnown)
        #expect(both.outcome(Answer(status: 409, body: Array("busy".utf8))).kind == .refused)
    }

    @Test(arguments: ["(", "[", "*", "", ".", "x*", "\\d", "^", "^4"])
    func `a pattern that is none, or that any answer satisfies, is refused`(_ pattern: String) {
        #expect(throws: DocumentFault.self) { try AnswerRule(expects: .status, alreadyKnown: pattern) }
    }

    @Test func `only the beginning of a long answer is searched`() throws {
        let rule = try AnswerRule(expects: .status, alreadyKnown: "known")
        let space = String(repeating: " ", count: AnswerRule.knownBytesMax)
        #expect(rule.outcome(Answer(status: 400, body: Array((space + "known").utf8))).kind == .refused)
        #expect(rule.outcome(Answer(status: 400, body: Array((space.dropFirst(5) + "known").utf8))) == .alreadyKnown)
    }

    @Test func `a wait that is asked for is passed on`() {
        let throttled = AnswerRule(expects: .status).outcome(Answer(status: 429, retryAfter: .seconds(90)))
        guard case .notSent(.throttled, _, retryAfter: .seconds(90)) = throttled else {
            Issue.record("\(throttled)")
            return
        }
        let busy = Answer(status: 200, retryAfter: .seconds(5), body: Self.response(500))
        guard case .notSent(.transient, _, retryAfter: .seconds(5)) = AnswerRule(expects: .cxml).outcome(busy) else {
            Issue.record("the wait is lost")
            return
        }
    }

    @Test(arguments: AnswerRule.Expectation.allCases, [200, 202, 204, 301, 400, 401, 403, 404, 409, 422, 429, 500, 503])
    func `no text repeats what the receiver wrote`(_ expects: AnswerRule.Expectation, _ status: Int) {
        let name = "Jansen"
        for code in [200, 400, 401, 406, 409, 500, 560] {
            for body in [Self.response(code, text: name), Array("{\"detail\": \"\(name)\"}".utf8)] {
                let outcome = AnswerRule(expects: expects).outcome(
                    Answer(status: status, contentType: "text/xml; charset=\(name)", body: body))
                #expect(!"\(outcome)".contains(name))
            }
        }
    }

    @Test func `the charset of the answer is heeded`() {
        let text = "<?xml version='1.0'?><cXML><Response><Status code='200' text='\u{E9}'/></Response></cXML>"
        let latin = text.unicodeScalars.map { UInt8($0.value) }
        let rule = AnswerRule(expects: .cxml)
        #expect(rule.outcome(Answer(status: 200, contentType: "text/xml; Charset=\"ISO-8859-1\"", body: latin)) == .acknowledged)
        #expect(rule.outcome(Answer(status: 200, contentType: "text/xml", body: latin)).kind == .unknown)
    }

    private static func response(_ code: Int, text: String = "x") -> [UInt8] {
        Array(
            "<?xml version=\"1.0\"?><cXML><Response><Status code=\"\(code)\" text=\"\(text)\">\(text)</Status></Response></cXML>"
                .utf8)
    }
}

extension AnswerRule.Outcome {
    fileprivate var kind: AnswerRuleTests.Kind {
        switch self {
        case .sent: .sent
        case .acknowledged: .acknowledged
        case .alreadyKnown: .alreadyKnown
        case .refused: .refused
        case .notSent(let reason, _, _): .notSent(reason)
        case .unknown: .unknown
        }
    }
}
