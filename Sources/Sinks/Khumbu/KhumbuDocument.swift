import Orders
import Settings
import SinkKit

/// A shop's order as Khumbu's create, fire and cart calls want it; or everything that is wrong with it.
///
/// The same order gives the same bytes. Members are those of the published sample (Create Order API); which of them are required isn't
/// documented, so all that the shop tells are sent, and what it leaves out is left out.
struct KhumbuDocument: Sendable {
    let id: KhumbuOrderID?
    private(set) var faults: [SinkFault] = []
    private var store: KhumbuSinkSettings.Store?
    private var created = ""
    private var customer = JSONObject()
    private var payments: [(name: String, value: JSONValue)] = []
    private var items: [JSONValue] = []
    private let settings: KhumbuSinkSettings

    /// More of one line are taken for a mistake.
    private static let quantityMax = 10_000

    init(_ order: SinkOrder, _ settings: KhumbuSinkSettings) {
        self.settings = settings
        id = KhumbuOrderID(order.key)
        if id == nil { faults.append(SinkFault(message: "its key \(order.key) doesn't fit into Khumbu's order id")) }
        store = settings.store(ofWebshop: order.order.webshop)
        if store == nil {
            let webshop = order.order.webshop.map { "webshop \($0)" } ?? "an order without a webshop"
            faults.append(SinkFault(path: "webshop", message: "no store is named for \(webshop): add it under 'stores'"))
        }
        readDate(order)
        readCustomer(order)
        readPayments(order)
        readItems(order)
    }

    /// - Parameter notification: `CREATE`, `HOLD`, or in a cart `CREATE_ORDER`.
    func body(_ notification: String) -> JSONObject {
        let isCart = notification == Self.cart
        var object = JSONObject([
            ("providerOrderId", .text(id?.text)), ("marketName", .text(settings.market)),
            ("storeInformation", .object(storeInformation(isCart: isCart))), ("orderNotificationType", .text(notification)),
        ])
        if !isCart {
            object.append("createdTimestamp", .text(created))
            // What was changed since isn't known; a clock would make other bytes each time.
            object.append("updatedTimestamp", .text(created))
        }
        object.append("customerInformation", .object(customer))
        object.append("payments", .object(JSONObject(payments)))
        object.append("serviceMode", ["fulfillmentMode": .text(settings.fulfillmentMode)])
        object.append("orderItems", .array(items))
        return object
    }

    static let cart = "CREATE_ORDER"

    /// Tells one content of an order from another.
    var digest: String { String(ContentHash.fnv1a(JSONValue.object(body("CREATE")).serialized()), radix: 16) }

    private func storeInformation(isCart: Bool) -> JSONObject {
        var object = JSONObject([("providerStoreId", .text(store?.providerStoreID))])
        if isCart { return object }
        if let partner = store?.partnerStoreID { object.append("partnerStoreId", .text(partner)) }
        let properties = store?.additionalProperties ?? []
        if !properties.isEmpty {
            object.append("additionalProperties", .object(JSONObject(properties.map { ($0.name, .text($0.value)) })))
        }
        return object
    }

    // MARK: Parts

    /// `yyyy-MM-dd HH:mm:ss.SSSSSS` (documented), on the shop's clock: which zone Khumbu takes it to be in isn't documented.
    private mutating func readDate(_ order: SinkOrder) {
        guard let date = order.order.confirmDate ?? order.order.orderDate else {
            return faults.append(SinkFault(path: "confirm_date", message: "there is none, and Khumbu wants a time"))
        }
        guard let text = Self.timestamp(date) else {
            return faults.append(SinkFault(path: "confirm_date", message: "'\(date)' isn't a date that can be told"))
        }
        created = text
    }

    /// From `YYYY-MM-DD`, with or without a time of day and a fraction; a zone behind it is left off.
    static func timestamp(_ text: String) -> String? {
        let day = text.prefix(10)
        guard day.utf8.count == 10, isShaped(day, "0000-00-00") else { return nil }
        guard text.utf8.count > 10 else { return "\(day) 00:00:00.000000" }
        let time = text.dropFirst(11).prefix(8)
        guard isShaped(time, "00:00:00") else { return nil }
        let fraction = text.dropFirst(19)
        let digits = fraction.first == "." ? fraction.dropFirst().prefix { $0.isASCII && $0.isNumber }.prefix(6) : ""
        return "\(day) \(time).\(digits)\(String(repeating: "0", count: 6 - digits.count))"
    }

    /// Whether there is a digit wherever the shape has one, and what the shape has elsewhere.
    private static func isShaped(_ text: Substring, _ shape: String) -> Bool {
        text.count == shape.count && zip(text, shape).allSatisfy { $1 == "0" ? $0.isASCII && $0.isNumber : $0 == $1 }
    }

    private mutating func readCustomer(_ order: SinkOrder) {
        let party = order.customer
        let name = Self.names(party?.attention ?? party?.name ?? "")
        let id = order.customerCode ?? party?.code ?? party?.id.map { "\($0)" }
        for (member, value) in [
            ("id", id), ("phone", party?.telephone), ("firstName", name.first), ("lastName", name.last), ("email", party?.email),
        ] {
            if let value, value.contains(where: { !$0.isWhitespace }) { customer.append(member, .text(value)) }
        }
    }

    /// The last word is the last name.
    private static func names(_ text: String) -> (first: String?, last: String?) {
        let words = text.split(whereSeparator: \.isWhitespace)
        return (words.dropLast().isEmpty ? nil : words.dropLast().joined(separator: " "), words.last.map(String.init))
    }

    private mutating func readItems(_ order: SinkOrder) {
        guard let amount = amount(order) else { return }
        for (index, line) in order.order.lines.enumerated() {
            let item = order.item(for: line)
            let path = "lines[\(index)]" + (order.items[line.key] == nil ? "" : ".erp")
            let known = self.item(item.productCode, path)
            let quantity = item.quantity.count(upTo: Self.quantityMax)
            if quantity == nil {
                faults.append(
                    SinkFault(
                        path: "\(path).quantity",
                        message: "items are whole numbers from 1 to \(Self.quantityMax), and this is \(item.quantity.spelling)"))
            }
            guard let price = item.unitPrice.flatMap(amount.number) else {
                let stated = item.unitPrice.map { "\($0.spelling) can't be told exactly" } ?? "there is none"
                faults.append(SinkFault(path: "\(path).unit_price", message: stated))
                continue
            }
            guard let known, let quantity else { continue }
            items.append(json(known, name: line.description ?? known.id, price, quantity))
        }
        if order.order.lines.isEmpty { faults.append(SinkFault(path: "lines", message: "there is nothing to order")) }
    }

    private mutating func item(_ code: String, _ path: String) -> KhumbuItem? {
        guard let item = KhumbuItem(code) else {
            faults.append(
                SinkFault(path: "\(path).product", message: "'\(code)' isn't an item with options, such as 101||2||1+199||1||1*2")
            )
            return nil
        }
        guard settings.itemIDs == .any || item.hasMenuIDs else {
            faults.append(
                SinkFault(
                    path: "\(path).product",
                    message: "'\(code)' is no id of a menu, such as 101000001||2||1: map the product, or set 'item_ids: any'"))
            return nil
        }
        return item
    }

    private func json(_ item: KhumbuItem, name: String, _ price: JSONValue, _ quantity: Int) -> JSONValue {
        var object = JSONObject([
            ("id", .text(item.id)), ("type", .text(settings.itemType)), ("name", .text(name.isEmpty ? item.id : name)),
            ("price", price), ("quantity", .integer(quantity)),
        ])
        let options = item.options.map { option -> JSONValue in
            var member = JSONObject([
                ("id", .text(option.id)), ("name", .text(option.id)), ("price", 0), ("quantity", .integer(option.quantity)),
            ])
            if let modifier = option.modifierID { member.append("modifierId", .text(modifier)) }
            return .object(member)
        }
        if !options.isEmpty { object.append("options", .array(options)) }
        return .object(object)
    }

    // MARK: Money

    /// `nil` where the order names no currency; that is told with the payments.
    private func amount(_ order: SinkOrder) -> KhumbuAmount? {
        guard settings.amountUnit == .minor else { return KhumbuAmount() }
        return (order.order.currency ?? settings.currency).map { KhumbuAmount(inMinorUnitsOf: $0) }
    }

    private mutating func readPayments(_ order: SinkOrder) {
        let method = order.order.paymentStatus.flatMap { settings.paymentMethods[$0] }
        if method == nil {
            let status = order.order.paymentStatus.map { "'\($0.rawValue)'" } ?? "no payment status"
            faults.append(
                SinkFault(path: "payment_status", message: "no method is named for \(status): add it under 'payment_methods'"))
        }
        guard let currency = order.order.currency ?? settings.currency else {
            return faults.append(SinkFault(path: "currency", message: "there is none, and 'currency' names none either"))
        }
        guard let amount = amount(order), let sums = sums(order) else { return }
        for (name, value) in [("subTotal", sums.lines), ("tax", sums.tax), ("total", sums.total)] {
            guard let number = amount.number(value) else {
                faults.append(SinkFault(path: "lines", message: "their \(name) of \(value.spelling) can't be told exactly"))
                continue
            }
            payments.append((name, number))
        }
        payments.append(("paymentMethod", .text(method)))
        payments.append(("currencyCode", .text(currency)))
    }

    private mutating func sums(
        _ order: SinkOrder
    ) -> (lines: ExactDecimal, tax: ExactDecimal, total: ExactDecimal)? {
        var lines = ExactDecimal.zero
        for item in order.order.lines.map(order.item) {
            // A line without a price is told as such.
            guard let price = item.unitPrice else { continue }
            guard let sum = item.quantity.multiplied(by: price).flatMap(lines.adding) else {
                faults.append(SinkFault(path: "lines", message: "their sum has more digits than can be held"))
                return nil
            }
            lines = sum
        }
        guard settings.total == .paid else { return (lines, .zero, lines) }
        guard let paid = order.order.paidAmount else {
            faults.append(SinkFault(path: "paid_amount", message: "there is none, and 'total: paid' wants one"))
            return nil
        }
        guard let tax = paid.subtracting(lines), !tax.isNegative else {
            faults.append(SinkFault(path: "paid_amount", message: "\(paid.spelling) is less than the lines, \(lines.spelling)"))
            return nil
        }
        return (lines, tax, paid)
    }
}
