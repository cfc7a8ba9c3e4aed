import Orders
import SinkKit

/// An order in Odoo's words, or all that keeps it from being put in them. Reads nothing and writes nothing.
struct OdooDraft: Sendable {
    let lines: [ERPLine]
    private(set) var faults: [SinkFault]

    init(_ order: SinkOrder, _ catalog: OdooCatalog, _ facts: OdooFacts, currency: String) {
        let read = LineReader.read(order, catalog.named, facts.limits)
        (lines, faults) = (read.lines, read.faults)
        if facts.currencies[currency] == nil {
            faults.insert(SinkFault(path: "currency", message: "Odoo has no currency \(currency) in use"), at: 0)
        }
        for (index, line) in order.order.lines.enumerated() {
            let item = order.item(for: line)
            let path = LineReader.path(of: line, at: index, in: order)
            for tax in item.taxes where catalog.includedTaxes.contains(tax) {
                let message = "Odoo's tax '\(tax)' is contained in prices, and isn't in ours"
                faults.append(SinkFault(path: "\(path).taxes", message: message))
            }
            if let fault = stockFault(item, catalog, facts) { faults.append(SinkFault(path: "\(path).quantity", message: fault)) }
        }
    }

    /// The warehouse reckons in the product's own unit, and rounds what it makes of the line's: 5 g to 0.01 kg.
    private func stockFault(_ item: SinkItem, _ catalog: OdooCatalog, _ facts: OdooFacts) -> String? {
        guard let product = catalog.named.products[item.productCode]?.first, catalog.goods.contains(product.id),
            let unit = item.unit.flatMap({ facts.units.unit(named: $0) }), unit.id != product.unit,
            item.quantity.fractionDigits <= unit.digits, let stock = facts.units[product.unit],
            let converted = facts.units.convert(item.quantity, from: unit.id, to: stock.id, digits: 9),
            converted.fractionDigits > stock.digits
        else { return nil }
        return "\(item.quantity) \(unit.name) are \(converted) \(stock.name) in stock, where Odoo keeps \(stock.digits) digits"
    }
}

/// An order that was looked at from all sides, before anything is written.
struct OdooPreparation: Sendable {
    let draft: OdooDraft
    let parties: OdooParties.Plan
    /// That brings a currency other than the company's own with it; its prices don't matter.
    let pricelist: Int64?
    let currencyFault: SinkFault?

    /// In the order's order: its head, its parties, its lines.
    var faults: [SinkFault] {
        let isOfLine = { (fault: SinkFault) in fault.path.hasPrefix("lines") }
        return draft.faults.filter { !isOfLine($0) } + [currencyFault].compactMap(\.self) + parties.faults
            + draft.faults.filter(isOfLine)
    }
}
