import Foundation
import Orders
import SinkKit
import TestSupport
import Testing

/// `config/plugin-protocol.schema.json`, which describes every message.
enum ProtocolSchema {
    static func whole() throws -> JSONValue {
        try JSONValue(
            parsing: String(contentsOfFile: ProjectFolder.root + "/config/plugin-protocol.schema.json", encoding: .utf8))
    }

    /// What is wrong with a value that should have the form of that name.
    static func faults(in value: JSONValue, as name: String) throws -> [SinkFault] {
        var schema = JSONObject([("$ref", .text("#/$defs/\(name)"))])
        schema["$defs"] = try whole()["$defs"]
        return JSONSchema(.object(schema)).faults(in: value)
    }

    /// What is wrong with a result of that method.
    static func faults(inResult value: JSONObject, of method: String) throws -> [SinkFault] {
        let results = try whole()["$defs"]?["results"]?["properties"]
        let form = try #require(results?[method]?["$ref"]?.stringValue, "no form for the result of \(method)")
        return try faults(in: .object(value), as: form.replacing("#/$defs/", with: ""))
    }
}

/// Values with everything that a message can hold.
enum Samples {
    static let key = IdempotencyKey(order: OrderKey(shop: "main", orderID: 48_193), generation: 3)

    static func receipt() throws -> SinkReceipt {
        SinkReceipt(
            erpOrderNumber: "SO-\"7\"\n", state: .draft,
            lines: [
                SinkReceiptLine(lineKey: "id:1", erpLineNumber: 10),
                SinkReceiptLine(lineKey: "id:2", erpLineNumber: nil, outcome: .rejected, message: "vóór 📦\u{2028}"),
            ], total: try ExactDecimal("123456789012345678901234567890.12"))
    }

    static let deliverables = [
        SinkDeliverable(lineKey: "id:1", unit: 1, label: "code", secret: SinkSecret("AAAA-BBBB")),
        SinkDeliverable(lineKey: "id:1", unit: 1, label: "pin", secret: SinkSecret("0000")),
    ]

    static func withSecrets() throws -> SinkReceipt {
        var receipt = try receipt()
        receipt.deliverables = deliverables
        return receipt
    }

    static var ticket: SinkTicket {
        var ticket = SinkTicket("T-1")
        ticket.deliverables = deliverables
        return ticket
    }

    static func shipments() throws -> SinkShipments {
        let package = SinkPackage(
            trackingCode: "3S", trackingAddress: "https://t.example/3S", containerCode: "340123450000000018",
            weightKilograms: try ExactDecimal("1.250"),
            lines: [SinkShippedLine(lineKey: "id:1", quantity: try ExactDecimal("2.50"))])
        return SinkShipments(
            shipments: [
                SinkShipment(
                    id: "PS-1", isShared: true, shippedAt: "2026-11-21T10:30:00+01:00", expectedDate: "2026-11-22",
                    carrier: "DHL",
                    comment: "voorzichtig", packages: [package])
            ], closedLines: ["id:1"], isCancelled: true)
    }

    static func calls() throws -> [PluginCall] {
        let (order, receipt) = (try SinkOrderTests.full(), try receipt())
        let message = InboundMessage(
            id: "m1", receivedAt: Timestamp(milliseconds: 1_795_000_000_123),
            headers: ["content-type": "text/plain", "x-a": "b"],
            body: [0, 255, 10, 13, 34])
        return [
            .find(key), .create(order), .poll(SinkTicket("T-1")), .shipments(receipt, key), .validate(order),
            .cancel(receipt, key),
            .release(receipt, key), .receive(message), .check,
        ]
    }

    static func results() throws -> [(PluginCall.Method, PluginResult)] {
        let faults = [SinkFault(path: "lines[2].product", message: "there is no such product"), SinkFault(message: "closed")]
        let answers: [SinkAnswer] = [
            .accepted(try withSecrets()), .accepted(try receipt()), .pending(ticket), .pending(SinkTicket("T-2")),
            .rejected(faults),
        ]
        let events = [
            SinkEvent(.key(key), .answer(.accepted(try withSecrets()))), SinkEvent(.ticket(SinkTicket("T-1")), .shipped),
            SinkEvent(.key(key), .cancelled("out of stock")),
            SinkEvent(.key(key), .answer(.pending(SinkTicket("T-3"))), concludes: SinkAttemptName("fire", key: "1")),
            SinkEvent(.ticket(SinkTicket("T-1")), .answer(.pending(SinkTicket("T-2")))),
        ]
        return [
            (.find, .found(nil)), (.find, .found(try withSecrets())), (.shipments, .shipments(try shipments())),
            (.shipments, .shipments(SinkShipments())), (.validate, .faults(faults)), (.validate, .faults([])),
            (.cancel, .cancellation(.cancelled)), (.cancel, .cancellation(.refused("it has left"))), (.receive, .events(events)),
            (.receive, .events([])), (.check, .findings(["a", "b"])), (.check, .findings([])),
        ] + answers.flatMap { answer in [(.create, .answer(answer)), (.poll, .answer(answer)), (.release, .answer(answer))] }
    }
}
