import Orders
import Settings
import SinkKit

/// A document for an ERP, made of an order by a template; with everything that keeps it from being made.
struct RESTBody {
    private(set) var json: JSONValue = .null
    private(set) var faults: [SinkFault] = []
    private let order: JSONValue
    private let key: String
    private let lines: [JSONValue]

    init(_ template: RESTTemplate, _ sent: SinkOrder) {
        order = .object(sent.json)
        key = sent.key.text
        let written = sent.json["lines"]?.arrayValue ?? []
        lines = zip(written, sent.order.lines).enumerated().map { index, pair in
            var line = pair.0.objectValue ?? JSONObject()
            line["erp"] = .object(sent.item(for: pair.1).json)
            line["number"] = .integer(index + 1)
            line["index"] = .integer(index)
            return .object(line)
        }
        json = filled(template, line: nil) ?? .null
    }

    /// `nil` where what stands here is to be left out.
    private mutating func filled(_ template: RESTTemplate, line: Int?) -> JSONValue? {
        switch template {
        case .constant(let value): return value
        case .place(let place): return value(of: place, line: line)
        case .text(let parts):
            var text = ""
            for part in parts {
                switch part {
                case .literal(let literal): text += literal
                case .place(let place):
                    guard let value = value(of: place, line: line) else { return nil }
                    text += value.plainText ?? value.compactText
                }
            }
            return .text(text)
        case .object(let members):
            var object = JSONObject()
            for member in members {
                if let value = filled(member.value, line: line) { object.append(member.name, value) }
            }
            return .object(object)
        case .array(let elements): return .array(elements.compactMap { filled($0, line: line) })
        case .eachLine(let element): return .array(lines.indices.compactMap { filled(element, line: $0) })
        }
    }

    private mutating func value(of place: RESTTemplate.Place, line: Int?) -> JSONValue? {
        let root: JSONValue? =
            switch place.root {
            case .order: order
            case .line: line.map { lines[$0] }
            case .key: .text(key)
            }
        let found = place.path.reduce(root) { $0?[$1] }
        let isEmpty = found == nil || found == .null || found?.stringValue?.isEmpty == true
        guard let found, !isEmpty else {
            if !place.mayBeMissing { add("is missing, and the ERP wants it", place, line) }
            return nil
        }
        return written(found, place, line)
    }

    private mutating func written(_ value: JSONValue, _ place: RESTTemplate.Place, _ line: Int?) -> JSONValue? {
        switch place.form {
        case .asItIs: return value
        case .text(let charactersMax):
            guard let text = value.plainText else { return refused("is \(value.kindName), not a text", place, line) }
            guard text.unicodeScalars.count <= charactersMax else {
                return refused(
                    "has \(text.unicodeScalars.count) characters, more than the \(charactersMax) there is room for", place, line)
            }
            return .text(text)
        case .number(let digitsMax, let fractionDigitsMax):
            guard let decimal = value.decimal else { return refused("isn't a number", place, line) }
            let text = decimal.plainSpelling
            let digits = text.drop { "-0.".contains($0) }.count { $0.isNumber }
            if let digitsMax, digits > digitsMax {
                return refused("has \(digits) digits, more than the \(digitsMax) that the ERP holds", place, line)
            }
            if let fractionDigitsMax, decimal.fractionDigits > fractionDigitsMax {
                return refused(
                    "\(text) has \(decimal.fractionDigits) digits behind the point, more than the \(fractionDigitsMax) that the ERP holds",
                    place, line)
            }
            return .number(JSONNumber(spelling: text))
        case .integer:
            guard let number = value.plainText.flatMap(Int64.init) else { return refused("isn't a whole number", place, line) }
            return .integer(number)
        case .date:
            guard let text = value.stringValue, text.prefix(10).wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil else {
                return refused("isn't a date", place, line)
            }
            return .text(String(text.prefix(10)))
        }
    }

    private mutating func refused(_ message: String, _ place: RESTTemplate.Place, _ line: Int?) -> JSONValue? {
        add(message, place, line)
        return nil
    }

    private mutating func add(_ message: String, _ place: RESTTemplate.Place, _ line: Int?) {
        let inner = place.path.joined(separator: ".")
        let path = if let line { place.root == .line ? "lines[\(line)].\(inner)" : inner } else { inner }
        let fault = SinkFault(path: place.root == .key ? "key" : path, message: message)
        if !faults.contains(fault) { faults.append(fault) }
    }
}
