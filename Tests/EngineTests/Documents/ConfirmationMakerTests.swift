import Documents
import Engine
import OrderFlow
import Orders
import SinkKit
import Testing

/// What receipts become.
@Suite struct ConfirmationMakerTests {
    private typealias Samples = MakerSamples

    private func document(
        order: Order = Samples.order, receipt: SinkReceipt = Samples.receipt, style: (inout DocumentStyle) -> Void = { _ in }
    ) throws -> OutgoingDocument {
        try Samples.maker(style).confirmation(of: order, receipt: receipt, shop: "main", at: Samples.at)
    }

    private func request(
        _ receipt: SinkReceipt = Samples.receipt, style: (inout DocumentStyle) -> Void = { _ in }
    ) throws -> ConfirmationRequest {
        try ConfirmationRequest.parse(document(receipt: receipt, style: style).bytes).body
    }

    @Test func `an order that the ERP took whole is accepted`() throws {
        let document = try document()
        let (envelope, request) = try ConfirmationRequest.parse(document.bytes)
        #expect(document.kind == .confirmationRequest && document.number == "confirmation.main.SO-000123@connector.example")
        #expect(envelope.payloadID == document.number && envelope.timestamp.iso == "2025-11-24T17:00:00+01:00")
        #expect(request.kind == .accept && request.items.isEmpty && request.confirmID == "SO-000123")
        #expect(request.order == CXMLOrderReference(orderID: "CS48193"))
        #expect(try self.document() == document)
    }

    @Test func `extrinsics carry the ERP's numbers, those of pushed lines only`() throws {
        let request = try request {
            $0.cxml?.confirmation = ConfirmationStyle(erpOrderNumberName: "no", erpLineNumberName: "line")
        }
        #expect(request.extrinsics == [CXMLExtrinsic("no", "SO-000123")])
        #expect(request.items.map(\.lineNumber) == [1, 2, 4])
        #expect(request.items.map { $0.statuses.flatMap(\.extrinsics).map(\.text) } == [["10"], ["20"], ["30"]])
    }

    @Test func `each outcome of a line has its words`() throws {
        var receipt = Samples.receipt
        receipt.lines[0].outcome = .changed
        receipt.lines[0].message = "in two parts"
        receipt.lines[1].outcome = .backordered
        receipt.lines[2] = SinkReceiptLine(lineKey: "position:4", erpLineNumber: nil, outcome: .rejected)
        let request = try request(receipt)
        #expect(request.kind == .except)
        #expect(request.items.map(\.lineNumber) == [1, 2, 4])
        #expect(request.items.map { $0.statuses.map(\.kind) } == [[.accept], [.backordered], [.reject]])
        #expect(request.items.map { $0.statuses.flatMap(\.comments) } == [["in two parts"], [], ["not accepted"]])
        #expect(request.items.map(\.quantity) == [ExactDecimal(10), ExactDecimal(3), ExactDecimal(1)])
    }

    @Test func `an order of which the ERP took nothing is rejected with the reasons`() throws {
        var receipt = Samples.receipt
        for index in receipt.lines.indices {
            receipt.lines[index] = SinkReceiptLine(
                lineKey: receipt.lines[index].lineKey, erpLineNumber: nil, outcome: .rejected, message: "gone")
        }
        let request = try request(receipt)
        #expect(request.kind == .reject && request.items.isEmpty)
        #expect(request.comments == ["Line 1: gone", "Line 2: gone", "Line 4: gone"])
    }

    @Test(arguments: DocumentStyle.Confirmation.allCases)
    func `lines without a number or without an answer are named at once`(kind: DocumentStyle.Confirmation) throws {
        var receipt = Samples.receipt
        receipt.lines[0].erpLineNumber = nil
        receipt.lines.remove(at: 1)
        #expect(
            try Samples.faults { _ = try document(receipt: receipt) { $0.confirmation = kind } } == [
                "order CS48193, line 1, ERP line number: the ERP gave the line no number",
                "order CS48193, line 2, receipt: the ERP's receipt doesn't name the line",
            ])
    }

    @Test func `an order request tells the ERP's numbers`() throws {
        let document = try document { style in
            style.confirmation = .orderRequest
            style.cxml?.orderRequest.orderIDName = "CloudSuiteOrderId"
        }
        let (envelope, feedback) = try OrderFeedback.parse(document.bytes)
        #expect(document.kind == .orderRequest && document.number == "order.main.SO-000123@connector.example")
        #expect(envelope.payloadID == document.number && feedback.type == "sync" && feedback.erpOrderNumber == "SO-000123")
        #expect(feedback.orderTime.iso == "2025-11-20T09:30:00+01:00" && feedback.billTo.addressID == "4711")
        #expect(feedback.lines.map(\.erpLineNumber) == [10, 20, 30])
        // 10 × 1.25 + 3 × 2 + 1 × 5
        #expect(feedback.total == CXMLMoney(try ExactDecimal("23.5"), "EUR"))
        #expect(feedback.extrinsics == [CXMLExtrinsic("CloudSuiteOrderId", "48193")])
    }

    @Test func `an order request may be named by the shop's order id alone`() throws {
        let document = try document { style in
            style.confirmation = .orderRequest
            style.cxml?.orderRequest.payloadIDIsOrderID = true
        }
        #expect(document.number == "48193")
        // The shop, or whoever stands before it, may leave out what it has seen already.
        let next = try Samples.maker {
            $0.confirmation = .orderRequest
            $0.cxml?.orderRequest.payloadIDIsOrderID = true
        }.confirmation(of: Samples.order, receipt: Samples.receipt, shop: "main", at: Samples.at, earlierOnes: 1)
        #expect(next.number == "48193-2" && String(decoding: next.bytes, as: UTF8.self).contains("payloadID=\"48193-2\""))
    }

    @Test func `an order request leaves out what the ERP refused`() throws {
        var receipt = Samples.receipt
        receipt.lines[1] = SinkReceiptLine(lineKey: "id:902", erpLineNumber: nil, outcome: .rejected)
        let document = try document(receipt: receipt) { $0.confirmation = .orderRequest }
        #expect(try OrderFeedback.parse(document.bytes).body.lines.map(\.erpLineNumber) == [10, 30])
    }

    @Test func `what an order request lacks is named at once`() throws {
        var order = Samples.order
        (order.currency, order.orderDate, order.invoiceAddress) = (nil, nil, nil)
        order.lines[0].unitPrice = nil
        #expect(
            try Samples.faults { _ = try document(order: order) { $0.confirmation = .orderRequest } } == [
                "order CS48193, Total/Money/@currency: the shop gave the order no currency",
                "order CS48193, line 1, ItemOut/ItemDetail/UnitPrice: the shop gave the line no price",
                "order CS48193, OrderRequestHeader/@orderDate: the shop gave the order no readable date",
                "order CS48193, BillTo/Address/@addressID: the shop gave the order neither an address nor a customer",
            ])
    }

    @Test func `a status is JSON in the shop's own time`() throws {
        let text = StatusText(step: .shipped, id: "40", language: "nl_NL", text: "Onderweg \"nu\"")
        let document = try Samples.maker().status(text, of: Samples.order, receipt: Samples.receipt, at: Samples.at)
        #expect(document.kind == .orderStatus && document.number == "SO-000123.shipped")
        #expect(
            String(decoding: document.bytes, as: UTF8.self) == """
                {"CloudsuiteOrderId":"CS48193","orderId":"SO-000123","dateTime":"2025-11-24T17:00:00","stateId":"40",\
                "state":{"lang":"nl_NL","value":"Onderweg \\"nu\\""}}
                """)
    }

    @Test(arguments: [
        ("A1", true), ("12345678901234", true), ("", false), ("123456789012345", false), ("a1", false), ("A-1", false),
    ])
    func `a control reference is capital letters and digits`(text: String, isOne: Bool) {
        #expect((ControlReference(text) != nil) == isOne)
    }
}
