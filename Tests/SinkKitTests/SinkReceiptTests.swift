import Orders
import SinkKit
import Testing

@Suite struct SinkReceiptTests {
    static func full() throws -> SinkReceipt {
        SinkReceipt(
            erpOrderNumber: "SO0001", state: .draft,
            lines: [
                SinkReceiptLine(lineKey: "id:1", erpLineNumber: 10),
                SinkReceiptLine(lineKey: "id:2", erpLineNumber: 20, outcome: .backordered),
                SinkReceiptLine(lineKey: "id:3", erpLineNumber: 30, outcome: .changed, message: "18 instead of 20"),
                SinkReceiptLine(lineKey: "id:4", erpLineNumber: nil, outcome: .rejected, message: "blocked"),
            ], total: try ExactDecimal("12.50"))
    }

    static let fullText = """
        {"erp_order_number":"SO0001","state":"draft","lines":[{"line":"id:1","erp_line_number":10,"outcome":"accepted"},\
        {"line":"id:2","erp_line_number":20,"outcome":"backordered"},\
        {"line":"id:3","erp_line_number":30,"outcome":"changed","message":"18 instead of 20"},\
        {"line":"id:4","erp_line_number":null,"outcome":"rejected","message":"blocked"}],"total":"12.50"}
        """

    @Test func `the wire form is this, and reads back as the same receipt`() throws {
        let receipt = try Self.full()
        #expect(JSONValue.object(receipt.json).compactText == Self.fullText)
        let read = try #require(SinkReceipt(json: receipt.json))
        #expect(read == receipt)
        #expect(read.total?.spelling == "12.50")
    }

    @Test func `what is optional may be left out, and what nobody knows is passed over`() throws {
        let text =
            #"{"erp_order_number":"1","state":"cancelled","new":{},"lines":[{"line":"id:1","outcome":"accepted","new":1}],"total":null}"#
        let receipt = SinkReceipt(json: try #require(try JSONValue(parsing: text).objectValue))
        #expect(
            receipt
                == SinkReceipt(
                    erpOrderNumber: "1", state: .cancelled, lines: [SinkReceiptLine(lineKey: "id:1", erpLineNumber: nil)]))
    }

    @Test(arguments: [
        (#""SO0001""#, "1"), (#""draft""#, #""shipped""#), (#""draft""#, "null"), (#""lines":["#, #""rows":["#),
        (#""accepted""#, #""ok""#),
        (#""line":"id:1","#, ""), (#""erp_line_number":10"#, #""erp_line_number":"10""#),
        (#""erp_line_number":10"#, #""erp_line_number":1.5"#),
        (#""12.50""#, "12.50"), (#""12.50""#, #""x""#),
    ])
    func `a receipt of another shape is none`(_ part: String, _ damaged: String) throws {
        let text = Self.fullText.replacing(part, with: damaged)
        try #require(text != Self.fullText)
        #expect(SinkReceipt(json: try #require(try JSONValue(parsing: text).objectValue)) == nil)
    }

    @Test func `whole is what the ERP took as it was sent`() throws {
        var receipt = try Self.full()
        #expect(!receipt.isWhole)
        receipt.lines.removeLast(2)
        #expect(receipt.isWhole, "a backordered line is taken")
        receipt.lines[0].outcome = .changed
        #expect(!receipt.isWhole)
    }

    @Test(
        arguments: [
            (SinkClass.key(retention: nil, latestEffect: nil), "K", true), (.lookUp(latestEffect: .seconds(1)), "L", true),
            (.neither, "N", false),
        ] as [(SinkClass, String, Bool)])
    func `a class has a letter, and N can't be asked`(_ sinkClass: SinkClass, _ letter: String, _ canFind: Bool) {
        #expect(sinkClass.letter == letter)
        #expect(sinkClass.canFind == canFind)
    }

    @Test func `a fault says where, unless it is the whole order`() {
        #expect(SinkFault(path: "lines[2].product", message: "unknown").description == "lines[2].product: unknown")
        #expect(SinkFault(message: "closed").description == "closed")
    }
}
