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

    /// What the steps ask for.
    ///
    /// - Parameter receipt: what the ERP gave; `nil` for an order that never goes there, of which nothing can be told but
    ///   ``WriteStep/markSent``.
    package init(_ steps: [WriteStep], receipt: SinkReceipt?, close: ClosePolicy) {
        for step in steps {
            switch step {
            case .mark: state = receipt.map { _ in .processing }
            case .number: erpOrderNumber = receipt?.erpOrderNumber
            case .lines:
                for line in receipt?.lines ?? [] {
                    if let number = line.erpLineNumber { erpLineNumbers[line.lineKey] = number }
                }
            case .close:
                switch close {
                case .auto: shipmentState = .sent
                case .done: state = .done
                case .leave: break
                }
            case .markSent: shipmentState = .sent
            }
        }
    }

    /// Whether single fields won't do: lines can only be written with the whole order (CloudSuite, "Order JSON orderflow - states";
    /// whether PATCH takes them isn't documented).
    package var needsWholeOrder: Bool { !erpLineNumbers.isEmpty }

    /// Whether a member of the order, or of one of its lines, is one of those that are ours to write.
    ///
    /// - Parameter path: of the object that the member stands in; empty for the order itself.
    static func owns(_ name: String, in path: String) -> Bool {
        if path.isEmpty { return ["state", "erp_order_number", "shipment_state"].contains(name) }
        return name == "erp_line_number" && path.hasPrefix("order_lines[") && !path.contains(".")
    }

    /// The body of the PATCH. It never says `confirmed`, which would put the order back into the import.
    package var patch: JSONObject {
        var object = JSONObject()
        if let state, state != .confirmed { object["state"] = .text(state.rawValue) }
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
        if object["state"]?.stringValue == OrderState.confirmed.rawValue {
            object["state"] = .text(OrderState.processing.rawValue)
        }
        guard let lines = read["order_lines"]?.arrayValue else { return object }
        object["order_lines"] = .array(
            lines.enumerated().map { index, line in
                guard var line = line.objectValue else { return line }
                if let number = erpLineNumbers[OrderDecoder.key(of: line, at: index)] {
                    line["erp_line_number"] = .integer(number)
                }
                return .object(line)
            })
        return object
    }
}
