import Orders
import SinkKit

/// Says one line in the ERP's words.
///
/// The product: the entry for the whole key, of its origin before that of any; else the first service whose pattern fits; else the
/// entry for what stands before the unit; else what the table says otherwise. The unit: what that entry says; else the units table, by
/// what stands after the separator. The taxes: what the entry says, else the first rule that fits.
struct LineMapper {
    let tables: MappingTables
    var circumstances: TaxCircumstances
    let isReleased: Bool
    /// Such as `lines[2]`.
    let path: String
    private(set) var faults: [MappingFault] = []

    init(tables: MappingTables, circumstances: TaxCircumstances, isReleased: Bool, path: String) {
        self.tables = tables
        self.circumstances = circumstances
        self.isReleased = isReleased
        self.path = path
    }

    mutating func map(_ line: OrderLine) -> MappedLine {
        let match = ProductMatch(line, tables)
        let product = product(line, match)
        let (unit, conversion) = unit(match)
        let quantity = converted(
            "quantity", line.quantity, conversion, by: { $0.multiplied(by: $1) }, impossible: "times")
        let price = line.unitPrice.map {
            converted("unit_price", $0, conversion, by: { $0.divided(by: $1) }, impossible: "divided by")
        }
        let (taxes, names) = taxes(match)
        var mapped = MappedLine(line: line, factor: conversion?.factor, values: [product, unit, quantity.value])
        if let price { mapped.values.append(price.value) }
        mapped.values.append(taxes)
        guard faults.isEmpty, let code = product.erp, let amount = quantity.result else { return mapped }
        mapped.item = SinkItem(
            productCode: code, unit: unit.erp, quantity: amount, unitPrice: price?.result, taxes: names)
        return mapped
    }

    // MARK: The product

    private mutating func product(_ line: OrderLine, _ match: ProductMatch) -> MappedValue {
        var value = MappedValue(name: "product", shop: line.productKey, erp: nil, origin: .nowhere)
        if let target = match.target {
            (value.erp, value.origin) = (target.code, .entry(target.place))
            return value
        }
        let key = match.split?.product ?? line.productKey
        let whose = line.productOrigin.map { " of origin '\($0)'" } ?? ""
        let ofWhat = key == line.productKey ? "" : ", nor for '\(line.productKey)'"
        value.origin = Resolution(tables.products.otherwise, isReleased: isReleased).origin(
            true, SinkFault(path: "\(path).product", message: "the products table has no entry for '\(key)'\(whose)\(ofWhat)"),
            MissingEntry(.products, [("key", key), ("origin", line.productOrigin)]), &faults)
        value.erp = value.origin == .nowhere ? nil : key
        return value
    }

    // MARK: The unit

    private struct Conversion {
        var factor: ExactDecimal
        var place: TablePlace
    }

    private mutating func unit(_ match: ProductMatch) -> (MappedValue, Conversion?) {
        var value = MappedValue(name: "unit", shop: match.split?.unit, erp: nil, origin: .erp)
        if let target = match.target, target.settlesUnit {
            (value.erp, value.origin) = (target.unit, .entry(target.place))
            return (value, target.factor.map { Conversion(factor: $0, place: target.place) })
        }
        guard let key = match.split?.unit else { return (value, nil) }
        if let entry = tables.units.entry(key) {
            (value.erp, value.origin) = (entry.unit, .entry(entry.place))
            return (value, entry.factor.map { Conversion(factor: $0, place: entry.place) })
        }
        // A key that stands in the table whole may have a separator in it that parts nothing.
        if match.isWhole { return (value, nil) }
        value.origin = Resolution(tables.units.otherwise, isReleased: isReleased).origin(
            true, SinkFault(path: "\(path).erp.unit", message: "the units table has no entry for '\(key)'"),
            MissingEntry(.units, [("key", key)]), &faults)
        value.erp = value.origin == .nowhere ? nil : key
        return (value, nil)
    }

    /// A number as it is in the ERP's unit: exactly, or a fault.
    private mutating func converted(
        _ name: String, _ number: ExactDecimal, _ conversion: Conversion?,
        by compute: (ExactDecimal, ExactDecimal) -> ExactDecimal?, impossible words: String
    ) -> (value: MappedValue, result: ExactDecimal?) {
        var value = MappedValue(name: name, shop: number.spelling, erp: number.spelling, origin: .shop)
        guard let conversion, conversion.factor != ExactDecimal(1) else { return (value, number) }
        let result = compute(number, conversion.factor)
        value.erp = result?.spelling
        value.origin = .converted(factor: conversion.factor, conversion.place)
        if result == nil {
            let message =
                "\(number) \(words) \(conversion.factor) (\(conversion.place)) isn't a decimal that can be written in full; "
                + "name a unit of the ERP's for which it is"
            faults.append(MappingFault(fault: SinkFault(path: "\(path).erp.\(name)", message: message)))
        }
        return (value, result)
    }

    // MARK: The taxes

    private mutating func taxes(_ match: ProductMatch) -> (MappedValue, [String]) {
        var value = MappedValue(name: "taxes", shop: nil, erp: nil, origin: .erp)
        circumstances.group = match.target?.group
        func found(_ taxes: [String], _ place: TablePlace) -> (MappedValue, [String]) {
            if !taxes.isEmpty { value.erp = taxes.joined(separator: ", ") }
            value.origin = .entry(place)
            return (value, taxes)
        }
        if let target = match.target, let taxes = target.taxes { return found(taxes, target.place) }
        if let rule = tables.taxes.rule(for: circumstances) { return found(rule.taxes, rule.place) }
        // What isn't known of the product may be what a rule is about: one fault is enough.
        let isUnknown = faults.contains { $0.missing?.table == .products }
        if tables.taxes.otherwise == .useKey || isUnknown { return (value, []) }
        let origin = Resolution(tables.taxes.otherwise, isReleased: isReleased).origin(
            true, SinkFault(path: "\(path).erp.taxes", message: "the taxes table has no rule for \(circumstances.words)"),
            MissingEntry(
                .taxes,
                [
                    ("country", circumstances.country), ("group", circumstances.group),
                    ("vat_number", circumstances.hasTaxNumber ? "yes" : "no"),
                ]), &faults)
        value.origin = origin == .nowhere ? .nowhere : .erp
        return (value, [])
    }
}

/// The entry that is about a line's product, if any.
private struct ProductMatch {
    var target: ItemTarget?
    /// The entry is for the whole of the key.
    var isWhole = false
    /// `nil` where the key has no unit in it.
    var split: (product: String, unit: String)?

    init(_ line: OrderLine, _ tables: MappingTables) {
        if let entry = tables.products.entry(line.productKey, origin: line.productOrigin) {
            (target, isWhole) = (entry.target, true)
        } else if let service = tables.services.first(where: { $0.pattern.matches(line.productKey) }) {
            target = service.target
            return
        }
        split = tables.products.split(line.productKey)
        if target == nil, let split {
            target = tables.products.entry(split.product, origin: line.productOrigin)?.target
        }
    }
}

extension TaxCircumstances {
    fileprivate var words: String {
        [
            country.map { "country '\($0)'" } ?? "an unknown country", group.map { "group '\($0)'" } ?? "no group",
            hasTaxNumber ? "a tax number" : "no tax number",
        ].joined(separator: ", ")
    }
}
