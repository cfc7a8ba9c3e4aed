import Orders
import SinkKit

/// The stored form of what was taken in from messages.
extension MessageEntry {
    private enum Word: String {
        case answered, cancelled, contradicted
        case cancelRefused = "cancel_refused"
    }

    var json: JSONObject {
        var object = JSONObject([
            ("message", .text(name.message)), ("number", .integer(name.number)), ("digest", .text(digest)),
        ])
        switch effect {
        case .answered(let end):
            object.append("effect", .text(Word.answered.rawValue))
            object.append("answer", .object(end.json(attempt: 0)))
        case .cancelled(let why):
            object.append("effect", .text(Word.cancelled.rawValue))
            object.append("why", .text(why))
        case .cancelRefused(let why):
            object.append("effect", .text(Word.cancelRefused.rawValue))
            object.append("why", .text(why))
        case .contradicted(let objection):
            object.append("effect", .text(Word.contradicted.rawValue))
            object.append("reason", .text(objection.reason.rawValue))
            object.append("sentence", .text(objection.sentence))
        }
        return object
    }

    init(_ fields: JournalFields) throws(JournalFormatError) {
        let effect: Effect =
            switch try fields.word("effect", Word.self) {
            case .answered:
                .answered(try CreateEnd(JournalFields(kind: fields.kind, object: try fields.object("answer"))))
            case .cancelled: .cancelled(try fields.text("why"))
            case .cancelRefused: .cancelRefused(try fields.text("why"))
            case .contradicted:
                .contradicted(MessageObjection(reason: try fields.word("reason"), sentence: try fields.text("sentence")))
            }
        self.init(
            name: MessageName(message: try fields.text("message"), number: try fields.integer("number")),
            digest: try fields.text("digest"), effect: effect)
    }
}
