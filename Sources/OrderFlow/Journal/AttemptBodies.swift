import Orders
import SinkKit

/// The stored form of a sink's named attempts.
extension SinkAttemptName {
    var json: JSONObject {
        var object = JSONObject([("name", .text(name))])
        if !key.isEmpty { object.append("key", .text(key)) }
        return object
    }

    init(_ fields: JournalFields) throws(JournalFormatError) {
        self.init(try fields.text("name"), key: try fields.optionalText("key") ?? "")
    }
}

extension SinkAttemptEnd {
    private enum Outcome: String { case finished, notApplied = "not_applied", unknown }

    func json(_ attempt: SinkAttemptName) -> JSONObject {
        var object = attempt.json
        switch self {
        case .finished(let evidence):
            object.append("outcome", .text(Outcome.finished.rawValue))
            // As text, for what a sink wrote comes back to it as it was.
            object.append("evidence", .text(JSONValue.object(evidence).compactText))
        case .notApplied(let why):
            object.append("outcome", .text(Outcome.notApplied.rawValue))
            object.append("message", .text(why))
        case .unknown(let why):
            object.append("outcome", .text(Outcome.unknown.rawValue))
            object.append("message", .text(why))
        }
        return object
    }

    init(_ fields: JournalFields) throws(JournalFormatError) {
        self =
            switch try fields.word("outcome", Outcome.self) {
            case .finished: .finished(try Self.evidence(fields))
            case .notApplied: .notApplied(try fields.text("message"))
            case .unknown: .unknown(try fields.text("message"))
            }
    }

    private static func evidence(_ fields: JournalFields) throws(JournalFormatError) -> JSONObject {
        let text = try fields.text("evidence")
        guard let object = (try? JSONValue(parsing: Array(text.utf8)))?.objectValue else { throw fields.fault("evidence") }
        return object
    }
}
