import XMLKit

/// What a receiver answers to a cXML request: its Status decides, not the HTTP status alone.
package struct CXMLResponse: Sendable, Equatable {
    /// `Status/@code`: three digits, 100 to 599.
    package let code: Int
    /// `Status/@text` and what stands in the element, fit for a log: one line, no control signs, at most 300 signs.
    package let message: String

    /// Reads an answer; what it takes is narrow, so that nothing else can pass for a verdict.
    ///
    /// - Parameter charset: what HTTP's `Content-Type` says.
    /// - Throws: ``DocumentFault`` unless the root is `cXML` without a namespace and holds one `Response`, which begins with the one `Status`
    ///   there is in all of it, whose code is three ASCII digits. The answer may be 64 KiB long.
    package init(_ bytes: [UInt8], charset: String? = nil) throws(DocumentFault) {
        let root: XMLElement
        do throws(XMLFault) {
            root = try XMLReader(limits: .answer).read(bytes, charset: charset).root
        } catch {
            throw DocumentFault(error)
        }
        guard root.name == "cXML", root.namespace == nil else { throw DocumentFault(element: "root", "it is to be 'cXML'") }
        guard root.elements.map(\.name) == ["Response"] else {
            throw DocumentFault(element: "cXML", "an answer holds a Response and nothing else")
        }
        let response = try root.child("Response")
        guard response.elements.first?.name == "Status", response.statusCount == 1 else {
            throw DocumentFault(element: "Response", "it is to begin with a Status, the only one")
        }
        let status = try response.child("Status")
        let digits = status.attribute("code") ?? ""
        guard status.namespace == nil, Patterns.statusCode.isWhole(digits), let code = Int(digits) else {
            throw DocumentFault(element: "Status/@code", "it is to be three digits, 100 to 599")
        }
        self.code = code
        message = LogText.line([status.attribute("text") ?? "", status.text].joined(separator: " "))
    }
}

extension XMLElement {
    /// How many there are below it, however deep.
    fileprivate var statusCount: Int {
        elements.reduce(0) { $0 + ($1.name == "Status" ? 1 : 0) + $1.statusCount }
    }
}

extension CXMLResponse {
    /// What an exchange says about the request. Source: the cXML guide's list of status codes, as receivers quote it.
    package enum Verdict: Sendable, Equatable {
        /// Done, or taken over.
        case delivered
        /// Nothing else will come of sending it again.
        case refused
        /// The sender isn't known to the receiver: nothing more goes there until a person has looked.
        case unauthorized
        /// Possibly the answer to something the receiver has already.
        case conflict
        /// Not now; the same bytes may go again.
        case transient
        /// It can't be told what became of it.
        case unknown
    }

    /// - Parameters:
    ///   - response: `nil` where the answer wasn't one.
    ///   - httpStatus: of the exchange that brought it.
    package static func verdict(_ response: CXMLResponse?, httpStatus: Int) -> Verdict {
        guard let response else { return verdict(httpStatus: httpStatus) }
        switch response.code {
        case 200...299: return (200...299).contains(httpStatus) ? .delivered : .unknown
        case 401: return .unauthorized
        case 409: return .conflict
        case 400...499: return .refused
        case 500...599: return .transient
        // 1xx and 3xx are in nobody's list.
        default: return .unknown
        }
    }

    /// Without a Status: a success says nothing, and so does an answer that may come from a machine in between after the receiver acted.
    private static func verdict(httpStatus: Int) -> Verdict {
        switch httpStatus {
        case 401: .unauthorized
        case 429: .transient
        case 400...407, 409...428, 430...499: .refused
        case 300...399: .refused
        default: .unknown
        }
    }
}

/// Texts from outside, made fit for a line of a log.
enum LogText {
    static func line(_ text: String, scalarsMax: Int = 300) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isPlain =
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: false
                default: !scalar.properties.isWhitespace
                }
            if isPlain { line.append(scalar) } else if line.last != " ", !line.isEmpty { line.append(" ") }
            if line.count == scalarsMax { break }
        }
        if line.last == " " { line.removeLast() }
        return String(line)
    }
}
