package import OrderFlow
package import Orders

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
        let digest = ContentDigest.sha256(order.map { ContentBytes($0).bytes } ?? JSONValue.object(json).serialized())
        var reading = OrderReading(
            beganAt: beganAt, state: OrderState(rawValue: json["state"]?.stringValue ?? ""), contentDigest: digest)
        reading.faults = faults
        reading.reference = json["reference"]?.stringValue
        reading.modifiedDate = json["modified_date"]?.stringValue
        if let order {
            reading.payment = order.paymentStatus
            reading.webshop = order.webshop
            reading.isOffline = order.isOffline
            reading.confirmedAt = order.confirmDate.flatMap(clock.instant)
            reading.takeFields(from: order)
            reading.takeLines(from: order)
            reading.totals = totalField.flatMap { Self.totals(order, stated: json[$0]) }
        }
        self.reading = reading
    }

    init(json: JSONObject, order: Order, reading: OrderReading) {
        self.json = json
        self.order = order
        self.reading = reading
    }

    private static func totals(_ order: Order, stated: JSONValue?) -> OrderReading.Totals? {
        guard let spelling = stated?.plainText, let stated = try? ExactDecimal(spelling) else { return nil }
        var sum = ExactDecimal.zero
        for line in order.pushedLines {
            guard let price = line.unitPrice, let amount = line.quantity.multiplied(by: price), let next = sum.adding(amount)
            else {
                return nil
            }
            sum = next
        }
        return OrderReading.Totals(stated: stated, summed: sum)
    }
}

extension OrderReading {
    /// What the shop shows in the order's fields that are ours to write.
    mutating func takeFields(from order: Order) {
        state = order.state
        shipment = order.shipmentState
        erpOrderNumber = order.erpOrderNumber
    }

    /// What it shows in those of its lines.
    mutating func takeLines(from order: Order) {
        lines = order.lines.lazy.filter(\.isPushed).map { .init(key: $0.key, erpLineNumber: $0.erpLineNumber) }
    }
}
