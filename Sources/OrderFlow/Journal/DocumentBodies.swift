import Orders
import SinkKit

// The stored bodies of what happens to documents; see JournalCoding.swift for the rule that governs them.

extension DocumentCause {
    private enum Word: String { case confirmation, shipment, status, codes, orderResponse = "order_response" }

    var json: JSONObject {
        switch self {
        case .confirmation(let number): Self.json(.confirmation, number)
        case .orderResponse(let number): Self.json(.orderResponse, number)
        case .shipment(let id): Self.json(.shipment, id)
        case .status(let moment): Self.json(.status, moment.rawValue)
        case .codes(let number): Self.json(.codes, number)
        }
    }

    private static func json(_ word: Word, _ of: String) -> JSONObject {
        JSONObject([("cause", .text(word.rawValue)), ("of", .text(of))])
    }

    init(_ fields: JournalFields) throws(JournalFormatError) {
        let of = try fields.text("of")
        switch try fields.word("cause", Word.self) {
        case .confirmation: self = .confirmation(erpOrderNumber: of)
        case .orderResponse: self = .orderResponse(erpOrderNumber: of)
        case .shipment: self = .shipment(of)
        case .codes: self = .codes(erpOrderNumber: of)
        case .status:
            self = .status(try fields.word("of"))
        }
    }
}

extension DocumentRecord {
    var json: JSONObject {
        var object = JSONObject([
            ("ordinal", .integer(ordinal)), ("kind", .text(kind.rawValue)), ("number", .text(number)), ("digest", .text(digest)),
        ])
        if let messageNumber { object.append("message_number", .text(messageNumber)) }
        for member in cause.json.members { object[member.name.value] = member.value }
        if let shipmentDigest { object.append("shipment_digest", .text(shipmentDigest)) }
        return object
    }

    init(_ fields: JournalFields) throws(JournalFormatError) {
        self.init(
            ordinal: try fields.integer("ordinal"), kind: try fields.word("kind"), number: try fields.text("number"),
            messageNumber: try fields.optionalText("message_number"), cause: try DocumentCause(fields),
            digest: try fields.text("digest"),
            shipmentDigest: try fields.optionalText("shipment_digest"))
    }
}

extension DocumentEnd {
    private enum Word: String { case sent, acknowledged, refused, notSent = "not_sent", unknown }

    func json(ordinal: Int) -> JSONObject {
        let (word, message): (Word, String?) =
            switch self {
            case .sent: (.sent, nil)
            case .acknowledged: (.acknowledged, nil)
            case .refused(let message): (.refused, message)
            case .notSent(let message): (.notSent, message)
            case .unknown(let message): (.unknown, message)
            }
        var object = JSONObject([("ordinal", .integer(ordinal)), ("end", .text(word.rawValue))])
        if let message { object.append("message", .text(message)) }
        return object
    }

    init(_ fields: JournalFields) throws(JournalFormatError) {
        switch try fields.word("end", Word.self) {
        case .sent: self = .sent
        case .acknowledged: self = .acknowledged
        case .refused: self = .refused(try fields.text("message"))
        case .notSent: self = .notSent(try fields.text("message"))
        case .unknown: self = .unknown(try fields.text("message"))
        }
    }
}

extension KnownShipments {
    var json: JSONObject {
        var object = JSONObject([
            ("ordered", ordered.json),
            (
                "shipments",
                .array(
                    shipments.map { shipment in
                        .object(
                            JSONObject([
                                ("id", .text(shipment.id)), ("digest", .text(shipment.digest)), ("lines", shipment.lines.json),
                            ]))
                    })
            ),
            ("closed_lines", .array(closedLines.map { .text($0) })),
        ])
        if isCancelled { object.append("cancelled", .bool(true)) }
        return object
    }

    init(_ fields: JournalFields) throws(JournalFormatError) {
        self.init(ordered: try fields.quantities("ordered"))
        for stored in try fields.array("shipments") {
            guard let object = stored.objectValue else { throw fields.fault("shipments") }
            let shipment = JournalFields(kind: fields.kind, object: object)
            shipments.append(
                KnownShipment(
                    id: try shipment.text("id"), digest: try shipment.text("digest"), lines: try shipment.quantities("lines")))
        }
        isCancelled = try fields.optionalBool("cancelled") ?? false
        for stored in try fields.array("closed_lines") {
            guard let key = stored.stringValue else { throw fields.fault("closed_lines") }
            closedLines.append(key)
        }
    }
}

extension [LineQuantity] {
    fileprivate var json: JSONValue { .array(map { .array([.text($0.key), .text($0.quantity.spelling)]) }) }
}

extension JournalFields {
    /// Pairs of a line's key and a decimal as text.
    fileprivate func quantities(_ member: String) throws(JournalFormatError) -> [LineQuantity] {
        var quantities: [LineQuantity] = []
        for stored in try array(member) {
            guard let pair = stored.arrayValue, pair.count == 2, let key = pair[0].stringValue,
                let quantity = pair[1].stringValue.flatMap({ try? ExactDecimal($0) })
            else { throw fault(member) }
            quantities.append(LineQuantity(key: key, quantity: quantity))
        }
        return quantities
    }
}

extension JSONObject {
    func adding(_ name: String, _ value: JSONValue) -> JSONObject {
        var object = self
        object[name] = value
        return object
    }
}
