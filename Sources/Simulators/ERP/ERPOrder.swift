package import Orders

/// An order in the simulated ERP.
package struct ERPOrder: Sendable {
    /// E.g. `SO-000123`.
    package let number: String
    package let externalReference: String?
    package let createdUnixMicroseconds: Int64
    package internal(set) var state: String
    /// Customer and lines as they were posted, with each line's `number` (10, 20, …) and `status`.
    package let lines: [JSONValue]
    /// What was sent out, oldest first.
    package internal(set) var shipments: [ERPShipment] = []
    /// By number: the lines of which nothing further will be sent, whatever is left of them.
    package internal(set) var closedLineNumbers: Set<Int64> = []
    /// The other members of the posted document, spellings kept.
    private let document: JSONObject

    init(number: String, draft: ERPOrderDraft, configuration: ERPConfiguration, at now: Int64) {
        self.number = number
        externalReference = draft.externalReference
        createdUnixMicroseconds = now
        state = configuration.stateOfNewOrders
        lines = draft.lines.enumerated().map { index, line in
            var object = JSONObject([("line_id", line["line_id"] ?? .null), ("number", .integer((index + 1) * 10))])
            object["status"] = .text(configuration.status(ofLineWith: line["product"]?.stringValue ?? ""))
            for member in line.members where object[member.name.value] == nil { object[member.name.value] = member.value }
            return .object(object)
        }
        document = draft.document
    }

    /// What the API shows: `number`, `state`, `external_reference`, `lines`, then what else was posted.
    package var json: JSONValue {
        var object = JSONObject([
            ("number", .text(number)), ("state", .text(state)), ("external_reference", .text(externalReference)),
            ("lines", .array(lines)),
        ])
        for member in document.members where object[member.name.value] == nil { object[member.name.value] = member.value }
        return .object(object)
    }
}

/// What really happened under one external reference.
package struct ERPAuditEntry: Sendable, Equatable {
    /// Posts that came, whether they took effect or not.
    package internal(set) var posts = 0
    /// The orders made, in the order they were made.
    package internal(set) var orderNumbers: [String] = []
    /// When each of them was made.
    package internal(set) var createdUnixMicroseconds: [Int64] = []

    package var ordersCreated: Int { orderNumbers.count }

    var json: JSONValue {
        [
            "posts": .integer(posts), "orders_created": .integer(ordersCreated),
            "order_numbers": .array(orderNumbers.map { .text($0) }),
            "created_unix_microseconds": .array(createdUnixMicroseconds.map { .integer($0) }),
        ]
    }
}
