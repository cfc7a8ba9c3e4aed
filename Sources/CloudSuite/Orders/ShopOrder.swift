package import OrderFlow
package import Orders
import SinkKit

/// One read of one order: the shop's JSON whole, and what it says.
package struct ShopOrder: Sendable {
    package let json: JSONObject
    /// `nil` where the data can't be used; the reading has the faults.
    package let order: Order?
    package let reading: OrderReading

    /// - Parameters:
    ///   - beganAt: when the request was begun.
    ///   - totalField: the member that states the order's total without tax, if the shop gives one; none is documented.
    package init(_ json: JSONObject, beganAt: Timestamp, expectedID: Int64?, clock: ShopClock, totalField: String?) {
        self.json = json
        let (order, faults) = OrderDecoder.decode(json, expectedID: expectedID)
        self.order = order
        let digest = order.map(Self.contentDigest) ?? ContentDigest.sha256(JSONValue.object(json).serialized())
        var reading = OrderReading(
            beganAt: beganAt, state: OrderState(rawValue: json["state"]?.stringValue ?? ""), contentDigest: digest)
        reading.faults = faults
        reading.reference = json["reference"]?.stringValue
        reading.modifiedDate = json["modified_date"]?.stringValue
        if let order {
            reading.payment = order.paymentStatus
            reading.shipment = order.shipmentState
            reading.erpOrderNumber = order.erpOrderNumber
            reading.webshop = order.webshop
            reading.isOffline = order.isOffline
            reading.confirmedAt = order.confirmDate.flatMap(clock.instant)
            reading.lines = order.pushedLines.map { .init(key: $0.key, erpLineNumber: $0.erpLineNumber) }
            reading.totals = totalField.flatMap { Self.totals(order, stated: json[$0]) }
        }
        self.reading = reading
    }

    /// Over what the ERP is told. Payment and state are judged apart and aren't in it.
    private static func contentDigest(_ order: Order) -> String {
        var content = order
        content.paymentStatus = nil
        content.paidAmount = nil
        content.confirmDate = nil
        let parties: [JSONValue] = [order.customer, order.shipmentAddress, order.invoiceAddress].map { $0?.digestForm ?? .null }
        let sinkOrder = SinkOrder(
            key: IdempotencyKey(order: OrderKey(shop: "", orderID: order.id)), order: content, customer: nil, shipmentAddress: nil,
            invoiceAddress: nil)
        return ContentDigest.sha256(JSONValue.array([.object(sinkOrder.json)] + parties).serialized())
    }

    private static func totals(_ order: Order, stated: JSONValue?) -> OrderReading.Totals? {
        let spelling: String? =
            switch stated {
            case .number(let number)?: number.spelling
            case .string(let string)?: string.value
            default: nil
            }
        guard let spelling, let stated = try? ExactDecimal(spelling) else { return nil }
        var sum = ExactDecimal.zero
        for line in order.pushedLines {
            guard let price = line.unitPrice, let amount = line.quantity.multiplied(by: price), let next = sum.adding(amount) else {
                return nil
            }
            sum = next
        }
        return OrderReading.Totals(stated: stated, summed: sum)
    }
}

extension PartyReference {
    fileprivate var digestForm: JSONValue {
        switch self {
        case .id(let id): .integer(id)
        case .originKey(let origin, let key): .array([.text(origin), .text(key)])
        case .expanded(let party): .object(party.json)
        }
    }
}
