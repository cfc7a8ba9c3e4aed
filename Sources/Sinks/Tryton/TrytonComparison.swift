import Orders
import SinkKit

/// Whether a sale is the order's, line by line, and whether its sum is ours.
struct TrytonComparison {
    /// In words that follow "in which"; `nil` where there is none.
    let difference: String?

    init(_ sale: TrytonSale, _ order: SinkOrder, _ catalog: TrytonCatalog, _ facts: TrytonFacts, defaultCurrency: String?) {
        difference =
            Self.head(sale, order, defaultCurrency) ?? Self.lines(sale, order, catalog, facts) ?? Self.total(sale, order, facts)
    }

    private static func head(_ sale: TrytonSale, _ order: SinkOrder, _ defaultCurrency: String?) -> String? {
        let currency = order.order.currency ?? defaultCurrency
        return currency == sale.currency ? nil : "the currency is \(sale.currency ?? "missing") and not \(currency ?? "missing")"
    }

    private static func lines(_ sale: TrytonSale, _ order: SinkOrder, _ catalog: TrytonCatalog, _ facts: TrytonFacts) -> String? {
        let sent = order.order.lines
        guard sale.lines.count == sent.count else { return "there are \(sale.lines.count) lines and not \(sent.count)" }
        for line in sent {
            let same = sale.lines.filter { $0.key == line.key }
            guard same.count == 1, let there = same.first else { return "line \(line.key) stands \(same.count) times" }
            let item = order.item(for: line)
            let products = catalog.products[item.productCode] ?? []
            // A product that can't be had any more is known by its code still.
            guard products.contains(where: { $0.id == there.product }) || there.productCode == item.productCode else {
                return "line \(line.key) is of another product"
            }
            if there.quantity != item.quantity {
                return "line \(line.key) has the quantity \(there.quantity) and not \(item.quantity)"
            }
            if there.unitPrice != item.unitPrice {
                return "line \(line.key) has the price \(there.unitPrice) and not \(item.unitPrice?.spelling ?? "none")"
            }
            let unit = item.unit.flatMap { facts.unit(named: $0)?.id } ?? products.first?.unit
            if let unit, there.unit != unit { return "line \(line.key) is in another unit" }
        }
        return nil
    }

    /// Tryton rounds each line, and others may reckon otherwise: a cent for each line is no difference, and two never are.
    private static func total(_ sale: TrytonSale, _ order: SinkOrder, _ facts: TrytonFacts) -> String? {
        let exact = order.order.lines.map(order.item).reduce(ExactDecimal?.some(.zero)) { sum, item in
            item.unitPrice.flatMap { item.quantity.multiplied(by: $0) }.flatMap { sum?.adding($0) }
        }
        guard let exact, let there = sale.untaxedAmount, let gap = exact.subtracting(there)?.magnitude,
            let step = sale.currency.flatMap({ facts.currencies[$0]?.rounding }),
            let tolerance = step.multiplied(by: ExactDecimal(max(sale.lines.count, 2)))
        else { return "the sum can't be compared" }
        return gap <= tolerance ? nil : "the lines come to \(there), and ours to \(exact)"
    }
}
