import Orders
import SinkKit
import Transport

/// Why a call to Odoo brought no result.
enum OdooFailure: Error {
    /// Odoo understood the call, and rolled back what it had done.
    case raised(OdooException)
    case failed(SinkError)

    /// As a sink tells it where a refusal was not to be expected.
    var sinkError: SinkError {
        switch self {
        case .raised(let exception): SinkError(.notApplied, "Odoo refused it: \(exception.text)")
        case .failed(let error): error
        }
    }
}

/// What Odoo said to a user who asked for something that isn't possible.
struct OdooException {
    /// Of Python's class, such as `odoo.exceptions.UserError`.
    var name: String
    /// On one line, cut.
    var text: String

    private static let charactersMax = 300

    init(name: String, _ texts: [String]) {
        self.name = name
        let whole = texts.flatMap { $0.split(whereSeparator: \.isNewline) }.map { String($0) }.joined(separator: " ")
        text = whole.count > Self.charactersMax ? whole.prefix(Self.charactersMax) + "…" : whole
    }
}

extension OdooException {
    /// Whether only another moment is needed: `load` tells it like a refusal (PostgreSQL's messages for 40001, 40P01 and 55P03).
    var isOfRace: Bool {
        ["could not serialize access", "deadlock detected", "could not obtain lock"].contains { text.contains($0) }
    }
}

/// Reads what Odoo answered to one call. Performs nothing.
///
/// JSON-2 answers with the bare result, or with a status of 400 or above and `{"name", "message", "debug"}`; JSON-RPC always with 200 and
/// `{"result"}` or `{"error": {"data": {"name", "message", "debug"}}}`. `debug` shows Odoo's own files and is never repeated.
/// Source: odoo 19.0, `http.py` (`Json2Dispatcher`, `JsonRPCDispatcher`).
struct OdooAnswer {
    let response: HTTPResponse
    /// Names the call in messages.
    let title: String
    let reads: Bool

    /// Of JSON-2.
    func value() throws(OdooFailure) -> JSONValue {
        let body = try? JSONValue(parsing: response.body)
        if response.status == 200 {
            guard let body else { throw lost("was answered with 200, but not with JSON") }
            return body
        }
        if response.status == 401 {
            throw .failed(SinkError(.unauthorized, "\(title): Odoo refused the API key"))
        }
        guard let name = body?["name"]?.stringValue else {
            if response.status == 404 {
                let doubt = "is the database named, and is it version 19 or later?"
                throw .failed(SinkError(.misconfigured, "\(title) was answered with 404: \(doubt)"))
            }
            throw unexplained
        }
        throw failure(name, body?["message"]?.stringValue ?? "")
    }

    /// Of JSON-RPC.
    func result() throws(OdooFailure) -> JSONValue {
        guard response.status == 200 else {
            if [404, 405].contains(response.status) {
                let doubt = "is Odoo at that address?"
                throw .failed(SinkError(.misconfigured, "\(title) was answered with \(response.status): \(doubt)"))
            }
            throw unexplained
        }
        guard let object = (try? JSONValue(parsing: response.body))?.objectValue else {
            throw lost("was answered with 200, but not with JSON")
        }
        if let error = object["error"] {
            let data = error["data"]
            throw failure(data?["name"]?.stringValue ?? "", data?["message"]?.stringValue ?? "")
        }
        // A method without a result has none.
        return object["result"] ?? .null
    }

    private func lost(_ what: String) -> OdooFailure {
        .failed(SinkError(reads ? .notApplied : .unknownOutcome, "\(title) \(what)"))
    }

    private var unexplained: OdooFailure {
        let isOutage = reads && [502, 503, 504].contains(response.status)
        return isOutage
            ? .failed(SinkError(.unavailable, "\(title) was answered with \(response.status)"))
            : lost("was answered with \(response.status)")
    }

    private func failure(_ name: String, _ message: String) -> OdooFailure {
        switch name {
        case "odoo.exceptions.AccessDenied":
            .failed(SinkError(.unauthorized, "\(title): Odoo refused the user or its key"))
        case "odoo.exceptions.AccessError":
            .failed(SinkError(.misconfigured, "\(title): \(OdooException(name: name, [message]).text)"))
        case "psycopg2.OperationalError" where message.contains("does not exist"):
            .failed(SinkError(.misconfigured, "\(title): Odoo has no such database"))
        // Odoo itself tried again a few times; PostgreSQL rolled all of it back.
        case _ where name.hasPrefix("psycopg2.errors."):
            .failed(SinkError(.notApplied, "\(title): somebody else changed it in Odoo at the same moment"))
        case "odoo.exceptions.LockError":
            .failed(SinkError(.notApplied, "\(title): somebody else holds it in Odoo"))
        case _ where name.hasPrefix("odoo.exceptions.") || name.hasPrefix("builtins.") && reads:
            .raised(OdooException(name: name, [message]))
        case _ where name.hasPrefix("werkzeug.exceptions."):
            .failed(SinkError(.misconfigured, "\(title): \(OdooException(name: name, [message]).text)"))
        default: lost("failed with an error of Odoo's own")
        }
    }
}
