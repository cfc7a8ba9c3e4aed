package import Orders
package import SinkKit

/// Reads the shop's JSON of one order into ``Orders/Order``, collecting every fault instead of stopping at the first.
///
/// Lenient in what the documents leave open: decimals as numbers or strings, ids as numbers or digits, references as ids, keys or
/// whole objects, unknown members passed over. Field names: CloudSuite, "Orders GET - json", "Orders POST", "Order JSON orderflow".
package struct OrderDecoder {
    private let object: JSONObject
    private var faults: [SinkFault] = []

    package static func decode(_ object: JSONObject, expectedID: Int64?) -> (order: Order?, faults: [SinkFault]) {
        var decoder = OrderDecoder(object: object)
        let order = decoder.order(expectedID: expectedID)
        return (decoder.faults.isEmpty ? order : nil, decoder.faults)
    }

    private init(object: JSONObject) { self.object = object }

    private mutating func fault(_ path: String, _ message: String) { faults.append(SinkFault(path: path, message: message)) }

    private mutating func order(expectedID: Int64?) -> Order? {
        let id = integer("id", in: object, path: "id")
        if id == nil, object["id"].map(\.isNull) ?? true { fault("id", "is missing") }
        if let id, let expectedID, id != expectedID { fault("id", "is \(id), but order \(expectedID) was asked for") }
        guard let state = object["state"]?.stringValue else {
            fault("state", "is missing")
            return nil
        }
        var order = Order(id: id ?? 0, state: OrderState(rawValue: state))
        order.reference = text("reference")
        order.webshop = integer("webshop", in: object, path: "webshop")
        order.paymentStatus = text("payment_status").map(PaymentStatus.init(rawValue:))
        order.shipmentState = text("shipment_state").map(ShipmentState.init(rawValue:))
        order.isOffline = object["offline"]?.boolValue
        order.customerOrderNumber = text("customer_order_number")
        order.erpOrderNumber = text("erp_order_number")
        order.orderDate = text("order_date")
        order.confirmDate = text("confirm_date")
        order.modifiedDate = text("modified_date")
        order.requestedDeliveryDate = text("requested_delivery_date")
        order.description = text("description")
        order.currency = text("currency")
        order.paidAmount = decimal("paid_amount", in: object, path: "paid_amount")
        order.user = integer("user", in: object, path: "user")
        order.customer = party("customer")
        order.shipmentAddress = party("shipment_address")
        order.invoiceAddress = party("invoice_address")
        order.lines = lines()
        return order
    }

    private mutating func lines() -> [OrderLine] {
        guard let values = object["order_lines"]?.arrayValue else {
            fault("order_lines", object["order_lines"] == nil ? "is missing" : "is not a list")
            return []
        }
        var lines: [OrderLine] = []
        for (index, value) in values.enumerated() {
            let path = "order_lines[\(index)]"
            guard let line = value.objectValue else {
                fault(path, "is not an object")
                continue
            }
            if let line = self.line(line, index: index, path: path) { lines.append(line) }
        }
        if faults.isEmpty, !lines.contains(where: \.isPushed) { fault("order_lines", "there is no line that could be ordered") }
        return lines
    }

    private mutating func line(_ line: JSONObject, index: Int, path: String) -> OrderLine? {
        let type = line["type"]?.stringValue ?? OrderLine.soldType
        let isSold = type == OrderLine.soldType
        let product = line["product"]
        let key = product?["key"].flatMap(plainText) ?? product?.stringValue
        if isSold, key ?? "" == "" { fault("\(path).product", "has no key") }
        let faultCount = faults.count
        let quantity = decimal("quantity", in: line, path: "\(path).quantity")
        if isSold, quantity == nil, faults.count == faultCount { fault("\(path).quantity", "is missing") }
        let unitPrice = decimal("unit_price", in: line, path: "\(path).unit_price")
        if isSold, key == nil || quantity == nil { return nil }
        return OrderLine(
            id: integer("id", in: line, path: "\(path).id"), position: index + 1, type: type, productKey: key ?? "",
            productOrigin: product?["origin"]?.stringValue, description: line["description"]?.stringValue,
            quantity: quantity ?? .zero, unitPrice: unitPrice,
            erpLineNumber: integer("erp_line_number", in: line, path: "\(path).erp_line_number"))
    }

    private func text(_ name: String) -> String? { object[name].flatMap(plainText) }

    /// A string, or a number in its spelling.
    private func plainText(_ value: JSONValue) -> String? {
        switch value {
        case .string(let string): string.value
        case .number(let number): number.spelling
        default: nil
        }
    }

    private mutating func integer(_ name: String, in object: JSONObject, path: String) -> Int64? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let integer = value.integerValue ?? value.stringValue.flatMap(Int64.init) else {
            fault(path, "is \(value.kindName) that is no whole number")
            return nil
        }
        return integer
    }

    private mutating func decimal(_ name: String, in object: JSONObject, path: String) -> ExactDecimal? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let spelling = plainText(value) else {
            fault(path, "is \(value.kindName), not a decimal number")
            return nil
        }
        do throws(ExactDecimal.Fault) {
            return try ExactDecimal(spelling)
        } catch {
            fault(path, error.description)
            return nil
        }
    }

    /// An id, an `{origin, key}` or a whole object under `name`, or an `{origin, key}` under `<name>_key`.
    private mutating func party(_ name: String) -> PartyReference? {
        if let value = object[name], !value.isNull {
            if let id = value.integerValue ?? value.stringValue.flatMap(Int64.init) { return .id(id) }
            if let object = value.objectValue { return PartyReference(object) }
            fault(name, "is \(value.kindName), neither an id nor an object")
        }
        return object["\(name)_key"]?.objectValue.flatMap(PartyReference.init)
    }
}

extension PartyReference {
    /// `{origin, key}` and nothing else is a reference; an object with more in it is the party itself.
    fileprivate init(_ object: JSONObject) {
        if object.members.count == 2, let origin = object["origin"]?.stringValue, let key = object["key"]?.stringValue {
            self = .originKey(origin: origin, key: key)
        } else {
            self = .expanded(Party(json: object))
        }
    }
}
