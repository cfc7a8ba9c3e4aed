internal import Documents
internal import Orders

/// `POST /proxy/des_adv_xml/delivery/` (reference, section 6). What it answers isn't documented.
extension CloudSuiteSurface {
    mutating func takeDelivery(_ request: SimulatedRequest, at now: Int64) -> SurfaceAnswer {
        let message: DesadvDocument
        do throws(DocumentFault) { message = try DesadvDocument(request.body) } catch {
            return SurfaceAnswer(.detail(400, "\(error)"), .notApplied)
        }
        if let fault = Self.fault(in: message) { return SurfaceAnswer(.detail(400, fault), .notApplied) }
        if deliveries.contains(where: { $0.number == message.number }) {
            return SurfaceAnswer(.detail(409, "The DesadvNumber \(message.number) is already known."), .notApplied)
        }
        var items: [BookedDelivery.Item] = []
        for item in message.items {
            guard let booking = booking(of: item) else {
                let text =
                    "OrderNum \(item.orderNumber), ItemNum \(item.lineNumber), SellerItemID \(item.sellerItemID) match no line."
                return SurfaceAnswer(.detail(400, text), .notApplied)
            }
            items.append(booking)
        }
        deliveries.append(
            BookedDelivery(
                number: message.number, receivedUnixMicroseconds: now, carrier: message.carrier,
                trackingCode: message.trackingCode, items: items))
        for id in Set(items.map(\.orderID)).sorted() { moveShipmentState(id, at: now) }
        return SurfaceAnswer(.json(200, ["status": "ok"]), .applied)
    }

    /// What the table of fields forbids: decimal(12,4), mandatory values.
    private static func fault(in message: DesadvDocument) -> String? {
        if message.number.allSatisfy(\.isWhitespace) { return "DesadvNumber is empty." }
        if message.items.isEmpty { return "There is no Item." }
        for item in message.items {
            let quantity = item.quantity
            if quantity.isZero || quantity.isNegative { return "QuantityValue \(quantity) is not above zero." }
            if quantity.fractionDigits > 4 { return "QuantityValue \(quantity) has more than 4 decimals." }
            if quantity >= ExactDecimal(100_000_000) {
                return "QuantityValue \(quantity) has more than 8 digits before the point."
            }
        }
        return nil
    }

    /// `nil` where no order, or no line of it, is the one that is meant, or where the order was cancelled.
    private func booking(of item: DesadvDocument.Item) -> BookedDelivery.Item? {
        guard let id = order(called: item.orderNumber), orders.facts(id: id)?.state != "cancel", let order = orderObject(id)
        else { return nil }
        let line = DeliverableLine.lines(of: order).first {
            $0.erpLineNumber == item.lineNumber && $0.product == item.sellerItemID
        }
        return line.map { line in
            BookedDelivery.Item(
                orderID: id, orderNumber: item.orderNumber, lineID: line.id, erpLineNumber: item.lineNumber,
                sellerItemID: item.sellerItemID, quantity: item.quantity)
        }
    }

    private mutating func moveShipmentState(_ id: Int, at now: Int64) {
        switch configuration.shipmentStateMove {
        case .never: break
        case .first: change(id, [("shipment_state", "sent")], at: now)
        case .complete:
            change(id, [("shipment_state", isDelivered(id) ? "sent" : "partially shipped")], at: now)
        }
    }

    /// Whether every line that the ERP took was booked in full.
    private func isDelivered(_ id: Int) -> Bool {
        guard let order = orderObject(id) else { return false }
        let booked = deliveries.flatMap(\.items).filter { $0.orderID == id }
        return DeliverableLine.lines(of: order).allSatisfy { line in
            guard let number = line.erpLineNumber, let ordered = line.quantity else { return true }
            let sum = booked.filter { $0.erpLineNumber == number }.reduce(ExactDecimal?(.zero)) { $0?.adding($1.quantity) }
            return sum.map { $0 >= ordered } ?? false
        }
    }
}
