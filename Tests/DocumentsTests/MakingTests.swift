import Documents
import Orders
import Testing

/// How shipments and confirmations are put into cXML.
struct MakingTests {
    private static func confirmation(_ parts: [[ConfirmedPart]], comment: String? = nil) throws -> OrderConfirmation {
        let lines = parts.enumerated().map { index, parts in
            ConfirmedLine(
                orderLineNumber: Int64(index + 1), erpLineNumber: Int64(index + 1) * 10, article: Article(sellerNumber: "A"),
                quantity: parts.reduce(ExactDecimal.zero) { $0.adding($1.quantity) ?? $0 }, parts: parts)
        }
        var confirmation = OrderConfirmation(
            number: "C-1", order: OrderIdentity(number: "CS48193", erpNumber: "ERP-1", payloadID: "7@shop"),
            time: try CXMLSamples.time(),
            currency: "EUR", lines: lines)
        confirmation.comment = comment
        return confirmation
    }

    private static func part(_ outcome: ConfirmedPart.Outcome, reason: String? = nil) -> ConfirmedPart {
        ConfirmedPart(quantity: ExactDecimal(2), outcome: outcome, reason: reason)
    }

    @Test func `an order taken as it is needs no lines`() throws {
        let request = try ConfirmationRequest(Self.confirmation([[Self.part(.accepted)], [Self.part(.accepted)]]))
        #expect(request.kind == .accept && request.items.isEmpty)
        #expect(request.order == CXMLOrderReference(orderID: "CS48193", payloadID: "7@shop"))
        #expect(try ConfirmationRequest(Self.confirmation([])).kind == .accept)
    }

    @Test func `an order refused as a whole gives every reason`() throws {
        let request = try ConfirmationRequest(
            Self.confirmation([[Self.part(.rejected, reason: "gone")], [Self.part(.rejected)]], comment: "Sorry"))
        #expect(request.kind == .reject && request.items.isEmpty && request.comments == ["Sorry", "Line 1: gone"])
    }

    @Test func `what differs is named, and only that`() throws {
        let request = try ConfirmationRequest(
            Self.confirmation([
                [Self.part(.accepted)], [Self.part(.accepted), Self.part(.backordered)], [Self.part(.repriced(ExactDecimal(9)))],
            ]))
        #expect(request.kind == .except && request.items.map(\.lineNumber) == [2, 3])
        #expect(request.items[0].statuses.map(\.kind) == [.accept, .backordered])
        #expect(request.items[1].statuses[0].unitPrice == CXMLMoney(ExactDecimal(9), "EUR"))
    }

    @Test func `the ERP's numbers go along where both sides have names for them`() throws {
        let style = ConfirmationStyle(erpOrderNumberName: "erpOrder", erpLineNumberName: "erpLine")
        let request = try ConfirmationRequest(Self.confirmation([[Self.part(.accepted)]]), style: style)
        #expect(request.extrinsics == [CXMLExtrinsic("erpOrder", "ERP-1")])
        #expect(request.items.map { $0.statuses[0].extrinsics } == [[CXMLExtrinsic("erpLine", "10")]])
        #expect(throws: Never.self) { try request.render(in: CXMLSamples.envelope()) }
    }

    @Test func `a line in two packages stands in the ship notice once, with both packages`() throws {
        var despatch = try EDIFACTSamples.despatch()
        var again = despatch.packages[0].lines[0]
        again.quantity = try ExactDecimal("1.5")
        despatch.packages[1].lines.append(again)
        despatch.packages[1].typeCode = "PX"
        let notice = try ShipNoticeRequest(despatch, language: "de")
        let items = notice.portions[0].items
        #expect(try items.map(\.lineNumber) == [1, 2] && items[0].quantity == ExactDecimal("7.5"))
        #expect(items[0].packages.map(\.code) == ["CT", "PX"] && items[0].batches.count == 2)
        #expect(notice.controls[0].trackingCodes.map(\.text) == ["JD0001", "JD0002"])
        #expect(notice.contacts.map(\.role) == ["shipFrom", "shipTo"])
    }

    @Test func `a line counted in two units can't be added up`() throws {
        var despatch = try EDIFACTSamples.despatch()
        var again = despatch.packages[0].lines[0]
        again.unit = "KGM"
        despatch.packages[1].lines.append(again)
        let faults = #expect(throws: DocumentFaults.self) { try ShipNoticeRequest(despatch, language: "de") }
        #expect(
            faults?.description
                == "order PO-4712, line 1, ShipNoticeItem/@quantity: the quantities in several packages can't be added up")
    }

    @Test func `a shipment without a carrier or a tracking code is a fault, not a guess`() throws {
        var despatch = try EDIFACTSamples.despatch()
        despatch.carrier = nil
        for index in despatch.packages.indices { despatch.packages[index].trackingCode = nil }
        // Its type says what the second package is.
        despatch.packages[1].typeCode = "CT"
        let notice = try ShipNoticeRequest(despatch, language: "de")
        #expect(
            try CXMLSamples.faults { try notice.render(in: CXMLSamples.envelope()) }.filter { $0.contains("ShipControl") } == [
                "order PO-4712, ShipControl/CarrierIdentifier: the carrier is not known",
                "order PO-4712, ShipControl/ShipmentIdentifier: no tracking code is known",
            ])
    }
}
