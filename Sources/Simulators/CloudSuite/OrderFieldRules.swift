internal import Orders

/// Which header fields a write may set, and what they may hold.
enum OrderFieldRules {
    static let shipmentStates = ["none", "waiting", "partially shipped", "sent", "exception"]
    /// The server's own: what a body says of them is passed over.
    static let serverOwned = ["id", "reference", "create_date", "modified_date"]
    static let patchable = [
        "state", "shipment_state", "erp_order_number", "customer_order_number", "description", "requested_delivery_date",
        "paid_amount",
    ]

    /// What is wrong with the header fields of a body, in Django REST framework's form: a list of messages by field.
    static func errors(in object: JSONObject, names: [String]) -> [(String, JSONValue)] {
        names.compactMap { name in
            guard let value = object[name], let message = message(name, value) else { return nil }
            return (name, [.text(message)])
        }
    }

    private static func message(_ name: String, _ value: JSONValue) -> String? {
        switch name {
        case "state": choice(value, of: OrderQuery.states)
        case "shipment_state": value.isNull ? nil : choice(value, of: shipmentStates)
        case "requested_delivery_date":
            value.isNull || value.stringValue.map { $0.utf8.count == 10 && NaiveDateTime($0) != nil } == true
                ? nil : "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."
        case "paid_amount": value.isNull || isDecimal(value) ? nil : "A valid number is required."
        default: value.isNull || value.stringValue != nil ? nil : "Not a valid string."
        }
    }

    private static func choice(_ value: JSONValue, of choices: [String]) -> String? {
        if value.isNull { return "This field may not be null." }
        if let text = value.stringValue, choices.contains(text) { return nil }
        return "\"\(value.stringValue ?? value.compactText)\" is not a valid choice."
    }

    /// A JSON number, or a string of digits with a sign and a point at most.
    static func isDecimal(_ value: JSONValue) -> Bool {
        switch value {
        case .number: return true
        case .string(let string):
            let digits = string.value.hasPrefix("-") ? string.value.dropFirst() : Substring(string.value)
            let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
            return (1...2).contains(parts.count) && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { ("0"..."9").contains($0) } }
        default: return false
        }
    }

    /// Errors of the lines, one object a line; `nil` when there are none.
    static func lineErrors(_ lines: [JSONValue]) -> JSONValue? {
        let errors = lines.map { line -> JSONValue in
            guard let object = line.objectValue else {
                return ["non_field_errors": ["Invalid data. Expected a dictionary."]]
            }
            let wrong = ["quantity", "unit_price"].filter { name in object[name].map { !$0.isNull && !isDecimal($0) } ?? false }
            return .object(JSONObject(wrong.map { ($0, ["A valid number is required."]) }))
        }
        return errors.contains { $0 != .object(JSONObject()) } ? .array(errors) : nil
    }
}

/// The ways from one state to another.
enum OrderTransition {
    private static let flow = ["draft", "quotation", "confirmed", "processing", "done"]

    static func isBackward(from old: String, to new: String) -> Bool {
        if old == "cancel" { return new != "cancel" }
        guard let before = flow.firstIndex(of: old), let after = flow.firstIndex(of: new) else { return false }
        return after < before
    }

    /// Tryton's table (reference, section 8.4).
    static func isAllowed(from old: String, to new: String) -> Bool {
        let ways = [
            "draft": ["quotation", "cancel"], "quotation": ["confirmed", "draft", "cancel"],
            "confirmed": ["processing", "draft"],
            "processing": ["done"], "done": ["processing"], "cancel": ["draft"],
        ]
        return old == new || ways[old]?.contains(new) == true
    }
}
