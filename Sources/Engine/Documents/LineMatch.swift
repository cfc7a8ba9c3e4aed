import Documents
import Orders
import SinkKit

/// Brings the shop's lines and the ERP's together, and gathers what doesn't fit. Its words hold nothing personal.
struct LineMatch {
    let order: Order
    let receipt: SinkReceipt
    private(set) var faults: [DocumentFault] = []

    init(_ order: Order, _ receipt: SinkReceipt) {
        self.order = order
        self.receipt = receipt
    }

    /// What people call the order.
    var orderName: String { order.reference ?? "id \(order.id)" }

    mutating func add(line: OrderLine? = nil, _ element: String, _ message: String) {
        faults.append(DocumentFault(order: orderName, line: line.map { Int64($0.position) }, element: element, message))
    }

    func throwIfAny() throws(DocumentFaults) {
        if !faults.isEmpty { throw DocumentFaults(faults: faults) }
    }

    /// The pushed line of that key.
    mutating func line(_ key: String, _ element: String) -> OrderLine? {
        let line = order.pushedLines.first { $0.key == key }
        if line == nil { add(element, "the order has no line '\(key)'") }
        return line
    }

    /// What the ERP said to a line.
    mutating func answer(to line: OrderLine) -> SinkReceiptLine? {
        let answer = receipt.lines.first { $0.lineKey == line.key }
        if answer == nil { add(line: line, "receipt", "the ERP's receipt doesn't name the line") }
        return answer
    }

    mutating func erpLineNumber(of line: OrderLine) -> Int64? {
        guard let answer = answer(to: line) else { return nil }
        if answer.erpLineNumber == nil { add(line: line, "ERP line number", "the ERP gave the line no number") }
        return answer.erpLineNumber
    }

    /// The order as documents name it, for those that can't do without the shop's reference.
    mutating func identity(needsReference: Bool) -> OrderIdentity {
        if needsReference, order.reference == nil { add("order number", "the shop gave the order no reference") }
        return OrderIdentity(number: orderName, erpNumber: receipt.erpOrderNumber)
    }

    static func article(_ line: OrderLine) -> Article { Article(sellerNumber: line.productKey, description: line.description) }
}
