package import OrderFlow
package import Orders
package import SinkKit

/// What we write into a shop order, and nothing else: `state`, `erp_order_number`, `erp_line_number` and `shipment_state`.
package struct OrderEdit: Sendable, Equatable {
    package var state: OrderState?
    package var erpOrderNumber: String?
    /// By ``Orders/OrderLine/key``.
    package var erpLineNumbers: [String: Int64] = [:]
    package var shipmentState: ShipmentState?

    package init() {}

    /// What the steps ask for once the ERP has given `receipt`.
    package init(_ steps: [WriteStep], receipt: SinkReceipt, close: ClosePolicy) {
        for step in steps {
            switch step {
            case .mark: state = .processing
            case .number: erpOrderNumber = receipt.erpOrderNumber
            case .lines:
                for line in receipt.lines {
                    if let number = line.erpLineNumber { erpLineNumbers[line.lineKey] = number }
                }
            case .close:
                switch close {
                case .shipmentSent: shipmentState = .sent
                case .stateDone: state = .done
                case .leave: break
                }
            }
        }
    }

    /// Whether single fields won't do: lines can only be written with the whole order (CloudSuite, "Order JSON orderflow - states";
    /// whether PATCH takes them isn't documented).
    package var needsWholeOrder: Bool { !erpLineNumbers.isEmpty }

    /// The body of the PATCH.
    package var patch: JSONObject {
        var object = JSONObject()
        if let state { object["state"] = .text(state.rawValue) }
        if let erpOrderNumber { object["erp_order_number"] = .text(erpOrderNumber) }
        if let shipmentState { object["shipment_state"] = .text(shipmentState.rawValue) }
        return object
    }

    /// The body of the PUT: everything that was just read, in its spelling and order, with our fields changed.
    ///
    /// PUT replaces the whole order, so what is left out is gone; and a body that says `confirmed`, as the documented sample
    /// does, would put the order back into the import.
    package func replacement(for read: JSONObject) -> JSONObject {
        var object = read
        for member in patch.members { object[member.name.value] = member.value }
        if object["state"]?.stringValue == OrderState.confirmed.rawValue { object["state"] = .text(OrderState.processing.rawValue) }
        guard let lines = read["order_lines"]?.arrayValue else { return object }
        object["order_lines"] = .array(
            lines.enumerated().map { index, line in
                guard var line = line.objectValue else { return line }
                let key = line["id"]?.integerValue.map { "id:\($0)" } ?? "position:\(index + 1)"
                if let number = erpLineNumbers[key] { line["erp_line_number"] = .integer(number) }
                return .object(line)
            })
        return object
    }
}

/// Finds what somebody else changed while we wrote.
package enum OrderComparison {
    /// The paths at which `answered` differs from what was `sent`, in values, not in spelling; at most 20.
    ///
    /// - Parameter volatile: members the shop changes by itself, such as `modified_date`, at any depth.
    package static func differences(sent: JSONObject, answered: JSONObject, volatile: [String]) -> [String] {
        var paths: [String] = []
        compare(.object(sent), .object(answered), path: "", volatile: volatile, &paths)
        return Array(paths.prefix(20))
    }

    private static func compare(_ sent: JSONValue, _ answered: JSONValue, path: String, volatile: [String], _ paths: inout [String]) {
        switch (sent, answered) {
        case (.object(let left), .object(let right)):
            for member in left.members where !volatile.contains(member.name.value) {
                let inner = path.isEmpty ? member.name.value : "\(path).\(member.name.value)"
                compare(member.value, right[member.name.value] ?? .null, path: inner, volatile: volatile, &paths)
            }
            for member in right.members where left[member.name.value] == nil && !volatile.contains(member.name.value) {
                if !member.value.isNull { paths.append(path.isEmpty ? member.name.value : "\(path).\(member.name.value)") }
            }
        case (.array(let left), .array(let right)):
            if left.count != right.count { paths.append("\(path) (\(left.count) entries sent, \(right.count) found)") }
            for (index, (first, second)) in zip(left, right).enumerated() {
                compare(first, second, path: "\(path)[\(index)]", volatile: volatile, &paths)
            }
        default:
            if !areEqual(sent, answered) { paths.append(path) }
        }
    }

    /// `12.50` and `12.5` are the same amount; a shop that writes numbers its own way hasn't been edited.
    private static func areEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
        if left == right { return true }
        guard let first = left.decimal, let second = right.decimal else { return false }
        return first == second
    }
}

extension JSONValue {
    fileprivate var decimal: ExactDecimal? {
        switch self {
        case .number(let number): try? ExactDecimal(number.spelling)
        case .string(let string): try? ExactDecimal(string.value)
        default: nil
        }
    }
}
