import Orders
import SinkKit
import Transport

/// Why a call to Tryton brought no result.
enum TrytonFailure: Error {
    /// Tryton understood the call and rolled it back: nothing came of it.
    case refused(TrytonRefusal)
    case failed(SinkError)

    /// As a sink tells it where a refusal was not to be expected.
    var sinkError: SinkError {
        switch self {
        // What it says may quote the customer.
        case .refused: SinkError(.notApplied, "Tryton refused it")
        case .failed(let error): error
        }
    }
}

/// What Tryton said to a user who asked for something that isn't possible.
struct TrytonRefusal {
    /// `nil` for an error; for a warning, the name under which it may be agreed to.
    var warning: String?
    /// Cut: a refusal can hold the description of every field of a form.
    var text: String

    private static let charactersMax = 300

    init(warning: String? = nil, _ texts: [JSONValue]) {
        self.warning = warning
        let whole = texts.compactMap(\.stringValue).filter { !$0.isEmpty }.joined(separator: " ")
            .split(whereSeparator: \.isNewline).joined(separator: " ")
        text = whole.count > Self.charactersMax ? whole.prefix(Self.charactersMax) + "…" : whole
    }
}

/// Reads what Tryton answered to one call. Performs nothing.
///
/// Errors come with status 200: `{"error": ["UserError", [message, description, domain]]}`, `["UserWarning", [name, message,
/// description]]`, or the text of any other Python exception.
struct TrytonAnswer {
    let response: HTTPResponse
    /// Names the call in messages.
    let title: String
    let reads: Bool

    func result() throws(TrytonFailure) -> JSONValue {
        switch response.status {
        case 200: break
        // Not even begun: the path, the method's name or its arguments are wrong.
        case 400, 403, 404, 405, 415, 422:
            throw .failed(
                SinkError(
                    .misconfigured,
                    "\(title) was answered with \(response.status): is a module missing, or is this another version of Tryton?"))
        default:
            let isOutage = reads && [502, 503, 504].contains(response.status)
            throw .failed(SinkError(isOutage ? .unavailable : lost, "\(title) was answered with \(response.status)"))
        }
        guard let object = (try? JSONValue(parsing: response.body))?.objectValue else {
            throw .failed(SinkError(lost, "\(title) was answered with 200, but not with JSON"))
        }
        if let error = object["error"] { throw failure(error) }
        guard let result = object["result"] else {
            throw .failed(SinkError(lost, "\(title) was answered with 200, but without a result"))
        }
        return result
    }

    private var lost: SinkError.Code { reads ? .notApplied : .unknownOutcome }

    private func failure(_ error: JSONValue) -> TrytonFailure {
        let parts = error.arrayValue ?? []
        let name = parts.first?.stringValue ?? ""
        let details = parts.dropFirst().first?.arrayValue ?? []
        switch name {
        // The third part is the domain that didn't hold: the description of a form, as large as it gets.
        case "UserError": return .refused(TrytonRefusal(Array(details.prefix(2))))
        case "UserWarning":
            return .refused(TrytonRefusal(warning: details.first?.stringValue ?? "", Array(details.dropFirst().prefix(2))))
        case "ConcurrencyException":
            return .failed(SinkError(.notApplied, "\(title): somebody else changed it in Tryton at the same moment"))
        case "LoginException":
            return .failed(SinkError(.unauthorized, "\(title): Tryton asks for more than a password"))
        case _ where Self.isFieldName(name):
            return .failed(SinkError(.misconfigured, "\(title): Tryton doesn't know \(name); is a module missing?"))
        default:
            // Its text isn't repeated: nobody knows what it quotes.
            return .failed(SinkError(lost, "\(title): Tryton failed with an error of its own"))
        }
    }

    /// The text of Python's KeyError: the name in quotes.
    private static func isFieldName(_ text: String) -> Bool {
        let name = text.utf8.dropFirst().dropLast()
        return text.hasPrefix("'") && text.hasSuffix("'") && (1...60).contains(name.count)
            && name.allSatisfy { ($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z")) || $0 == UInt8(ascii: "_") }
    }
}
