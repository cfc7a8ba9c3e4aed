import CloudSuite
package import Documents
package import OrderFlow
package import Orders
package import SinkKit

extension DocumentMaker {
    /// One or more documents for one shipment, in the order they are to be sent: DESADV one for each tracking code where the style
    /// splits, cXML and EDIFACT one. Packages with a tracking code stand first.
    ///
    /// Their numbers derive from the shipment's: its id, with the ERP's order number behind it where other orders share it.
    /// - Parameters:
    ///   - shop: its configured name.
    ///   - control: names the EDIFACT file; the others have no use for it.
    /// - Throws: ``DocumentFaults`` with all that is missing or doesn't fit.
    package func despatch(
        _ shipment: SinkShipment, of order: Order, receipt: SinkReceipt, shop: String, control: ControlReference, at: Timestamp
    ) throws(DocumentFaults) -> [OutgoingDocument] {
        guard let kind = style.despatch else { throw Self.missing("despatch") }
        let (despatch, noticeTime) = try contents(of: shipment, order, receipt, kind, at)
        switch kind {
        case .desadv: return try desadv(despatch)
        case .cxml:
            guard let cxml = style.cxml else { throw Self.missing("cxml") }
            let number = payloadID("despatch", shop, despatch.number, cxml)
            let notice = try ShipNoticeRequest(despatch, language: cxml.language)
            let bytes = try notice.render(in: cxml.envelope(payloadID: number, at: noticeTime))
            return [OutgoingDocument(kind: .shipNotice, number: number, bytes: bytes)]
        case .edifact:
            guard let edifact = style.edifact else { throw Self.missing("edifact") }
            let message = try DespatchAdvice(despatch).render(edifact.profile).message
            let bytes = try edifact.file([message], control: control, at: noticeTime)
            return [OutgoingDocument(kind: .despatchAdvice, number: control.text, messageNumber: despatch.number, bytes: bytes)]
        }
    }

    private func desadv(_ despatch: Despatch) throws(DocumentFaults) -> [OutgoingDocument] {
        var documents: [OutgoingDocument] = []
        var faults: [DocumentFault] = []
        for document in try DesadvDocument.documents(for: despatch, split: style.packageSplit) {
            do throws(DocumentFaults) {
                documents.append(OutgoingDocument(kind: .desadv, number: document.number, bytes: try document.render()))
            } catch {
                faults += error.faults.filter { !faults.contains($0) }
            }
        }
        guard faults.isEmpty else { throw DocumentFaults(faults: faults) }
        return documents
    }

    private func contents(
        of shipment: SinkShipment, _ order: Order, _ receipt: SinkReceipt, _ kind: DocumentStyle.Despatch, _ at: Timestamp
    ) throws(DocumentFaults) -> (Despatch, noticeTime: ZonedTime) {
        var match = LineMatch(order, receipt)
        let noticeTime = self.time(at, "timestamp", &match)
        let shipmentTime = self.shipmentTime(shipment, &match)
        let deliveryTime = shipmentTime.flatMap { self.deliveryTime(shipment, sentAt: $0, &match) }
        let identity = match.identity(needsReference: kind != .desadv)
        let packages = shipment.packages.enumerated().map { index, package in
            despatched(package, at: "packages[\(index)]", identity, &match)
        }
        try match.throwIfAny()
        guard let noticeTime, let shipmentTime, let deliveryTime else { throw Self.missing("timestamp") }
        var despatch = Despatch(
            number: shipment.isShared ? "\(shipment.id)-\(receipt.erpOrderNumber)" : shipment.id,
            // The shop's message has the slip's date, which is the day it was sent on, however late we tell it.
            noticeTime: kind == .desadv ? shipmentTime : noticeTime, shipmentTime: shipmentTime, deliveryTime: deliveryTime,
            packages: packages.filter { $0.trackingCode != nil } + packages.filter { $0.trackingCode == nil })
        despatch.comment = shipment.comment
        despatch.carrier = (shipment.carrier ?? style.carrier).map { Carrier(name: $0) }
        if kind == .desadv { despatch.buyer = style.buyerParty.map { DocumentParty(code: $0) } }
        if kind == .edifact {
            (despatch.buyer, despatch.supplier, despatch.deliverTo) =
                (style.edifact?.buyer, style.edifact?.supplier, style.edifact?.deliverTo)
        }
        return (despatch, noticeTime)
    }

    private func despatched(
        _ package: SinkPackage, at path: String, _ order: OrderIdentity, _ match: inout LineMatch
    ) -> DespatchPackage {
        var despatched = DespatchPackage(
            containerCode: package.containerCode, trackingCode: package.trackingCode, typeCode: style.packageType,
            weightKilograms: package.weightKilograms, lines: [])
        despatched.trackingAddress = package.trackingAddress
        for (index, shipped) in package.lines.enumerated() {
            guard let line = match.line(shipped.lineKey, "\(path).lines[\(index)].line") else { continue }
            if shipped.quantity.isZero || shipped.quantity.isNegative {
                match.add(
                    line: line, "\(path).lines[\(index)].quantity", "\(shipped.quantity.spelling) is not a quantity above zero")
            }
            guard let number = match.erpLineNumber(of: line) else { continue }
            despatched.lines.append(
                DespatchLine(
                    order: order, orderLineNumber: Int64(line.position), erpLineNumber: number,
                    article: LineMatch.article(line), quantity: shipped.quantity, unit: style.unit))
        }
        return despatched
    }

    /// `nil` after a fault.
    private func shipmentTime(_ shipment: SinkShipment, _ match: inout LineMatch) -> ZonedTime? {
        guard let told = ZonedTime(iso: shipment.shippedAt, needsZone: true) else {
            match.add("shipped_at", "not a date and time with its zone, such as 2026-11-21T10:30:00+01:00")
            return nil
        }
        return time(Timestamp(milliseconds: Int64(told.instant) * 1000), "shipped_at", &match)
    }

    /// Of a day only the beginning is known; where the goods leave on that very day, they arrive no earlier than they leave.
    private func deliveryTime(_ shipment: SinkShipment, sentAt: ZonedTime, _ match: inout LineMatch) -> ZonedTime? {
        var day = sentAt.date.adding(days: style.daysUntilDelivery)
        if let expected = shipment.expectedDate {
            day = CalendarDate(iso: expected)
            if day == nil { match.add("expected_date", "not a date such as 2026-11-22") }
        } else if day == nil {
            match.add("expected_date", "the calendar doesn't reach so far")
        }
        return day == sentAt.date ? sentAt : day.flatMap { beginning(of: $0) }
    }
}
