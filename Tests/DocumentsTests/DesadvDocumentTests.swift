import Documents
import Orders
import Testing
import XMLKit

struct DesadvDocumentTests {
    private static func despatch(_ packages: [DespatchPackage]) throws -> Despatch {
        let time = try #require(ZonedTime(iso: "2025-03-01T10:00:00+01:00"))
        let arrival = try #require(ZonedTime(iso: "2025-03-02T12:00:00+01:00"))
        var despatch = Despatch(
            number: "PS-2025-000123", noticeTime: time, shipmentTime: time, deliveryTime: arrival, packages: packages)
        despatch.carrier = Carrier(name: "DHL")
        return despatch
    }

    private static func line(_ number: Int64, _ quantity: String, order: String = "ERP-124578") throws -> DespatchLine {
        DespatchLine(
            order: OrderIdentity(number: "CS48193", erpNumber: order), orderLineNumber: number, erpLineNumber: number,
            article: Article(sellerNumber: "124_STUK"), quantity: try ExactDecimal(quantity))
    }

    @Test func `a shipment has every documented path`() throws {
        var despatch = try Self.despatch([DespatchPackage(trackingCode: "3SABC0123456", lines: [try Self.line(11, "1")])])
        despatch.comment = "Leave at \"no. 5\" & ring <twice>"
        despatch.buyer = DocumentParty(code: "10")
        let documents = try DesadvDocument.documents(for: despatch, split: .messagePerTrackingCode)
        #expect(documents.count == 1)
        #expect(
            String(decoding: try documents[0].render(), as: UTF8.self) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <Desadv>
                  <DesadvHeader>
                    <DesadvNumber>PS-2025-000123</DesadvNumber>
                    <DesadvDate>2025-03-01</DesadvDate>
                    <PlannedDeliveryDate>2025-03-02</PlannedDeliveryDate>
                    <Comment>Leave at "no. 5" &amp; ring &lt;twice&gt;</Comment>
                    <TransportDetails>
                      <TransportModeCode>DHL</TransportModeCode>
                      <MeansOfTransport>
                        <Identification>3SABC0123456</Identification>
                      </MeansOfTransport>
                    </TransportDetails>
                  </DesadvHeader>
                  <DesadvParty>
                    <BuyerParty>10</BuyerParty>
                  </DesadvParty>
                  <DesadvDetail>
                    <Packaging>
                      <LineItems>
                        <Item>
                          <ItemNum>11</ItemNum>
                          <OrderNum>ERP-124578</OrderNum>
                          <QuantityValue>1.0000</QuantityValue>
                          <SellerItemID>124_STUK</SellerItemID>
                        </Item>
                      </LineItems>
                    </Packaging>
                  </DesadvDetail>
                </Desadv>

                """)
    }

    @Test func `packages with tracking codes of their own become messages of their own`() throws {
        let despatch = try Self.despatch([
            DespatchPackage(trackingCode: "A", lines: [try Self.line(1, "2"), try Self.line(2, "1")]),
            DespatchPackage(trackingCode: "B", lines: [try Self.line(1, "3")]),
            DespatchPackage(trackingCode: "A", lines: [try Self.line(2, "0.5")]),
        ])
        let split = try DesadvDocument.documents(for: despatch, split: .messagePerTrackingCode)
        #expect(split.map(\.number) == ["PS-2025-000123-1", "PS-2025-000123-2"])
        #expect(split.map(\.trackingCode) == ["A", "B"])
        #expect(split.map { $0.items.map(\.quantity.spelling) } == [["2", "1.5"], ["3"]])
        let joined = try DesadvDocument.documents(for: despatch, split: .oneMessage)
        #expect(joined.map(\.number) == ["PS-2025-000123"] && joined[0].trackingCode == "A, B")
        #expect(joined[0].items.map(\.quantity) == [try ExactDecimal("5"), try ExactDecimal("1.5")])
    }

    @Test func `several orders may stand on one slip`() throws {
        let lines = [try Self.line(1, "1"), try Self.line(1, "1", order: "ERP-2")]
        let document = try DesadvDocument.documents(for: Self.despatch([DespatchPackage(lines: lines)]), split: .oneMessage)[0]
        #expect(document.items.map(\.orderNumber) == ["ERP-124578", "ERP-2"])
        #expect(try DesadvDocument(document.render()) == document)
    }

    @Test(arguments: [
        ("1.23456", "1.23456 has more than 4 decimals"), ("123456789", "123456789 has more than 8 digits before the point"),
        ("0", "0 is not a quantity above zero"), ("-1", "-1 is not a quantity above zero"),
    ])
    func `a quantity that doesn't fit is a fault with order and line`(quantity: String, message: String) throws {
        let despatch = try Self.despatch([DespatchPackage(lines: [try Self.line(7, quantity)])])
        let document = try DesadvDocument.documents(for: despatch, split: .oneMessage)[0]
        let fault = DocumentFault(order: "CS48193", line: 7, element: "Item/QuantityValue", message)
        #expect(throws: DocumentFaults(faults: [fault])) { try document.render() }
        #expect(fault.description == "order CS48193, line 7, Item/QuantityValue: \(message)")
    }

    @Test func `all faults are named at once`() throws {
        var line = try Self.line(0, "1")
        line.article.sellerNumber = " "
        line.order.erpNumber = "E\u{1}"
        var despatch = try Self.despatch([DespatchPackage(lines: [line])])
        despatch.number = ""
        let document = try DesadvDocument.documents(for: despatch, split: .oneMessage)[0]
        let faults = #expect(throws: DocumentFaults.self) { try document.render() }?.faults.map(\.description)
        #expect(
            faults == [
                "order CS48193, DesadvHeader/DesadvNumber: a mandatory value is missing",
                "order CS48193, line 0, Item/ItemNum: 0 is not a line number",
                "order CS48193, line 0, Item/OrderNum: XML can't hold the sign U+1",
                "order CS48193, line 0, Item/SellerItemID: a mandatory value is missing",
            ])
    }

    @Test func `an empty shipment is a fault`() throws {
        let document = try DesadvDocument.documents(for: Self.despatch([]), split: .oneMessage)[0]
        #expect(throws: DocumentFaults(faults: [DocumentFault(element: "LineItems", "there is nothing in the shipment")])) {
            try document.render()
        }
    }

    @Test(arguments: [
        ("<Other/>", "Other: the root is to be 'Desadv'"), ("<Desadv/>", "Desadv/DesadvHeader: the element is missing"),
        ("<Desadv><DesadvHeader/><DesadvHeader/></Desadv>", "Desadv/DesadvHeader: the element stands twice"),
        ("<Desadv>", "line 1: the document ends too early"),
    ])
    func `a message that is none says where`(text: String, description: String) {
        #expect(#expect(throws: DocumentFault.self) { try DesadvDocument(Array(text.utf8)) }?.description == description)
    }
}
