public import Orders

/// What an order line is in the ERP's words, as the mapping tables say.
public struct SinkItem: Sendable, Equatable {
    /// The ERP's code of the product or service.
    public var productCode: String
    /// The ERP's name of the unit; `nil`: the product's own.
    public var unit: String?
    /// In ``unit``; the shop's quantity where the tables convert nothing.
    public var quantity: ExactDecimal
    /// For one ``unit``, without tax, in the order's currency.
    public var unitPrice: ExactDecimal?
    /// The ERP's names of the taxes on the line; empty: whatever the ERP puts on it by itself.
    public var taxes: [String]

    public init(
        productCode: String, unit: String? = nil, quantity: ExactDecimal, unitPrice: ExactDecimal? = nil, taxes: [String] = []
    ) {
        self.productCode = productCode
        self.unit = unit
        self.quantity = quantity
        self.unitPrice = unitPrice
        self.taxes = taxes
    }

    /// The line as the shop has it, where no table says otherwise.
    public init(_ line: OrderLine) {
        self.init(productCode: line.productKey, quantity: line.quantity, unitPrice: line.unitPrice)
    }
}

extension SinkItem {
    /// `{"product", "unit", "quantity", "unit_price", "taxes"}`; members without a value are left out, decimals are text.
    public var json: JSONObject {
        var object = JSONObject([("product", .text(productCode))])
        if let unit { object.append("unit", .text(unit)) }
        object.append("quantity", .text(quantity.spelling))
        if let unitPrice { object.append("unit_price", .text(unitPrice.spelling)) }
        if !taxes.isEmpty { object.append("taxes", .array(taxes.map { .text($0) })) }
        return object
    }

    /// `nil` where the object has not the shape that ``json`` writes; members it doesn't know are passed over.
    public init?(json object: JSONObject) {
        guard let product = object["product"]?.stringValue, let quantity = object["quantity"]?.exactDecimal else { return nil }
        self.init(
            productCode: product, unit: object["unit"]?.stringValue, quantity: quantity,
            unitPrice: object["unit_price"]?.exactDecimal)
        if unitPrice == nil, object["unit_price"] != nil { return nil }
        guard let taxes = object["taxes"] else { return }
        guard let names = taxes.arrayValue?.map(\.stringValue), names.allSatisfy({ $0 != nil }) else { return nil }
        self.taxes = names.compactMap(\.self)
    }
}
