package import Orders
package import SinkKit

/// Reads the shop's JSON of one order into ``Orders/Order``, collecting every fault instead of stopping at the first.
///
/// Lenient in what the documents leave open: decimals as numbers or strings, ids as numbers or digits, references as ids, keys or
/// whole objects, an empty string where nothing was filled in, unknown members passed over. What is of no use to anybody, such as
/// a description that is a list, is a fault. Field names: CloudSuite, "Orders GET - json", "Orders POST", "Order JSON orderflow".
package struct OrderDecoder {
    private var members: MemberReader
    private var faults: [SinkFault] = []

    /// - Parameter expectedID: the id that was asked for, where one was.
    /// - Returns: the order, or `nil` and everything that is wrong with it.
    package static func decode(_ object: JSONObject, expectedID: Int64?) -> (order: Order?, faults: [SinkFault]) {
        var decoder = OrderDecoder(members: MemberReader(object))
        let order = decoder.order(expectedID: expectedID)
        return (decoder.faults.isEmpty ? order : nil, decoder.faults)
    }

    /// ``Orders/OrderLine/key`` of the line at `index`, from 0.
    static func key(of line: JSONObject, at index: Int) -> String {
        OrderLine(id: line["id"]?.wholeNumber, position: index + 1, productKey: "", quantity: .zero).key
    }

    private init(members: MemberReader) { self.members = members }

    private mutating func fault(_ path: String, _ message: String) { faults.append(SinkFault(path: path, message: message)) }

    /// The members are read in the order in which the documents show them.
    private mutating func order(expectedID: Int64?) -> Order {
        var order = Order(id: id(expected: expectedID), state: OrderState(rawValue: ""))
        order.reference = text("reference")
        order.customerOrderNumber = text("customer_order_number")
        order.erpOrderNumber = text("erp_order_number")
        order.state = state()
        order.paymentStatus = members.value("payment_status")?.plainText.map(PaymentStatus.init(rawValue:))
        order.shipmentState = members.value("shipment_state")?.plainText.map(ShipmentState.init(rawValue:))
        order.orderDate = text("order_date")
        order.confirmDate = text("confirm_date")
        order.modifiedDate = members.value("modified_date")?.plainText
        order.requestedDeliveryDate = text("requested_delivery_date")
        order.description = text("description")
        order.currency = text("currency")
        order.paidAmount = decimal(members.value("paid_amount"), path: "paid_amount")
        order.customer = party("customer")
        order.user = identifier("user")
        order.webshop = identifier("webshop")
        order.shipmentAddress = party("shipment_address")
        order.invoiceAddress = party("invoice_address")
        order.isOffline = members.value("offline")?.boolValue
        order.lines = lines()
        return order
    }

    private mutating func id(expected: Int64?) -> Int64 {
        let value = members.value("id")
        guard let id = integer(value, path: "id") else {
            if value?.isBlank ?? true { fault("id", "is missing") }
            return 0
        }
        if let expected, id != expected { fault("id", "is \(id), but order \(expected) was asked for") }
        return id
    }

    private mutating func state() -> OrderState {
        let value = members.value("state")
        if let value, !value.isBlank, value.stringValue == nil { fault("state", "is \(value.kindName), not text") }
        if value?.isBlank ?? true { fault("state", "is missing") }
        return OrderState(rawValue: value?.stringValue ?? "")
    }

    // MARK: Lines

    private mutating func lines() -> [OrderLine] {
        guard let value = members.value("order_lines"), let values = value.arrayValue else {
            fault("order_lines", members.value("order_lines") == nil ? "is missing" : "is not a list")
            return []
        }
        var lines: [OrderLine] = []
        lines.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            guard let object = value.objectValue else {
                fault("order_lines[\(index)]", "is not an object")
                continue
            }
            if let line = line(object, index: index) { lines.append(line) }
        }
        refuseRepeatedIDs(lines)
        if faults.isEmpty, !lines.contains(where: \.isPushed) { fault("order_lines", "there is no line that could be ordered") }
        return lines
    }

    /// The line's id is what its ERP line number is matched by. Ids mostly ascend, which shows at once that none is repeated.
    private mutating func refuseRepeatedIDs(_ lines: [OrderLine]) {
        if zip(lines, lines.dropFirst()).allSatisfy({ ($0.id ?? .max) < $1.id ?? .min }) { return }
        var positions: [Int64: Int] = [:]
        for line in lines {
            guard let id = line.id, let first = positions.updateValue(line.position, forKey: id) else { continue }
            fault("order_lines[\(line.position - 1)].id", "is \(id), like that of order_lines[\(first - 1)]")
        }
    }

    /// Nothing is asked of lines that aren't sold, such as comments, but that they can be told apart.
    private mutating func line(_ object: JSONObject, index: Int) -> OrderLine? {
        var members = MemberReader(object)
        let id = integer(members.value("id"), path: "order_lines[\(index)].id")
        let type = members.value("type")?.stringValue ?? OrderLine.soldType
        let product = members.value("product")
        let (key, origin) = Self.product(product)
        let description = members.value("description")?.plainText
        let quantity = members.value("quantity"), price = members.value("unit_price"), number = members.value("erp_line_number")
        guard type == OrderLine.soldType else {
            return OrderLine(
                id: id, position: index + 1, type: type, productKey: key ?? "", productOrigin: origin, description: description,
                quantity: .zero, erpLineNumber: number?.wholeNumber)
        }
        if key?.isEmpty ?? true { fault("order_lines[\(index)].product", "has no key") }
        if quantity?.isBlank ?? true { fault("order_lines[\(index)].quantity", "is missing") }
        let amount = decimal(quantity, path: "order_lines[\(index)].quantity")
        let unitPrice = decimal(price, path: "order_lines[\(index)].unit_price")
        let erpLineNumber = integer(number, path: "order_lines[\(index)].erp_line_number")
        guard let key, let amount else { return nil }
        return OrderLine(
            id: id, position: index + 1, type: type, productKey: key, productOrigin: origin, description: description,
            quantity: amount, unitPrice: unitPrice, erpLineNumber: erpLineNumber)
    }

    /// An object with a key, or the key alone.
    private static func product(_ value: JSONValue?) -> (key: String?, origin: String?) {
        guard let object = value?.objectValue else { return (value?.stringValue, nil) }
        return (object["key"]?.plainText, object["origin"]?.stringValue)
    }

    // MARK: Values

    /// What is told to the ERP: a string, or a number in its spelling.
    private mutating func text(_ name: String) -> String? {
        guard let value = members.value(name), !value.isNull else { return nil }
        if let text = value.plainText { return text }
        fault(name, "is \(value.kindName), not text")
        return nil
    }

    private mutating func integer(_ value: JSONValue?, path: @autoclosure () -> String) -> Int64? {
        guard let value, !value.isBlank else { return nil }
        if let integer = value.wholeNumber { return integer }
        fault(path(), "is \(value.kindName) that is no whole number")
        return nil
    }

    private mutating func decimal(_ value: JSONValue?, path: @autoclosure () -> String) -> ExactDecimal? {
        guard let value, !value.isBlank else { return nil }
        guard let spelling = value.plainText else {
            fault(path(), "is \(value.kindName), not a decimal number")
            return nil
        }
        do throws(ExactDecimal.Fault) {
            return try ExactDecimal(spelling)
        } catch {
            fault(path(), error.description)
            return nil
        }
    }

    /// An id, or the id of a whole object.
    private mutating func identifier(_ name: String) -> Int64? {
        let value = members.value(name)
        if let object = value?.objectValue { return integer(object["id"], path: "\(name).id") }
        return integer(value, path: name)
    }

    /// An id, an `{origin, key}` or a whole object under `name`, or an `{origin, key}` under `<name>_key`.
    private mutating func party(_ name: String) -> PartyReference? {
        guard let value = members.value(name), !value.isBlank else {
            return members.value("\(name)_key")?.objectValue.flatMap(PartyReference.init)
        }
        if let id = value.wholeNumber { return .id(id) }
        if let object = value.objectValue { return PartyReference(object) }
        fault(name, "is \(value.kindName), neither an id nor an object")
        return nil
    }
}

extension PartyReference {
    /// `{origin, key}` and nothing else is a reference, as is `{id}`; an object with more in it is the party itself.
    fileprivate init(_ object: JSONObject) {
        if object.members.count == 2, let origin = object["origin"]?.stringValue, let key = object["key"]?.plainText {
            self = .originKey(origin: origin, key: key)
            return
        }
        let party = Party(shopJSON: object)
        if let id = party.id, object.members.count == 1 { self = .id(id) } else { self = .expanded(party) }
    }
}

extension Party {
    /// As the shop writes a party: its id may be a string of digits.
    init(shopJSON object: JSONObject) {
        self.init(json: object)
        id = object["id"]?.wholeNumber
    }
}
