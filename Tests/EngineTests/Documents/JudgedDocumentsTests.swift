import Documents
import Engine
import OrderFlow
import Orders
import SinkKit
import TestSupport
import Testing

/// What the flow itself would send for hundreds of odd orders, in the eyes of programs that know nothing of us.
@Suite struct JudgedDocumentsTests {
    private static let orders = 60

    /// Whatever `make` makes for each of them.
    private static func made(
        seed: UInt64, signs: [Unicode.Scalar] = RandomTrade.any, style change: (inout DocumentStyle) -> Void,
        _ make: (DocumentMaker, Order, SinkReceipt, inout RandomTrade) throws -> [OutgoingDocument]
    ) throws -> [OutgoingDocument] {
        var trade = RandomTrade(seed: seed, signs: signs)
        let maker = try MakerSamples.maker(change)
        var documents: [OutgoingDocument] = []
        for _ in 0..<orders {
            let order = trade.order()
            let receipt = trade.receipt(for: order)
            documents += try make(maker, order, receipt, &trade)
        }
        return documents
    }

    private static func shipped(
        _ maker: DocumentMaker, _ order: Order, _ receipt: SinkReceipt, _ trade: inout RandomTrade
    ) throws -> [OutgoingDocument] {
        let shipment = trade.shipment(of: order, receipt)
        // A receipt may have numbered no line at all.
        guard !shipment.packages.isEmpty else { return [] }
        let control = try #require(ControlReference("E7A\(trade.number(1...99_999_999))"))
        return try maker.despatch(shipment, of: order, receipt: receipt, shop: "main", control: control, at: MakerSamples.at)
    }

    private static func confirmed(
        _ maker: DocumentMaker, _ order: Order, _ receipt: SinkReceipt, _ trade: inout RandomTrade
    ) throws -> [OutgoingDocument] {
        var receipt = receipt
        // An order request has a number for every line that was taken.
        for index in receipt.lines.indices where receipt.lines[index].erpLineNumber == nil {
            receipt.lines[index].erpLineNumber = Int64(index + 1) * 10
        }
        if receipt.lines.allSatisfy({ $0.outcome == .rejected }) { receipt.lines[0].outcome = .accepted }
        return [try maker.confirmation(of: order, receipt: receipt, shop: "main", at: MakerSamples.at)]
    }

    @Test func `two programs of others find nothing wrong with the flow's cXML`() async throws {
        var documents: [OutgoingDocument] = []
        for version in ["1.2.050", "1.2.063"] {
            documents += try Self.made(
                seed: 81,
                style: {
                    $0.despatch = .cxml
                    $0.packageType = "CT"
                    $0.cxml?.version = version
                }, Self.shipped)
            documents += try Self.made(seed: 82, style: { $0.cxml?.version = version }, Self.confirmed)
            documents += try Self.made(
                seed: 83,
                style: {
                    $0.cxml?.version = version
                    $0.cxml?.confirmation = ConfirmationStyle(erpOrderNumberName: "no", erpLineNumberName: "line")
                }, Self.confirmed)
            documents += try Self.made(
                seed: 84,
                style: {
                    $0.cxml?.version = version
                    $0.confirmation = .orderRequest
                    // The one that the shop's page shows is in no DTD.
                    $0.cxml?.orderRequest.type = "update"
                    $0.cxml?.orderRequest.orderIDName = "CloudSuiteOrderId"
                }, Self.confirmed)
        }
        #expect(documents.count > Self.orders * 7 && Set(documents.map(\.kind)).count == 3)
        let lintComplaints = try await Judges.xmllint(documents.map(\.bytes))
        #expect(lintComplaints == "")
        let javaComplaints = try await Judges.java(documents.map(\.bytes))
        #expect(javaComplaints == "")
    }

    @Test func `another engine finds nothing wrong with the flow's EDIFACT`() async throws {
        var files: [OutgoingDocument] = []
        for directory in [EDIFACTMessageType.Directory.d96a, .d01b] {
            files += try Self.made(
                seed: 85, signs: RandomTrade.latin,
                style: {
                    $0.despatch = .edifact
                    $0.packageType = "CT"
                    $0.edifact?.profile = EDIFACTProfile(directory: directory)
                }, Self.shipped)
        }
        #expect(files.count > Self.orders)
        let ediComplaints = try await Judges.ediCheck(files.map(\.bytes))
        #expect(ediComplaints == "")
    }

    @Test func `libxml2's own program finds nothing wrong with the flow's deliveries`() async throws {
        let documents = try Self.made(seed: 86, style: { $0.despatch = .desadv }, Self.shipped)
        #expect(documents.count > Self.orders)
        let lintComplaints = try await Judges.xmllint(documents.map(\.bytes), schema: "desadv/desadv.xsd")
        #expect(lintComplaints == "")
    }
}
