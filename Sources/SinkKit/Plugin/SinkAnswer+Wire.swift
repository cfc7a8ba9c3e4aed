public import Orders

// How an answer, its faults and its deliverables stand in a plugin's messages.

extension SinkAnswer {
    private enum Word: String { case accepted, pending, rejected }

    /// `{"answer": "accepted", "receipt", "deliverables"}`, `{"answer": "pending", "ticket", "deliverables"}` or
    /// `{"answer": "rejected", "faults": [{"path", "message"}]}`; without deliverables the member is left out.
    public var wireJSON: JSONObject {
        switch self {
        case .accepted(let receipt):
            return JSONObject([("answer", .text(Word.accepted.rawValue)), ("receipt", .object(receipt.json))])
                .with(receipt.deliverables)
        case .pending(let ticket):
            return JSONObject([("answer", .text(Word.pending.rawValue)), ("ticket", .text(ticket.text))]).with(
                ticket.deliverables)
        case .rejected(let faults):
            return JSONObject([("answer", .text(Word.rejected.rawValue)), ("faults", .array(faults.map(\.wireJSON)))])
        }
    }

    init(_ fields: WireFields) throws(PluginFormatError) {
        guard let word = Word(rawValue: try fields.text("answer")) else {
            throw fields.fault("answer", "accepted, pending or rejected")
        }
        switch word {
        case .accepted:
            var receipt = try fields.receipt("receipt")
            receipt.deliverables = try fields.deliverables
            self = .accepted(receipt)
        case .pending:
            var ticket = SinkTicket(try fields.text("ticket"))
            ticket.deliverables = try fields.deliverables
            self = .pending(ticket)
        case .rejected:
            let faults = try fields.faults("faults")
            guard !faults.isEmpty else { throw fields.fault("faults", "a list with at least one fault") }
            self = .rejected(faults)
        }
    }
}

extension SinkFault {
    var wireJSON: JSONValue { .object(JSONObject([("path", .text(path)), ("message", .text(message))])) }
}

extension JSONObject {
    /// With the deliverables behind the other members, where there are any.
    func with(_ deliverables: [SinkDeliverable]) -> JSONObject {
        guard !deliverables.isEmpty else { return self }
        var object = self
        object.append("deliverables", .array(deliverables.map(\.wireJSON)))
        return object
    }
}

extension SinkDeliverable {
    /// The one form in which the secret shows.
    fileprivate var wireJSON: JSONValue {
        .object(
            JSONObject([
                ("line", .text(lineKey)), ("unit", .integer(unit)), ("label", .text(label)), ("secret", .text(secret.reveal())),
            ]))
    }
}

extension WireFields {
    func faults(_ name: String) throws(PluginFormatError) -> [SinkFault] {
        var faults: [SinkFault] = []
        for fault in try list(name, isRequired: true) {
            faults.append(SinkFault(path: try fault.optionalText("path") ?? "", message: try fault.text("message")))
        }
        return faults
    }

    var deliverables: [SinkDeliverable] {
        get throws(PluginFormatError) {
            var deliverables: [SinkDeliverable] = []
            for entry in try list("deliverables") {
                let unit = try entry.integer("unit")
                guard unit >= 1 else { throw entry.fault("unit", "a whole number from 1") }
                deliverables.append(
                    SinkDeliverable(
                        lineKey: try entry.text("line"), unit: Int(unit), label: try entry.text("label"),
                        secret: SinkSecret(try entry.text("secret"))))
            }
            return deliverables
        }
    }
}
