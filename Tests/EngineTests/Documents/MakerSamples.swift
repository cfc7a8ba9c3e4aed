import CloudSuite
import Documents
import Engine
import OrderFlow
import Orders
import SinkKit
import Testing

/// An order of three lines and a service line, what the ERP said to it, and what documents look like.
enum MakerSamples {
    static let at = Timestamp(milliseconds: 1_764_000_000_000)  // 2025-11-24T16:00:00Z
    static let control = ControlReference("E7A0000042")

    static let order: Order = {
        var order = Order(
            id: 48_193, state: .processing,
            lines: [
                OrderLine(
                    id: 901, position: 1, productKey: "124_STUK", description: "Bolt", quantity: ExactDecimal(10),
                    unitPrice: try? ExactDecimal("1.25")),
                OrderLine(id: 902, position: 2, productKey: "125", quantity: ExactDecimal(3), unitPrice: ExactDecimal(2)),
                OrderLine(id: 903, position: 3, type: "comment", productKey: "-", quantity: ExactDecimal(1)),
                OrderLine(id: nil, position: 4, productKey: "124_STUK", quantity: ExactDecimal(1), unitPrice: ExactDecimal(5)),
            ])
        order.reference = "CS48193"
        order.currency = "EUR"
        order.orderDate = "2025-11-20T09:30:00"
        order.invoiceAddress = .id(4711)
        return order
    }()

    static let receipt = SinkReceipt(
        erpOrderNumber: "SO-000123",
        lines: [
            SinkReceiptLine(lineKey: "id:901", erpLineNumber: 10), SinkReceiptLine(lineKey: "id:902", erpLineNumber: 20),
            SinkReceiptLine(lineKey: "position:4", erpLineNumber: 30),
        ])

    static func shipped(_ key: String, _ quantity: String) throws -> SinkShippedLine {
        SinkShippedLine(lineKey: key, quantity: try ExactDecimal(quantity))
    }

    static func shipment(_ packages: [SinkPackage]) -> SinkShipment {
        SinkShipment(id: "PS-77", shippedAt: "2025-11-21T23:30:00Z", carrier: "DHL", packages: packages)
    }

    /// Three packages: one without a tracking code, which stands first, and two with one.
    static func threePackages() throws -> SinkShipment {
        shipment([
            SinkPackage(lines: [try shipped("position:4", "1")]),
            SinkPackage(trackingCode: "A", lines: [try shipped("id:901", "4"), try shipped("id:902", "1.5")]),
            SinkPackage(trackingCode: "B", lines: [try shipped("id:901", "6")]),
        ])
    }

    static func maker(_ change: (inout DocumentStyle) -> Void = { _ in }) throws -> DocumentMaker {
        var style = DocumentStyle()
        style.confirmation = .confirmationRequest
        style.despatch = .desadv
        let us = CXMLCredential(domain: "NetworkId", identity: "AN01")
        let cxml = CXMLStyle(
            from: us, to: CXMLCredential(domain: "NetworkId", identity: "AN02"), sender: us, host: "connector.example")
        style.cxml = cxml
        style.edifact = EDIFACTStyle(
            sender: EDIFACTInterchange.Partner("4012345000009", qualifier: "14"),
            recipient: EDIFACTInterchange.Partner("4054321000009", qualifier: "14"),
            profile: EDIFACTProfile(directory: .d96a), buyer: DocumentParty(locationNumber: "4054321000009"),
            supplier: DocumentParty(locationNumber: "4012345000009"))
        change(&style)
        return DocumentMaker(style, clock: try #require(ShopClock(zone: "Europe/Amsterdam")))
    }

    static func documents(
        _ shipment: SinkShipment, order: Order = MakerSamples.order, receipt: SinkReceipt = MakerSamples.receipt,
        at: Timestamp = MakerSamples.at, style change: (inout DocumentStyle) -> Void = { _ in }
    ) throws -> [(number: String, bytes: [UInt8])] {
        try maker(change).despatch(
            shipment, of: order, receipt: receipt, shop: "main", control: try #require(control), at: at
        ).map { ($0.number, $0.bytes) }
    }

    /// The words of the faults that making documents finds.
    static func faults(_ make: () throws -> Void) throws -> [String] {
        do {
            try make()
            return []
        } catch let faults as DocumentFaults {
            return faults.faults.map(\.description)
        }
    }
}
