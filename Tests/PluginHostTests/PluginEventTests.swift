import Orders
import PluginHost
import SinkKit
import Testing

/// What a plugin makes of its ERP's messages and shipments, on its way to the engine.
@Suite struct PluginEventTests {
    private static let message = InboundMessage(
        id: "m1", receivedAt: Timestamp(milliseconds: 1_795_000_000_000), headers: [:], body: Array("{}".utf8))

    @Test func `what a plugin says of a message arrives whole, with the attempt that it concludes`() async throws {
        let handle = """
            answer({"events": [
                {"event": "answer", "key": {"key": "k", "shop": "main", "order_id": 7}, "concludes": {"name": "fire", "key": "1"},
                    "content": {"answer": "rejected", "faults": [{"message": "no " + os.environ["ERP_TOKEN"]}]}},
                {"event": "shipped", "ticket": "T-1"},
                {"event": "cancelled", "ticket": "T-1", "message": "by " + os.environ["ERP_TOKEN"]}]})
            """
        let events = try await ScriptedPlugin(handle, capabilities: #"{"class": "neither", "receives_messages": true}"#)
            .use(adjust: { $0.environment["ERP_TOKEN"] = "token-4711" }) { sink in
                try await sink.receive(Self.message, SinkContext())
            }
        let key = IdempotencyKey(order: OrderKey(shop: "main", orderID: 7))
        #expect(
            events == [
                SinkEvent(
                    .key(key), .answer(.rejected([SinkFault(message: "no •••")])), concludes: SinkAttemptName("fire", key: "1")),
                SinkEvent(.ticket(SinkTicket("T-1")), .shipped), SinkEvent(.ticket(SinkTicket("T-1")), .cancelled("by •••")),
            ])
    }

    @Test func `a plugin is told of which webshop the order is, where that is known`() async throws {
        let handle = #"note(json.dumps(params["context"].get("webshop"))); answer({"cancellation": "cancelled"})"#
        let plugin = try ScriptedPlugin(handle, capabilities: #"{"class": "key", "cancels": true}"#)
        let receipt = SinkReceipt(erpOrderNumber: "E-1", lines: [])
        try await plugin.use { sink in
            for webshop in [7, nil] as [Int64?] {
                _ = try await sink.cancel(receipt, key: order().key, SinkContext(webshop: webshop))
            }
        }
        #expect(plugin.file("notes") == "7\nnull\n")
    }

    @Test func `shipments that hold a secret are refused, for documents are made of them`() async throws {
        let handle = """
            answer({"shipments": [{"id": "S-1", "shipped_at": "2026-11-21T10:30:00Z", "carrier": os.environ["ERP_TOKEN"], "packages": []}]})
            """
        let plugin = try ScriptedPlugin(handle, capabilities: #"{"class": "key", "tells_shipments": true}"#)
        try await plugin.use(adjust: { $0.environment["ERP_TOKEN"] = "token-4711" }) { sink in
            let (receipt, key) = (SinkReceipt(erpOrderNumber: "E-1", lines: []), try order().key)
            do throws(SinkError) {
                _ = try await sink.shipments(for: receipt, key: key, SinkContext())
                Issue.record("they were told")
            } catch {
                #expect(error.code == .unavailable && error.message.contains("shipments"))
                #expect(!error.message.contains("token-4711"))
            }
        }
    }
}
