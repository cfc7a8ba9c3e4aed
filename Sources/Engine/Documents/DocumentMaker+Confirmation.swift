import CloudSuite
package import Documents
package import OrderFlow
package import Orders
package import SinkKit

extension DocumentMaker {
    /// The document that tells the shop what the ERP calls an order and its lines.
    ///
    /// - Parameters:
    ///   - shop: its configured name.
    ///   - earlierOnes: how many were made of ERP orders that this one replaces, under numbers that must not come again.
    /// - Throws: ``DocumentFaults`` with all that is missing or doesn't fit.
    package func confirmation(
        of order: Order, receipt: SinkReceipt, shop: String, at: Timestamp, earlierOnes: Int = 0
    ) throws(DocumentFaults) -> OutgoingDocument {
        guard let cxml = style.cxml else { throw Self.missing("cxml") }
        var match = LineMatch(order, receipt)
        let time = self.time(at, "timestamp", &match)
        switch style.confirmation {
        case .confirmationRequest:
            let identity = match.identity(needsReference: true)
            let lines = order.pushedLines.compactMap { confirmed($0, &match) }
            try match.throwIfAny()
            guard let time else { throw Self.missing("timestamp") }
            // The currency goes with prices, and the ERP tells no other ones.
            let confirmation = OrderConfirmation(
                number: receipt.erpOrderNumber, order: identity, time: time, currency: order.currency ?? "", lines: lines)
            let number = payloadID("confirmation", shop, receipt.erpOrderNumber, cxml)
            let request = ConfirmationRequest(confirmation, style: cxml.confirmation)
            return OutgoingDocument(
                kind: .confirmationRequest, number: number,
                bytes: try request.render(in: cxml.envelope(payloadID: number, at: time)))
        case .orderRequest:
            let feedback = orderFeedback(order, receipt, cxml, &match)
            try match.throwIfAny()
            guard let feedback, let time else { throw Self.missing("timestamp") }
            let number =
                cxml.orderRequest.payloadIDIsOrderID
                // The shop takes anything, preferably the order's id (documented).
                ? String(order.id) + (earlierOnes == 0 ? "" : "-\(earlierOnes + 1)")
                : payloadID("order", shop, receipt.erpOrderNumber, cxml)
            return OutgoingDocument(
                kind: .orderRequest, number: number, bytes: try feedback.render(in: cxml.envelope(payloadID: number, at: time)))
        case nil: throw Self.missing("confirmation")
        }
    }

    func payloadID(_ kind: String, _ shop: String, _ number: String, _ cxml: CXMLStyle) -> String {
        CXMLEnvelope.payloadID(kind: kind, shop: shop, number: number, host: cxml.host)
    }

    /// `nil` after a fault.
    func confirmed(_ line: OrderLine, _ match: inout LineMatch) -> ConfirmedLine? {
        guard let answer = match.answer(to: line) else { return nil }
        let number = answer.outcome == .rejected ? answer.erpLineNumber : match.erpLineNumber(of: line)
        var confirmed = ConfirmedLine(
            orderLineNumber: Int64(line.position), erpLineNumber: number, article: LineMatch.article(line),
            quantity: line.quantity, unit: style.unit, parts: [part(answer, line)])
        confirmed.unitPrice = line.unitPrice
        return confirmed
    }

    private func part(_ answer: SinkReceiptLine, _ line: OrderLine) -> ConfirmedPart {
        var part = ConfirmedPart(quantity: line.quantity, outcome: .accepted, reason: answer.message)
        switch answer.outcome {
        case .accepted: break
        // What is new a receipt doesn't tell, but in words.
        case .changed:
            part.outcome = .changed
            part.reason = answer.message ?? "changed"
        case .backordered: part.outcome = .backordered
        case .rejected:
            part.outcome = .rejected
            part.reason = answer.message ?? "not accepted"
        }
        return part
    }

    /// `nil` after a fault.
    private func orderFeedback(
        _ order: Order, _ receipt: SinkReceipt, _ cxml: CXMLStyle, _ match: inout LineMatch
    ) -> OrderFeedback? {
        let currency = order.currency ?? ""
        if order.currency == nil { match.add("Total/Money/@currency", "the shop gave the order no currency") }
        let taken = order.pushedLines.filter { line in
            !receipt.lines.contains { $0.lineKey == line.key && $0.outcome == .rejected }
        }
        let lines = taken.compactMap { feedbackLine($0, currency, &match) }
        let orderTime = (order.orderDate ?? order.confirmDate).flatMap { self.orderTime($0) }
        if orderTime == nil { match.add("OrderRequestHeader/@orderDate", "the shop gave the order no readable date") }
        let sums = lines.map { $0.quantity.multiplied(by: $0.unitPrice.amount) }
        let total = receipt.total ?? sums.reduce(ExactDecimal?(.zero)) { sum, next in next.flatMap { sum?.adding($0) } }
        if total == nil { match.add("Total/Money", "a sum too large to be held") }
        let billTo = (order.invoiceAddress ?? order.customer).flatMap(Self.address)
        if billTo == nil { match.add("BillTo/Address/@addressID", "the shop gave the order neither an address nor a customer") }
        guard let orderTime, let total, let billTo else { return nil }
        var feedback = OrderFeedback(
            type: cxml.orderRequest.type, erpOrderNumber: receipt.erpOrderNumber, orderTime: orderTime,
            total: CXMLMoney(total, currency), billTo: billTo, lines: lines)
        feedback.orderReference = match.orderName
        feedback.shipTo = (order.shipmentAddress ?? order.customer).flatMap(Self.address)
        feedback.requestedDeliveryDate = order.requestedDeliveryDate.flatMap { CalendarDate(iso: String($0.prefix(10))) }
        if let name = cxml.orderRequest.orderIDName { feedback.extrinsics.append(CXMLExtrinsic(name, String(order.id))) }
        if let name = cxml.orderRequest.referenceName, let reference = order.reference {
            feedback.extrinsics.append(CXMLExtrinsic(name, reference))
        }
        return feedback
    }

    private func feedbackLine(_ line: OrderLine, _ currency: String, _ match: inout LineMatch) -> OrderFeedback.Line? {
        let number = match.erpLineNumber(of: line)
        if line.unitPrice == nil { match.add(line: line, "ItemOut/ItemDetail/UnitPrice", "the shop gave the line no price") }
        guard let number, let price = line.unitPrice else { return nil }
        return OrderFeedback.Line(
            erpLineNumber: number, quantity: line.quantity, unit: style.unit, supplierPartID: line.productKey,
            unitPrice: CXMLMoney(price, currency), description: line.description ?? line.productKey)
    }

    private func orderTime(_ text: String) -> ZonedTime? {
        if let date = CalendarDate(iso: text) { return beginning(of: date) }
        return clock.instant(text).flatMap { ZonedTime($0, offsetMinutes: clock.offsetMinutes(at: $0)) }
    }

    /// By its import key, else by the shop's id. The key stands for the name, too: a document needn't tell who somebody is.
    private static func address(_ party: PartyReference) -> OrderFeedback.Address? {
        let key: String? =
            switch party {
            case .id(let id): String(id)
            case .originKey(_, let key): key
            case .expanded(let party): party.key ?? party.code ?? party.id.map { String($0) }
            }
        return key.map { OrderFeedback.Address(addressID: $0, name: $0) }
    }
}
