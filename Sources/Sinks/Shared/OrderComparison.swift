import Orders
import SinkKit

/// A line as it stands in an ERP.
protocol HeldLine {
    /// Of the shop's line; `nil` where somebody added the line in the ERP.
    var key: String? { get }
    var product: Int64? { get }
    var productCode: String? { get }
    var quantity: ExactDecimal { get }
    var unit: Int64? { get }
    var unitPrice: ExactDecimal { get }
}

/// Whether what stands in an ERP is the order's, line by line, and whether its sum is ours. Answers are in words that follow "in which".
struct OrderComparison {
    let order: SinkOrder
    let catalog: ProductCatalog
    let units: UnitTable

    func difference(in lines: [some HeldLine]) -> String? {
        let sent = order.order.lines
        guard lines.count == sent.count else { return "there are \(lines.count) lines and not \(sent.count)" }
        for line in sent {
            let same = lines.filter { $0.key == line.key }
            guard same.count == 1, let there = same.first else { return "line \(line.key) stands \(same.count) times" }
            if let difference = difference(of: there, order.item(for: line)) { return "line \(line.key) \(difference)" }
        }
        return nil
    }

    private func difference(of there: some HeldLine, _ item: SinkItem) -> String? {
        let products = catalog.products[item.productCode] ?? []
        // A product that can't be had any more is known by its code still.
        guard products.contains(where: { $0.id == there.product }) || there.productCode == item.productCode else {
            return "is of another product"
        }
        if there.quantity != item.quantity { return "has the quantity \(there.quantity) and not \(item.quantity)" }
        if there.unitPrice != item.unitPrice {
            return "has the price \(there.unitPrice) and not \(item.unitPrice?.spelling ?? "none")"
        }
        let unit = item.unit.flatMap { units.unit(named: $0)?.id } ?? products.first?.unit
        if let unit, there.unit != unit { return "is in another unit" }
        return nil
    }

    /// ERPs round, each in its way: a step of the currency for each line is no difference, and two never are.
    ///
    /// - Parameters:
    ///   - sum: without tax.
    ///   - step: the smallest amount of the currency.
    func difference(inSum sum: ExactDecimal?, step: ExactDecimal?) -> String? {
        let items = order.order.lines.map(order.item)
        let exact = items.reduce(ExactDecimal?.some(.zero)) { sum, item in
            item.unitPrice.flatMap { item.quantity.multiplied(by: $0) }.flatMap { sum?.adding($0) }
        }
        guard let exact, let sum, let gap = exact.subtracting(sum)?.magnitude,
            let tolerance = step?.multiplied(by: ExactDecimal(max(items.count, 2)))
        else { return "the sum can't be compared" }
        return gap <= tolerance ? nil : "the lines come to \(sum), and ours to \(exact)"
    }

    func difference(inCurrency held: String?, default fallback: String?) -> String? {
        let currency = order.order.currency ?? fallback
        return currency == held ? nil : "the currency is \(held ?? "missing") and not \(currency ?? "missing")"
    }
}
