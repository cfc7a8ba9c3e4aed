import OrderFlow
import Orders
import SinkKit
import Testing

@testable import CloudSuite

@Suite struct OrderEditTests {
    private static let receipt = SinkReceipt(
        erpOrderNumber: "ERP-7",
        lines: [
            SinkReceiptLine(lineKey: "id:9001", erpLineNumber: 10), SinkReceiptLine(lineKey: "id:9003", erpLineNumber: 20),
            SinkReceiptLine(lineKey: "id:9999", erpLineNumber: nil, outcome: .rejected),
        ])

    static let steps: [(steps: [WriteStep], close: ClosePolicy, patch: String, needsWholeOrder: Bool)] = [
        ([.mark], .leave, #"{"state":"processing"}"#, false), ([.number], .leave, #"{"erp_order_number":"ERP-7"}"#, false),
        ([.mark, .number], .leave, #"{"state":"processing","erp_order_number":"ERP-7"}"#, false), ([.lines], .leave, "{}", true),
        ([.close], .auto, #"{"shipment_state":"sent"}"#, false), ([.close], .done, #"{"state":"done"}"#, false),
        ([.close], .leave, "{}", false), ([.markSent], .leave, #"{"shipment_state":"sent"}"#, false),
        ([.markSent], .done, #"{"shipment_state":"sent"}"#, false),
    ]

    @Test(arguments: steps)
    func `steps become the fields they are about`(steps: [WriteStep], close: ClosePolicy, patch: String, needsWholeOrder: Bool) {
        let edit = OrderEdit(steps, receipt: Self.receipt, close: close)
        #expect(JSONValue.object(edit.patch).compactText == patch)
        #expect(edit.needsWholeOrder == needsWholeOrder)
    }

    @Test func `of an order that isn't in the ERP nothing can be told but that it was sent`() {
        let edit = OrderEdit(WriteStep.allCases.filter { $0 != .close }, receipt: nil, close: .auto)
        #expect(JSONValue.object(edit.patch).compactText == #"{"shipment_state":"sent"}"#)
        #expect(!edit.needsWholeOrder)
    }

    @Test func `only our own fields differ, in values and in spelling`() throws {
        let read = try SampleOrder.object()
        let edit = OrderEdit([.mark, .number, .lines], receipt: Self.receipt, close: .leave)
        let sent = JSONValue.object(edit.replacement(for: read)).compactText
        let expected = JSONValue.object(read).compactText
            .replacing(#""erp_order_number":null"#, with: #""erp_order_number":"ERP-7""#)
            .replacing(#""state":"confirmed""#, with: #""state":"processing""#)
            .replacing(#""unit_price":"12.5000","erp_line_number":null"#, with: #""unit_price":"12.5000","erp_line_number":10"#)
            .replacing(#""unit_price":12.50,"erp_line_number":null"#, with: #""unit_price":12.50,"erp_line_number":20"#)
        #expect(sent == expected)
        #expect(sent.contains(#""Caf\u00e9 ☕""#) && sent.contains("0.100000000000000000000000000001") && sent.contains("2.50"))
    }

    @Test func `it never says confirmed`() throws {
        var edit = OrderEdit()
        edit.erpLineNumbers = ["id:9001": 1]
        #expect(edit.replacement(for: try SampleOrder.object())["state"] == "processing")
        edit.state = .confirmed
        #expect(edit.replacement(for: try SampleOrder.object())["state"] == "processing")
        #expect(edit.patch["state"] == nil)
        for state in ["done", "cancel", "hovering"] {
            #expect(edit.replacement(for: try SampleOrder.with("state", .text(state)))["state"] == .text(state))
        }
    }

    @Test func `lines of one product each get their own number, whatever their order`() throws {
        let read = try SampleOrder.object()
        var turned = read
        turned["order_lines"] = .array(Array(try #require(read["order_lines"]?.arrayValue).reversed()))
        let edit = OrderEdit([.lines], receipt: Self.receipt, close: .leave)
        let lines = try #require(edit.replacement(for: turned)["order_lines"]?.arrayValue)
        #expect(lines.map { $0["id"]?.integerValue } == [9003, 9002, 9001])
        #expect(lines.map { $0["erp_line_number"] } == [20, .null, 10])
    }

    @Test func `lines without ids are told by their position, ids in digits as ids`() throws {
        var edit = OrderEdit()
        edit.erpLineNumbers = ["position:1": 10, "id:9003": 20]
        let read = try SampleOrder.with([("order_lines[0].id", nil), ("order_lines[2].id", "9003")])
        let order = try #require(SampleOrder.read(read).order)
        #expect(order.pushedLines.map(\.key) == ["position:1", "id:9003"])
        let lines = try #require(edit.replacement(for: read)["order_lines"]?.arrayValue)
        #expect(lines.map { $0["erp_line_number"] } == [10, .null, 20])
        #expect(lines[2]["id"] == "9003")
    }

    @Test func `lines that aren't sold stay as they are, and a field that was missing is added`() throws {
        let read = try SampleOrder.with([
            ("order_lines[1]", ["type": "subtotal", "total": 3]), ("order_lines[0].erp_line_number", nil),
        ])
        let edit = OrderEdit([.lines], receipt: Self.receipt, close: .leave)
        let lines = try #require(edit.replacement(for: read)["order_lines"]?.arrayValue)
        #expect(lines[1].compactText == #"{"type":"subtotal","total":3}"#)
        #expect(lines[0]["erp_line_number"] == 10)
    }
}
