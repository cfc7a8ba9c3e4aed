import Documents
import Engine
import OrderFlow
import Orders
import SinkKit
import Testing

/// What receipts become for a trading partner.
@Suite struct OrderResponseMakerTests {
    private typealias Samples = MakerSamples

    private func document(
        order: Order = Samples.order, receipt: SinkReceipt = Samples.receipt, style: (inout DocumentStyle) -> Void = { _ in }
    ) throws -> OutgoingDocument {
        try Samples.maker(style).orderResponse(
            to: order, receipt: receipt, control: try #require(Samples.control), at: Samples.at)
    }

    private func response(_ document: OutgoingDocument) throws -> OrderResponse {
        let interchange = try EDIFACTInterchange(document.bytes)
        #expect(interchange.controlReference == "E7A0000042" && interchange.messages.count == 1)
        return try OrderResponse(try #require(interchange.messages.first))
    }

    @Test func `an order that the ERP took whole is accepted, line by line`() throws {
        let document = try document()
        #expect(document.kind == .orderResponse && document.number == "E7A0000042")
        let response = try response(document)
        #expect(response.number == "SO-000123" && response.currency == "EUR")
        #expect(response.order == OrderIdentity(number: "CS48193", erpNumber: "SO-000123"))
        #expect(response.buyer?.locationNumber == "4054321000009" && response.supplier?.locationNumber == "4012345000009")
        #expect(response.lines.map(\.orderLineNumber) == [1, 2, 4] && response.lines.map(\.erpLineNumber) == [10, 20, 30])
        #expect(response.lines.flatMap(\.parts).allSatisfy { $0.outcome == .accepted })
        #expect(String(decoding: document.bytes, as: UTF8.self).contains("BGM+231+SO-000123+29'"))
        #expect(try self.document() == document)
    }

    @Test func `each outcome of a line has its code`() throws {
        var receipt = Samples.receipt
        receipt.lines[1].outcome = .backordered
        receipt.lines[2] = SinkReceiptLine(lineKey: "position:4", erpLineNumber: nil, outcome: .rejected, message: "gone")
        let response = try response(try document(receipt: receipt))
        #expect(response.lines.flatMap(\.parts).map(\.outcome) == [.accepted, .backordered, .rejected])
        #expect(response.lines.flatMap(\.parts).map(\.reason) == [nil, nil, "gone"])
        #expect(response.lines.map(\.quantity) == [ExactDecimal(10), ExactDecimal(3), ExactDecimal(1)])
    }

    @Test func `a line that the ERP took otherwise than ordered isn't told as accepted`() throws {
        var receipt = Samples.receipt
        receipt.lines[0].outcome = .changed
        receipt.lines[0].message = "in two parts"
        let document = try document(receipt: receipt)
        let lines = try response(document).lines
        #expect(lines.flatMap(\.parts).map(\.outcome) == [.changed, .accepted, .accepted])
        #expect(lines[0].parts.map(\.reason) == ["in two parts"])
        #expect(String(decoding: document.bytes, as: UTF8.self).contains("BGM+231+SO-000123+4'"))
    }

    @Test func `everything that is missing is named at once`() throws {
        var order = Samples.order
        order.reference = nil
        var receipt = Samples.receipt
        receipt.lines[0].erpLineNumber = nil
        let faults = try Samples.faults { _ = try document(order: order, receipt: receipt) }
        #expect(faults.count == 2 && faults.contains { $0.contains("the shop gave the order no reference") }, "\(faults)")
        var unpriced = Samples.order
        unpriced.currency = nil
        #expect(try Samples.faults { _ = try document(order: unpriced) }.contains { $0.contains("is not a currency") })
        #expect(try Samples.faults { _ = try document { $0.edifact = nil } }.count == 1)
    }
}
