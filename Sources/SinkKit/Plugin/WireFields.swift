import Orders

/// A member of a message that is missing or not of its kind.
public struct PluginFormatError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Its place in `params` or `result`.
    public let member: String
    public let expected: String

    public var description: String { "the member '\(member)' should be \(expected)" }
}

/// Reads the members of a message's object.
struct WireFields {
    let object: JSONObject
    private let path: String

    init(_ object: JSONObject, path: String = "") {
        self.object = object
        self.path = path
    }

    func fault(_ name: String, _ expected: String) -> PluginFormatError {
        PluginFormatError(member: path.isEmpty ? name : "\(path).\(name)", expected: expected)
    }

    func has(_ name: String) -> Bool { object[name].map { !$0.isNull } ?? false }

    func text(_ name: String) throws(PluginFormatError) -> String {
        guard let text = object[name]?.stringValue else { throw fault(name, "a text") }
        return text
    }

    func optionalText(_ name: String) throws(PluginFormatError) -> String? { has(name) ? try text(name) : nil }

    func integer(_ name: String) throws(PluginFormatError) -> Int64 {
        guard let number = object[name]?.integerValue else { throw fault(name, "a whole number") }
        return number
    }

    /// A number of milliseconds from 0.
    func duration(_ name: String) throws(PluginFormatError) -> Duration {
        let number = try integer(name)
        guard number >= 0, number <= Int64.max / 1000 else { throw fault(name, "a number of milliseconds from 0") }
        return .milliseconds(number)
    }

    func optionalDuration(_ name: String) throws(PluginFormatError) -> Duration? { has(name) ? try duration(name) : nil }

    /// `false` where it is missing.
    func flag(_ name: String) throws(PluginFormatError) -> Bool {
        guard has(name) else { return false }
        guard let flag = object[name]?.boolValue else { throw fault(name, "true or false") }
        return flag
    }

    func value(_ name: String) throws(PluginFormatError) -> JSONObject {
        guard let value = object[name]?.objectValue else { throw fault(name, "an object") }
        return value
    }

    func fields(_ name: String) throws(PluginFormatError) -> WireFields {
        WireFields(try value(name), path: path.isEmpty ? name : "\(path).\(name)")
    }

    /// An empty list where it is missing and not required.
    func list(_ name: String, isRequired: Bool = false) throws(PluginFormatError) -> [WireFields] {
        guard isRequired || has(name) else { return [] }
        guard let elements = object[name]?.arrayValue else { throw fault(name, "a list of objects") }
        var list: [WireFields] = []
        for (index, element) in elements.enumerated() {
            guard let element = element.objectValue else { throw fault("\(name)[\(index)]", "an object") }
            list.append(WireFields(element, path: (path.isEmpty ? "" : "\(path).") + "\(name)[\(index)]"))
        }
        return list
    }

    func texts(_ name: String, isRequired: Bool = false) throws(PluginFormatError) -> [String] {
        guard isRequired || has(name) else { return [] }
        guard let elements = object[name]?.arrayValue else { throw fault(name, "a list of texts") }
        var texts: [String] = []
        for (index, element) in elements.enumerated() {
            guard let text = element.stringValue else { throw fault("\(name)[\(index)]", "a text") }
            texts.append(text)
        }
        return texts
    }

    func order(_ name: String) throws(PluginFormatError) -> SinkOrder {
        let object = try value(name)
        do { return try SinkOrder(json: object) } catch { throw fault("\(name).\(error.member)", "there, and of its kind") }
    }

    func receipt(_ name: String) throws(PluginFormatError) -> SinkReceipt {
        guard let receipt = SinkReceipt(json: try value(name)) else {
            throw fault(name, "a receipt: erp_order_number, state, and lines with line, erp_line_number, outcome")
        }
        return receipt
    }

    func key(_ name: String) throws(PluginFormatError) -> IdempotencyKey {
        let fields = try fields(name)
        let order = OrderKey(shop: try fields.text("shop"), orderID: try fields.integer("order_id"))
        let generation = fields.has("generation") ? try fields.integer("generation") : 1
        return IdempotencyKey(order: order, generation: Int(generation))
    }
}
