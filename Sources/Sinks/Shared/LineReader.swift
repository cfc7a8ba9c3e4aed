import Orders
import SinkKit

/// What an ERP says about the products and taxes that an order names.
struct ProductCatalog: Sendable {
    struct Product: Sendable {
        let id: Int64
        let unit: Int64
        let unitCategory: Int64
        let isSalable: Bool
    }

    /// By code or identifier; several where the ERP has several.
    var products: [String: [Product]] = [:]
    /// By name, likewise.
    var taxes: [String: [Int64]] = [:]

    /// In the order in which they come first.
    static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }
}

/// What an ERP can hold of a line.
struct LineLimits: Sendable {
    /// Its name, for messages.
    let erp: String
    let units: UnitTable
    /// Digits behind the point of a price; `nil`: as many as it has.
    let priceDigits: Int?
    /// Significant digits of a price.
    let priceDigitsMax: Int
}

/// An order line in an ERP's words.
struct ERPLine: Sendable {
    let key: String
    let product: ProductCatalog.Product
    let unit: Int64
    let quantity: ExactDecimal
    let unitPrice: ExactDecimal
    /// `nil`: those of the product.
    let taxes: [Int64]?
}

/// Puts one line in an ERP's words, or says all that keeps it from being put in them. Reads nothing and writes nothing.
struct LineReader {
    let item: SinkItem
    /// Of the item, in the order's JSON form.
    let path: String
    let catalog: ProductCatalog
    let limits: LineLimits
    private(set) var faults: [SinkFault] = []

    init(item: SinkItem, path: String, catalog: ProductCatalog, limits: LineLimits) {
        self.item = item
        self.path = path
        self.catalog = catalog
        self.limits = limits
    }

    /// All lines of an order, and what is wrong with any of them.
    static func read(
        _ order: SinkOrder, _ catalog: ProductCatalog, _ limits: LineLimits
    ) -> (lines: [ERPLine], faults: [SinkFault]) {
        guard !order.order.lines.isEmpty else {
            return ([], [SinkFault(path: "lines", message: "there is nothing to be delivered")])
        }
        var (lines, faults): ([ERPLine], [SinkFault]) = ([], [])
        for (index, line) in order.order.lines.enumerated() {
            var reader = LineReader(
                item: order.item(for: line), path: path(of: line, at: index, in: order), catalog: catalog, limits: limits)
            if let read = reader.read(key: line.key) { lines.append(read) }
            faults += reader.faults
        }
        return (lines, faults)
    }

    /// Of a line's item, in the order's JSON form.
    static func path(of line: OrderLine, at index: Int, in order: SinkOrder) -> String {
        "lines[\(index)]" + (order.items[line.key] == nil ? "" : ".erp")
    }

    private mutating func read(key: String) -> ERPLine? {
        let product = product()
        let unit = unit(of: product)
        readQuantity(unit)
        let price = price()
        let taxes = taxes()
        guard faults.isEmpty, let product, let unit, let price else { return nil }
        return ERPLine(
            key: key, product: product, unit: unit.id, quantity: item.quantity, unitPrice: price,
            taxes: item.taxes.isEmpty ? nil : taxes)
    }

    private mutating func fault(_ member: String, _ message: String) {
        faults.append(SinkFault(path: "\(path).\(member)", message: message))
    }

    private mutating func product() -> ProductCatalog.Product? {
        let found = catalog.products[item.productCode] ?? []
        guard let product = found.first else {
            fault("product", "\(limits.erp) has no product with the code or identifier '\(item.productCode)'")
            return nil
        }
        if found.count > 1 { fault("product", "\(limits.erp) has \(found.count) products called '\(item.productCode)'") }
        if !product.isSalable { fault("product", "\(limits.erp) doesn't sell '\(item.productCode)': it isn't marked as such") }
        return product
    }

    private mutating func unit(of product: ProductCatalog.Product?) -> UnitTable.Unit? {
        guard let name = item.unit else { return product.flatMap { limits.units[$0.unit] } }
        guard let unit = limits.units.unit(named: name) else {
            fault("unit", "\(limits.erp) has no unit '\(name)'")
            return nil
        }
        if let product, unit.category != product.unitCategory {
            fault("unit", "'\(item.productCode)' isn't measured in \(unit.name) in \(limits.erp)")
        }
        return unit
    }

    private mutating func readQuantity(_ unit: UnitTable.Unit?) {
        if !item.quantity.fitsBinaryFloat {
            return fault("quantity", "\(item.quantity) has more digits than \(limits.erp) holds exactly")
        }
        guard let unit, item.quantity.fractionDigits > unit.digits else { return }
        let digits = "which has \(unit.digits) digits behind the point"
        fault("quantity", "\(item.quantity) is finer than \(limits.erp)'s \(unit.name), \(digits)")
    }

    private mutating func price() -> ExactDecimal? {
        guard let price = item.unitPrice else {
            fault("unit_price", "there is none")
            return nil
        }
        if let priceDigits = limits.priceDigits, price.fractionDigits > priceDigits {
            let digits = "which have \(priceDigits) digits behind the point"
            fault("unit_price", "\(price) is finer than \(limits.erp)'s prices, \(digits)")
        } else if price.significantDigits > limits.priceDigitsMax {
            fault("unit_price", "\(price) has more digits than \(limits.erp) reckons with")
        }
        return price
    }

    private mutating func taxes() -> [Int64] {
        var ids: [Int64] = []
        for name in item.taxes {
            let found = catalog.taxes[name] ?? []
            if found.isEmpty { fault("taxes", "\(limits.erp) has no tax '\(name)'") }
            if found.count > 1 { fault("taxes", "\(limits.erp) has \(found.count) taxes called '\(name)'") }
            ids += found.prefix(1)
        }
        return ids
    }
}
