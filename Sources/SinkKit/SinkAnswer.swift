public import Orders

/// What became of a create.
public enum SinkAnswer: Sendable, Equatable {
    case accepted(SinkReceipt)
    /// Accepted for handling; ``ERPSink/poll(_:_:)`` tells the end.
    case pending(SinkTicket)
    /// Refused because of the order itself, with every fault there is; trying again without a change won't help.
    case rejected([SinkFault])
}

/// What an asynchronous sink hands out instead of a receipt.
public struct SinkTicket: Sendable, Equatable {
    public var text: String
    /// What was handed out so far; no part of ``text``, which stands in the journal. Each poll tells all of it again.
    public var deliverables: [SinkDeliverable] = []

    public init(_ text: String) { self.text = text }
}

/// One thing wrong with an order, in words for a person.
public struct SinkFault: Sendable, Equatable, CustomStringConvertible {
    /// Where, as a path into the order's JSON form, such as `lines[2].product`; empty for the order as a whole.
    public var path: String
    public var message: String

    public init(path: String = "", message: String) {
        self.path = path
        self.message = message
    }

    public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}

/// The proof that the ERP has the order.
public struct SinkReceipt: Sendable, Equatable {
    public enum State: String, Sendable {
        /// The ERP has it whole, but won't deliver before somebody lets it go.
        case draft
        case confirmed, cancelled
    }

    /// The number people use in the ERP.
    public var erpOrderNumber: String
    public var state: State
    /// One for every pushed line.
    public var lines: [SinkReceiptLine]
    /// The ERP's own total, where it tells one.
    public var total: ExactDecimal?
    /// Digital goods; no part of ``json``, which stands in the journal.
    public var deliverables: [SinkDeliverable] = []

    public init(erpOrderNumber: String, state: State = .confirmed, lines: [SinkReceiptLine], total: ExactDecimal? = nil) {
        self.erpOrderNumber = erpOrderNumber
        self.state = state
        self.lines = lines
        self.total = total
    }

    /// Whether the ERP took every line as it was sent.
    public var isWhole: Bool { lines.allSatisfy { $0.outcome == .accepted || $0.outcome == .backordered } }
}

extension SinkReceipt {
    /// The receipt with a line for every pushed one: those it says nothing of were taken as they were sent, without a number.
    ///
    /// For ERPs whose messages name an order and none of its lines.
    public func covering(_ order: SinkOrder) -> SinkReceipt {
        var receipt = self
        let covered = lines.map(\.lineKey)
        receipt.lines += order.order.lines.map(\.key).filter { !covered.contains($0) }.map {
            SinkReceiptLine(lineKey: $0, erpLineNumber: nil)
        }
        return receipt
    }
}

/// What the ERP made of one pushed line.
public struct SinkReceiptLine: Sendable, Equatable {
    public enum Outcome: String, Sendable { case accepted, changed, backordered, rejected }

    /// ``OrderLine/key`` of the pushed line.
    public var lineKey: String
    /// `nil` where the ERP gives its lines no numbers, or rejected the line.
    public var erpLineNumber: Int64?
    public var outcome: Outcome
    public var message: String?

    public init(lineKey: String, erpLineNumber: Int64?, outcome: Outcome = .accepted, message: String? = nil) {
        self.lineKey = lineKey
        self.erpLineNumber = erpLineNumber
        self.outcome = outcome
        self.message = message
    }
}

extension SinkReceipt {
    /// The receipt's wire form.
    public var json: JSONObject {
        var object = JSONObject([("erp_order_number", .text(erpOrderNumber)), ("state", .text(state.rawValue))])
        object.append(
            "lines",
            .array(
                lines.map { line in
                    var member = JSONObject([
                        ("line", .text(line.lineKey)), ("erp_line_number", line.erpLineNumber.map { .integer($0) } ?? .null),
                        ("outcome", .text(line.outcome.rawValue)),
                    ])
                    if let message = line.message { member.append("message", .text(message)) }
                    return .object(member)
                }))
        if let total { object.append("total", .text(total.spelling)) }
        return object
    }

    /// `nil` where the object has not the shape that ``json`` writes; members it doesn't know are passed over.
    public init?(json object: JSONObject) {
        guard let number = object["erp_order_number"]?.stringValue, let lines = object["lines"]?.arrayValue,
            let state = object["state"]?.stringValue.flatMap(State.init(rawValue:))
        else { return nil }
        self.init(erpOrderNumber: number, state: state, lines: [])
        for line in lines {
            guard let line = line.objectValue.flatMap(SinkReceiptLine.init(json:)) else { return nil }
            self.lines.append(line)
        }
        if let stated = object["total"], !stated.isNull {
            guard let total = stated.exactDecimal else { return nil }
            self.total = total
        }
    }
}

extension SinkReceiptLine {
    fileprivate init?(json object: JSONObject) {
        guard let key = object["line"]?.stringValue, let outcome = object["outcome"]?.stringValue.flatMap(Outcome.init(rawValue:))
        else { return nil }
        let number = object["erp_line_number"]
        self.init(lineKey: key, erpLineNumber: number?.integerValue, outcome: outcome, message: object["message"]?.stringValue)
        // A number that can't be read is not the same as none: its line would never get it in the shop.
        if erpLineNumber == nil, let number, !number.isNull { return nil }
    }
}
