import Orders
import SinkKit

// The stored bodies, one extension a type; see JournalCoding.swift for the rule that governs them.

extension OrderReading {
    var json: JSONObject {
        var object = JSONObject([
            ("began_at", .integer(beganAt.milliseconds)), ("state", .text(state.rawValue)), ("content", .text(contentDigest)),
        ])
        if let payment { object.append("payment", .text(payment.rawValue)) }
        if let shipment { object.append("shipment", .text(shipment.rawValue)) }
        if let erpOrderNumber { object.append("erp_order_number", .text(erpOrderNumber)) }
        if let webshop { object.append("webshop", .integer(webshop)) }
        if let isOffline { object.append("offline", .bool(isOffline)) }
        if let reference { object.append("reference", .text(reference)) }
        if let confirmedAt { object.append("confirmed_at", .integer(confirmedAt.milliseconds)) }
        if let modifiedDate { object.append("modified_date", .text(modifiedDate)) }
        object.append(
            "lines", .array(lines.map { .array([.text($0.key), $0.erpLineNumber.map { .integer($0) } ?? .null]) }))
        if !faults.isEmpty { object.append("faults", faults.json) }
        if let totals { object.append("totals", .array([.text(totals.stated.spelling), .text(totals.summed.spelling)])) }
        return object
    }

    init(_ fields: JournalFields) throws(JournalFormatError) {
        self.init(
            beganAt: try fields.instant("began_at"), state: OrderState(rawValue: try fields.text("state")),
            contentDigest: try fields.text("content"))
        payment = try fields.optionalText("payment").map(PaymentStatus.init(rawValue:))
        shipment = try fields.optionalText("shipment").map(ShipmentState.init(rawValue:))
        erpOrderNumber = try fields.optionalText("erp_order_number")
        webshop = try fields.optionalInteger("webshop")
        isOffline = try fields.optionalBool("offline")
        reference = try fields.optionalText("reference")
        confirmedAt = try fields.optionalInstant("confirmed_at")
        modifiedDate = try fields.optionalText("modified_date")
        for line in try fields.array("lines") {
            guard let pair = line.arrayValue, pair.count == 2, let key = pair[0].stringValue else { throw fields.fault("lines") }
            let number = pair[1].integerValue
            guard number != nil || pair[1].isNull else { throw fields.fault("lines") }
            lines.append(LineNumber(key: key, erpLineNumber: number))
        }
        faults = try fields.faults("faults")
        if let pair = try fields.optionalArray("totals") {
            let amounts = pair.compactMap { $0.stringValue.flatMap { try? ExactDecimal($0) } }
            guard pair.count == 2, amounts.count == 2 else { throw fields.fault("totals") }
            totals = Totals(stated: amounts[0], summed: amounts[1])
        }
    }
}

extension [SinkFault] {
    var json: JSONValue {
        .array(map { .object(JSONObject([("path", .text($0.path)), ("message", .text($0.message))])) })
    }
}

extension Verdict {
    var json: JSONObject {
        var object = JSONObject([
            ("standing", .text(standing.rawValue)), ("reason", .text(reason.rawValue)), ("sentence", .text(sentence)),
        ])
        if let until { object.append("until", .integer(until.milliseconds)) }
        if !faults.isEmpty { object.append("faults", faults.json) }
        return object
    }

    init(_ fields: JournalFields) throws(JournalFormatError) {
        self.init(
            try fields.word("standing"), try fields.word("reason"), try fields.text("sentence"),
            until: try fields.optionalInstant("until"), faults: try fields.faults("faults"))
    }
}

extension CreateIntent {
    var json: JSONObject {
        var object = JSONObject([
            ("attempt", .integer(attempt)), ("generation", .integer(generation)), ("content", .text(contentDigest)),
            ("payload", .text(payloadDigest)),
        ])
        if !factors.isEmpty {
            object.append("factors", .array(factors.map { .array([.text($0.key), .text($0.factor.spelling)]) }))
        }
        if let ticket { object.append("ticket", .text(ticket)) }
        return object
    }

    init(_ fields: JournalFields) throws(JournalFormatError) {
        self.init(
            attempt: try fields.integer("attempt"), generation: try fields.integer("generation"),
            contentDigest: try fields.text("content"), payloadDigest: try fields.text("payload"),
            ticket: try fields.optionalText("ticket"))
        for pair in try fields.optionalArray("factors") ?? [] {
            guard let pair = pair.arrayValue, pair.count == 2, let key = pair[0].stringValue,
                let factor = pair[1].stringValue.flatMap({ try? ExactDecimal($0) })
            else { throw fields.fault("factors") }
            factors.append(LineFactor(key: key, factor: factor))
        }
    }
}

extension CreateEnd {
    private enum Word: String { case accepted, pending, rejected, notApplied = "not_applied", unknown }

    func json(attempt: Int) -> JSONObject {
        let (word, name, detail): (Word, String, JSONValue) =
            switch self {
            case .accepted(let receipt): (.accepted, "receipt", .object(receipt.json))
            case .pending(let ticket): (.pending, "ticket", .text(ticket.text))
            case .rejected(let faults): (.rejected, "faults", faults.json)
            case .lacking(let lack): (.rejected, "faults", lack.faults.json)
            case .notApplied(let message): (.notApplied, "message", .text(message))
            case .unknown(let message): (.unknown, "message", .text(message))
            }
        var object = JSONObject([("attempt", .integer(attempt)), ("end", .text(word.rawValue)), (name, detail)])
        if case .lacking(let lack) = self {
            object.append("prepared_with", .text(lack.preparedWith))
            if lack.isQuestion { object.append("question", .bool(true)) }
        }
        return object
    }

    init(_ fields: JournalFields) throws(JournalFormatError) {
        switch try fields.word("end", Word.self) {
        case .accepted: self = .accepted(try fields.receipt("receipt"))
        case .pending: self = .pending(SinkTicket(try fields.text("ticket")))
        case .rejected:
            let faults = try fields.faults("faults")
            guard let preparedWith = try fields.optionalText("prepared_with") else {
                self = .rejected(faults)
                return
            }
            let isQuestion = try fields.optionalBool("question") ?? false
            self = .lacking(Lack(faults: faults, preparedWith: preparedWith, isQuestion: isQuestion))
        case .notApplied: self = .notApplied(try fields.text("message"))
        case .unknown: self = .unknown(try fields.text("message"))
        }
    }
}

extension Failure {
    var json: JSONObject {
        var object = JSONObject([
            ("activity", .text(activity)), ("class", .text(failureClass.rawValue)), ("message", .text(message)),
        ])
        if let retryAt { object.append("retry_at", .integer(retryAt.milliseconds)) }
        return object
    }

    init(_ fields: JournalFields) throws(JournalFormatError) {
        self.init(
            activity: try fields.text("activity"), failureClass: try fields.word("class"), message: try fields.text("message"),
            retryAt: try fields.optionalInstant("retry_at"))
    }
}

extension PersonDecision {
    private enum Word: String { case hold, release, skip, adopt, rerun, createAgain = "create_again", newKey = "new_key", resend }

    private var word: Word {
        switch kind {
        case .hold: .hold
        case .release: .release
        case .skip: .skip
        case .adopt: .adopt
        case .rerun: .rerun
        case .createAgain: .createAgain
        case .newKey: .newKey
        case .resend: .resend
        }
    }

    /// The decision as one word, as the command is called.
    package var name: String { word.rawValue }

    var json: JSONObject {
        var object = JSONObject([("decision", .text(word.rawValue)), ("by", .text(by)), ("reason", .text(reason))])
        if case .adopt(let receipt) = kind { object["receipt"] = .object(receipt.json) }
        if case .resend(let ordinal) = kind { object["ordinal"] = .integer(ordinal) }
        return object
    }

    init(_ fields: JournalFields) throws(JournalFormatError) {
        let kind: Kind
        switch try fields.word("decision", Word.self) {
        case .hold: kind = .hold
        case .release: kind = .release
        case .skip: kind = .skip
        case .adopt: kind = .adopt(try fields.receipt("receipt"))
        case .rerun: kind = .rerun
        case .createAgain: kind = .createAgain
        case .newKey: kind = .newKey
        case .resend: kind = .resend(ordinal: try fields.integer("ordinal"))
        }
        self.init(kind: kind, by: try fields.text("by"), reason: try fields.text("reason"))
    }
}
