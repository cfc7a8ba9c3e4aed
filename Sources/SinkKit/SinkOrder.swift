public import Orders

/// An order ready for a sink: every id resolved that could be, lines that aren't sold left out.
public struct SinkOrder: Sendable, Equatable {
    public let key: IdempotencyKey
    /// The shop's order; `lines` holds only what is to be pushed.
    public let order: Order
    public let customer: Party?
    public let shipmentAddress: Party?
    public let invoiceAddress: Party?
    /// The ERP's code of the customer, where the mapping tables have one.
    public let customerCode: String?
    /// What the mapping tables made of lines, by `OrderLine.key`; see ``item(for:)``.
    public let items: [String: SinkItem]
    /// The wire form. The same order gives the same bytes: members stand in a fixed order, decimals are strings in the shop's
    /// spelling (so `1` and `1.0`, which compare equal, give different bytes). What the shop left out is left out here.
    public let json: JSONObject

    public init(
        key: IdempotencyKey, order: Order, customer: Party?, shipmentAddress: Party?, invoiceAddress: Party?,
        customerCode: String? = nil, items: [String: SinkItem] = [:]
    ) {
        var order = order
        order.lines = order.pushedLines
        self.customerCode = customerCode
        self.items = items
        self.key = key
        self.order = order
        self.customer = customer
        self.shipmentAddress = shipmentAddress
        self.invoiceAddress = invoiceAddress
        var object = Self.head(
            key, order, [("customer", customer), ("shipment_address", shipmentAddress), ("invoice_address", invoiceAddress)])
        if let customerCode { object.append("customer_code", .text(customerCode)) }
        object.append("lines", .array(order.lines.map { .object($0.sinkJSON(items[$0.key])) }))
        json = object
    }

    /// What the line is in the ERP: what the tables say, else as the shop has it.
    public func item(for line: OrderLine) -> SinkItem { items[line.key] ?? SinkItem(line) }
}

extension SinkOrder {
    private static func head(_ key: IdempotencyKey, _ order: Order, _ parties: [(name: String, party: Party?)]) -> JSONObject {
        var object = JSONObject([
            ("key", .text(key.text)), ("shop", .text(key.order.shop)), ("order_id", .integer(key.order.orderID)),
            ("generation", .integer(key.generation)),
        ])
        for (name, path) in textFields {
            if let text = order[keyPath: path] { object.append(name, .text(text)) }
        }
        if let webshop = order.webshop { object.append("webshop", .integer(webshop)) }
        if let payment = order.paymentStatus { object.append("payment_status", .text(payment.rawValue)) }
        if let paid = order.paidAmount { object.append("paid_amount", .text(paid.spelling)) }
        if let user = order.user { object.append("user", .integer(user)) }
        for (name, party) in parties {
            if let party { object.append(name, .object(party.json)) }
        }
        return object
    }

    /// Whether there is something at a path such as `customer.code`; `null` and empty texts, lists and objects are nothing.
    public func hasValue(at path: String) -> Bool {
        var value = JSONValue.object(json)
        for name in path.split(separator: ".") {
            guard let next = value[String(name)] else { return false }
            value = next
        }
        return switch value {
        case .null: false
        case .string(let text): !text.value.isEmpty
        case .array(let elements): !elements.isEmpty
        case .object(let object): !object.members.isEmpty
        default: true
        }
    }

    private static let textFields: [(name: String, path: any WritableKeyPath<Order, String?> & Sendable)] = [
        ("reference", \.reference), ("customer_order_number", \.customerOrderNumber), ("order_date", \.orderDate),
        ("confirm_date", \.confirmDate), ("requested_delivery_date", \.requestedDeliveryDate),
        ("description", \.description), ("currency", \.currency),
    ]

    /// Reads what ``json`` wrote. - Throws: ``SinkOrderFormatError`` that names the member that is wrong.
    public init(json object: JSONObject) throws(SinkOrderFormatError) {
        guard let shop = object["shop"]?.stringValue else { throw SinkOrderFormatError(member: "shop") }
        guard let id = object["order_id"]?.integerValue else { throw SinkOrderFormatError(member: "order_id") }
        guard let lines = object["lines"]?.arrayValue else { throw SinkOrderFormatError(member: "lines") }
        let generation = object["generation"]?.integerValue ?? 1
        var order = Order(id: id, state: .confirmed)
        for (name, path) in Self.textFields { order[keyPath: path] = object[name]?.stringValue }
        order.webshop = object["webshop"]?.integerValue
        order.paymentStatus = object["payment_status"]?.stringValue.map(PaymentStatus.init(rawValue:))
        if let paid = object["paid_amount"] {
            guard let amount = paid.exactDecimal else { throw SinkOrderFormatError(member: "paid_amount") }
            order.paidAmount = amount
        }
        order.user = object["user"]?.integerValue
        var items: [String: SinkItem] = [:]
        for (index, member) in lines.enumerated() {
            guard let object = member.objectValue, let line = OrderLine(sinkJSON: object) else {
                throw SinkOrderFormatError(member: "lines[\(index)]")
            }
            order.lines.append(line)
            guard let mapped = object["erp"] else { continue }
            guard let item = mapped.objectValue.flatMap(SinkItem.init(json:)) else {
                throw SinkOrderFormatError(member: "lines[\(index)].erp")
            }
            items[line.key] = item
        }
        self.items = items
        customerCode = object["customer_code"]?.stringValue
        key = IdempotencyKey(order: OrderKey(shop: shop, orderID: id), generation: Int(generation))
        self.order = order
        customer = object["customer"]?.objectValue.map(Party.init(json:))
        shipmentAddress = object["shipment_address"]?.objectValue.map(Party.init(json:))
        invoiceAddress = object["invoice_address"]?.objectValue.map(Party.init(json:))
        json = object
    }
}

/// A member of a stored or received order that is missing or not of its kind.
public struct SinkOrderFormatError: Error, Sendable, Equatable, CustomStringConvertible {
    public let member: String

    public var description: String { "the order's member '\(member)' is missing or not of its kind" }
}

extension OrderLine {
    fileprivate func sinkJSON(_ item: SinkItem?) -> JSONObject {
        var object = JSONObject([("line", .text(key))])
        if let id { object.append("line_id", .integer(id)) }
        object.append("position", .integer(position))
        object.append("product", .text(productKey))
        if let productOrigin { object.append("product_origin", .text(productOrigin)) }
        if let description { object.append("description", .text(description)) }
        object.append("quantity", .text(quantity.spelling))
        if let unitPrice { object.append("unit_price", .text(unitPrice.spelling)) }
        if let item { object.append("erp", .object(item.json)) }
        return object
    }

    fileprivate init?(sinkJSON object: JSONObject) {
        guard let position = object["position"]?.integerValue, let product = object["product"]?.stringValue,
            let quantity = object["quantity"]?.exactDecimal
        else { return nil }
        self.init(
            id: object["line_id"]?.integerValue, position: Int(position), productKey: product,
            productOrigin: object["product_origin"]?.stringValue, description: object["description"]?.stringValue,
            quantity: quantity, unitPrice: object["unit_price"]?.exactDecimal)
        if unitPrice == nil, object["unit_price"] != nil { return nil }
    }
}

extension JSONValue {
    /// A decimal as the wire form writes it, in a string.
    var exactDecimal: ExactDecimal? { stringValue.flatMap { try? ExactDecimal($0) } }
}
