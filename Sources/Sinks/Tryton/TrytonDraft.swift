import Orders
import SinkKit

/// The lines of an order in Tryton's words, or all that keeps it from being put in them. Reads nothing and writes nothing.
struct TrytonDraft: Sendable {
    struct Line: Sendable {
        let key: String
        let product: TrytonCatalog.Product
        let unit: Int64
        let quantity: ExactDecimal
        let unitPrice: ExactDecimal
        /// `nil`: those of the product, which Tryton is still to be asked for.
        let taxes: [Int64]?
    }

    private(set) var lines: [Line] = []
    private(set) var currency: TrytonFacts.Currency?
    private(set) var faults: [SinkFault] = []

    init(_ order: SinkOrder, _ catalog: TrytonCatalog, _ facts: TrytonFacts, defaultCurrency: String?) {
        readCurrency(order.order.currency ?? defaultCurrency, facts)
        readDates(order.order)
        if order.order.lines.isEmpty { faults.append(SinkFault(path: "lines", message: "there is nothing to be delivered")) }
        for (index, line) in order.order.lines.enumerated() {
            var reader = TrytonLineReader(
                item: order.item(for: line), path: "lines[\(index)]" + (order.items[line.key] == nil ? "" : ".erp"),
                catalog: catalog, facts: facts)
            if let read = reader.read(key: line.key) { lines.append(read) }
            faults += reader.faults
        }
    }

    private mutating func readCurrency(_ code: String?, _ facts: TrytonFacts) {
        guard let code else {
            faults.append(SinkFault(path: "currency", message: "neither the order nor the sink's settings name one"))
            return
        }
        currency = facts.currencies[code]
        if currency == nil { faults.append(SinkFault(path: "currency", message: "Tryton has no currency \(code)")) }
    }

    private mutating func readDates(_ order: Order) {
        guard let requested = order.requestedDeliveryDate, let ordered = order.confirmDate ?? order.orderDate else { return }
        // Tryton refuses it with the description of a form.
        if requested.prefix(10) < ordered.prefix(10) {
            faults.append(
                SinkFault(path: "requested_delivery_date", message: "\(requested.prefix(10)) is before the order's own date"))
        }
    }

    /// Exact, without tax, before Tryton rounds each line; `nil` where it can't be held.
    var total: ExactDecimal? {
        lines.reduce(ExactDecimal?.some(.zero)) { sum, line in
            line.quantity.multiplied(by: line.unitPrice).flatMap { sum?.adding($0) }
        }
    }
}

/// Reads one line.
struct TrytonLineReader {
    let item: SinkItem
    /// Of the item, in the order's JSON form.
    let path: String
    let catalog: TrytonCatalog
    let facts: TrytonFacts
    private(set) var faults: [SinkFault] = []

    init(item: SinkItem, path: String, catalog: TrytonCatalog, facts: TrytonFacts) {
        self.item = item
        self.path = path
        self.catalog = catalog
        self.facts = facts
    }

    mutating func read(key: String) -> TrytonDraft.Line? {
        let product = product()
        let unit = unit(of: product)
        readQuantity(unit)
        let price = price()
        let taxes = taxes()
        guard faults.isEmpty, let product, let unit, let price else { return nil }
        return TrytonDraft.Line(
            key: key, product: product, unit: unit.id, quantity: item.quantity, unitPrice: price,
            taxes: item.taxes.isEmpty ? nil : taxes)
    }

    private mutating func fault(_ member: String, _ message: String) {
        faults.append(SinkFault(path: "\(path).\(member)", message: message))
    }

    private mutating func product() -> TrytonCatalog.Product? {
        let found = catalog.products[item.productCode] ?? []
        guard let product = found.first else {
            fault("product", "Tryton has no product with the code or identifier '\(item.productCode)'")
            return nil
        }
        if found.count > 1 { fault("product", "Tryton has \(found.count) products called '\(item.productCode)'") }
        if !product.isSalable { fault("product", "Tryton doesn't sell '\(item.productCode)': it isn't marked as salable") }
        return product
    }

    private mutating func unit(of product: TrytonCatalog.Product?) -> TrytonFacts.Unit? {
        guard let name = item.unit else { return product.flatMap { facts.units[$0.unit] } }
        guard let unit = facts.unit(named: name) else {
            fault("unit", "Tryton has no unit '\(name)'")
            return nil
        }
        if let product, unit.category != product.unitCategory {
            fault("unit", "'\(item.productCode)' isn't measured in \(unit.name) in Tryton")
        }
        return unit
    }

    private mutating func readQuantity(_ unit: TrytonFacts.Unit?) {
        if !item.quantity.fitsBinaryFloat {
            return fault("quantity", "\(item.quantity) has more digits than Tryton holds exactly")
        }
        guard let unit, item.quantity.fractionDigits > unit.digits else { return }
        fault(
            "quantity", "\(item.quantity) is finer than Tryton's \(unit.name), which has \(unit.digits) digits behind the point")
    }

    private mutating func price() -> ExactDecimal? {
        guard let price = item.unitPrice else {
            fault("unit_price", "there is none")
            return nil
        }
        if price.fractionDigits > facts.priceDigits {
            fault("unit_price", "\(price) is finer than Tryton's prices, which have \(facts.priceDigits) digits behind the point")
        } else if price.significantDigits > Self.priceDigitsMax {
            fault("unit_price", "\(price) has more digits than Tryton reckons with")
        }
        return price
    }

    /// Tryton reckons with 28 digits (Python's decimal context); amounts are prices times quantities.
    private static let priceDigitsMax = 13

    private mutating func taxes() -> [Int64] {
        var ids: [Int64] = []
        for name in item.taxes {
            let found = catalog.taxes[name] ?? []
            if found.isEmpty { fault("taxes", "Tryton has no tax '\(name)'") }
            if found.count > 1 { fault("taxes", "Tryton has \(found.count) taxes called '\(name)'") }
            ids += found.prefix(1)
        }
        return ids
    }
}
