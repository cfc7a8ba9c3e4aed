import Orders
import SinkKit

extension TrytonSale {
    /// Whether the sale is the order's, and its sum ours.
    ///
    /// - Returns: in words that follow "in which"; `nil` where there is no difference.
    func difference(
        from order: SinkOrder, _ catalog: TrytonCatalog, _ facts: TrytonFacts, defaultCurrency: String?
    ) -> String? {
        let comparison = OrderComparison(order: order, catalog: catalog.named, units: facts.units)
        return comparison.difference(inCurrency: currency, default: defaultCurrency) ?? comparison.difference(in: lines)
            ?? comparison.difference(inSum: untaxedAmount, step: currency.flatMap { facts.currencies[$0]?.rounding })
    }
}
