import Orders

/// The stored form of what came of asking the ERP to cancel.
extension CancelEnd {
    private enum Word: String {
        case cancelled, refused, unknown
        case notApplied = "not_applied"
    }

    var json: JSONObject {
        func object(_ word: Word, _ why: String?) -> JSONObject {
            var object = JSONObject([("end", .text(word.rawValue))])
            if let why { object.append("why", .text(why)) }
            return object
        }
        switch self {
        case .cancelled: return object(.cancelled, nil)
        case .refused(let why): return object(.refused, why)
        case .notApplied(let why): return object(.notApplied, why)
        case .unknown(let why, let until):
            return object(.unknown, why).adding("until_ms", .integer(until.milliseconds))
        }
    }

    init(_ fields: JournalFields) throws(JournalFormatError) {
        switch try fields.word("end", Word.self) {
        case .cancelled: self = .cancelled
        case .refused: self = .refused(try fields.text("why"))
        case .notApplied: self = .notApplied(try fields.text("why"))
        case .unknown: self = .unknown(try fields.text("why"), until: try fields.instant("until_ms"))
        }
    }
}
