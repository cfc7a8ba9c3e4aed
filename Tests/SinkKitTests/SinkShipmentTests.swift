import Orders
import SinkKit
import Testing

@Suite("Shipments on the wire")
struct SinkShipmentTests {
    private static func shipments(_ text: String) throws -> SinkShipments? {
        try JSONValue(parsing: text).objectValue.flatMap { SinkShipments(json: $0) }
    }

    @Test(arguments: [true, false])
    func `what is written is read as it was`(isCancelled: Bool) throws {
        let package = SinkPackage(
            trackingCode: "A", trackingAddress: "https://t.example/A", containerCode: "340123450000000017",
            weightKilograms: try ExactDecimal("2.50"),
            lines: [SinkShippedLine(lineKey: "id:1", quantity: try ExactDecimal("0.1000"))])
        let shipment = SinkShipment(
            id: "PS-77", isShared: true, shippedAt: "2026-11-21T10:30:00+01:00", expectedDate: "2026-11-22", carrier: "DHL",
            comment: "Ring twice", packages: [package, SinkPackage(lines: [])])
        let told = SinkShipments(shipments: [shipment], closedLines: ["id:2"], isCancelled: isCancelled)
        #expect(SinkShipments(json: told.json) == told)
        #expect(told.json["cancelled"] == (isCancelled ? true : nil))
    }

    @Test(arguments: [
        (#"{"shipments": []}"#, false), (#"{"shipments": [], "cancelled": null, "more": 1}"#, false),
        (#"{"shipments": [], "cancelled": true}"#, true),
        (#"{"shipments": [], "closed_lines": null, "cancelled": false}"#, false),
    ])
    func `an order is cancelled only where that is said`(text: String, isCancelled: Bool) throws {
        #expect(try Self.shipments(text) == SinkShipments(isCancelled: isCancelled))
    }

    @Test(arguments: [
        #"{"shipments": [], "cancelled": "yes"}"#, #"{"shipments": [], "cancelled": 1}"#, #"{"shipments": {}}"#,
        #"{"shipments": [], "closed_lines": [1]}"#, "{}",
    ])
    func `what has another shape isn't guessed at`(text: String) throws {
        #expect(try Self.shipments(text) == nil)
    }
}
