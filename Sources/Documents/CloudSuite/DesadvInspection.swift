import Orders
import XMLKit

/// All that is wrong with a delivery message that anybody may have made, each fault with the line it stands in. Reads on after a fault,
/// which ``DesadvDocument/init(_:)`` doesn't.
struct DesadvInspection {
    private(set) var faults: [DocumentFault] = []

    /// - Parameter root: the element `Desadv`.
    init(_ root: XMLElement) {
        if let header = child("DesadvHeader", of: root) { inspect(header: header) }
        guard let detail = child("DesadvDetail", of: root), let packaging = child("Packaging", of: detail),
            let lines = child("LineItems", of: packaging)
        else { return }
        let items = lines.elements("Item")
        if items.isEmpty { add(lines, "there is nothing in the shipment") }
        for item in items { inspect(item: item) }
    }

    private mutating func inspect(header: XMLElement) {
        mandatory("DesadvNumber", of: header)
        for name in ["DesadvDate", "PlannedDeliveryDate"] {
            guard let day = child(name, of: header), CalendarDate(iso: day.text) == nil else { continue }
            add(day, in: header, "'\(day.text.prefix(40))' is not a date such as 2025-03-01")
        }
        guard let transport = child("TransportDetails", of: header) else { return }
        // Both may be empty.
        _ = child("TransportModeCode", of: transport)
        _ = child("MeansOfTransport", of: transport).map { child("Identification", of: $0) }
    }

    private mutating func inspect(item: XMLElement) {
        if let number = child("ItemNum", of: item), !(Int64(number.text).map { (1...Int64(Int32.max)).contains($0) } ?? false) {
            add(number, in: item, "'\(number.text.prefix(40))' is not a line number")
        }
        mandatory("OrderNum", of: item)
        mandatory("SellerItemID", of: item)
        guard let element = child("QuantityValue", of: item) else { return }
        guard let quantity = try? ExactDecimal(element.text) else {
            return add(element, in: item, "'\(element.text.prefix(40))' is not a decimal")
        }
        var found = FaultList()
        found.requirePositive(quantity, "")
        if let message = DesadvDocument.hasRoom(for: quantity) { found.add("", message) }
        for fault in found.faults { add(element, in: item, fault.message) }
    }

    private mutating func mandatory(_ name: String, of parent: XMLElement) {
        guard let element = child(name, of: parent), element.text.allSatisfy(\.isWhitespace) else { return }
        add(element, in: parent, "a mandatory value is missing")
    }

    /// `nil` after a fault.
    private mutating func child(_ name: String, of parent: XMLElement) -> XMLElement? {
        do throws(DocumentFault) { return try parent.child(name) } catch {
            faults.append(DocumentFault(element: "line \(parent.line), \(error.element)", error.message))
            return nil
        }
    }

    private mutating func add(_ element: XMLElement, in parent: XMLElement? = nil, _ message: String) {
        let path = (parent.map { "\($0.name)/" } ?? "") + element.name
        faults.append(DocumentFault(element: "line \(element.line), \(path)", message))
    }
}
