internal import Orders
internal import Simulators
internal import Testing

/// What the POS behind the simulated Khumbu makes of orders, and how that is told.
struct KhumbuWebhookTests {
    private static let id = "0191d0f4-0000-8000-8000-000000000001"

    private static func create(_ probe: KhumbuProbe, _ number: Int = 1, item: String = "101000001||2||1") -> String {
        let id = "0191d0f4-0000-8000-8000-00000000000\(number)"
        #expect(probe.post("orders/notification", .object(KhumbuProbe.order(id, item: item))).status == 200)
        return id
    }

    @Test func `success is told once the POS has answered`() async {
        let probe = KhumbuProbe()
        let id = Self.create(probe)
        #expect(await probe.wait(milliseconds: 99) == 0)
        #expect(await probe.wait(milliseconds: 1) == 1)
        let message = probe.messages.first
        #expect(message?["providerOrderId"]?.stringValue == id && message?["orderStatus"]?.stringValue == "SUCCESS")
        #expect(message?["providerName"]?.stringValue == "standardprovider" && message?["marketName"]?.stringValue == "plkpl")
        #expect(message?["storeInformation"]?["partnerStoreId"]?.stringValue == "P-1" && message?["error"] == nil)
        #expect(await probe.wait(milliseconds: 60_000) == 0)
    }

    @Test func `the POS refuses what isn't on its menu, all of it at once`() async {
        let probe = KhumbuProbe()
        _ = Self.create(probe, item: "9||9||9")
        await probe.wait()
        #expect(probe.statuses == ["FAILURE"] && probe.simulator.orders.map(\.state) == [.failed])
        #expect(probe.messages.first?["error"]?["reason"]?.stringValue?.contains("9||9||9") == true)
    }

    @Test func `a webhook that isn't answered with 200 comes again, later each time`() async {
        let probe = KhumbuProbe { $0.pos.retryMilliseconds = [200, 1000] }
        _ = Self.create(probe)
        #expect(await probe.wait(status: 500) == 1)
        #expect(await probe.wait(milliseconds: 199) == 0)
        #expect(await probe.wait(milliseconds: 1, status: 0) == 1)
        #expect(await probe.wait(milliseconds: 999) == 0)
        #expect(await probe.wait(milliseconds: 1) == 1)
        #expect(probe.statuses == ["SUCCESS"] && probe.simulator.messagesWaiting == 0)
    }

    @Test func `an order in HOLD waits to be fired, and is fired once`() async {
        let probe = KhumbuProbe()
        let order = KhumbuProbe.order().with("orderNotificationType", "HOLD")
        #expect(probe.post("orders/notification", .object(order)).status == 200)
        #expect(await probe.wait(milliseconds: 60_000) == 0)
        #expect(probe.simulator.audit(Self.id).ordersAtPOS == 0)
        let fire = JSONObject([
            ("providerOrderId", .text(Self.id)), ("storeInformation", ["providerStoreId": "S-1"]),
        ])
        #expect(probe.post("order/fire", .object(fire)).status == 200)
        #expect(probe.post("order/fire", .object(fire)).code == "KS-0010")
        await probe.wait()
        #expect(probe.statuses == ["SUCCESS"] && probe.simulator.audit(Self.id).ordersAtPOS == 1)
        #expect(probe.post("order/fire", .object(fire.with("providerOrderId", "nobody"))).code == "KS-0010")
    }

    @Test func `a cancellation is taken, and told later`() async {
        let probe = KhumbuProbe()
        let id = Self.create(probe)
        await probe.wait()
        let cancellation = JSONValue.object(KhumbuProbe.cancellation(id))
        #expect(probe.post("orders/cancel", cancellation).status == 200)
        await probe.wait()
        #expect(probe.statuses == ["SUCCESS", "CANCELLED"])
        #expect(probe.post("orders/cancel", cancellation).code == "KS-1005")
        let stranger = KhumbuProbe.cancellation("nobody")
        #expect(probe.post("orders/cancel", .object(stranger)).code == "KS-0020")
        #expect(probe.post("orders/cancel", .object(stranger.with("ksOrderId", .null))).code == "KS-1007")
        #expect(probe.post("orders/cancel", .object(stranger.with("partnerOrderId", .null))).code == "KS-1004")
    }

    @Test func `the POS may refuse to cancel`() async {
        let probe = KhumbuProbe { $0.pos.cancels = false }
        let id = Self.create(probe)
        await probe.wait()
        #expect(probe.post("orders/cancel", .object(KhumbuProbe.cancellation(id))).status == 200)
        await probe.wait()
        #expect(probe.statuses == ["SUCCESS", "FAILURE"] && probe.simulator.orders.map(\.state) == [.succeeded])
    }

    @Test func `somebody at the POS cancels by themselves`() async {
        let probe = KhumbuProbe()
        let id = Self.create(probe)
        #expect(!probe.simulator.cancelAtPOS(id))
        await probe.wait()
        #expect(probe.simulator.cancelAtPOS(id) && !probe.simulator.cancelAtPOS(id))
        await probe.wait(milliseconds: 0)
        #expect(probe.statuses == ["SUCCESS", "CANCELLED"])
    }

    @Test func `a cart is looked at and makes no order`() async {
        let probe = KhumbuProbe()
        var cart = KhumbuProbe.order(item: "9||9||9").with("orderNotificationType", "CREATE_ORDER")
        for name in ["createdTimestamp", "updatedTimestamp"] { cart[name] = nil }
        let answer = probe.post("orders/adjustcart", .object(cart))
        #expect(answer.json?["discrepancies"]?.arrayValue?.first?["id"]?.stringValue == "9||9||9")
        #expect(probe.simulator.orders.isEmpty)
        #expect(probe.post("orders/adjustcart", .object(KhumbuProbe.order())).code == "KS-0010")
    }

    @Test(arguments: [
        (KhumbuMessageFault.never, ["2:SUCCESS"]), (.twice, ["1:SUCCESS", "1:SUCCESS", "2:SUCCESS"]),
        (.outOfOrder, ["2:SUCCESS", "1:SUCCESS"]), (.unknownOrder, ["?:SUCCESS", "1:SUCCESS", "2:SUCCESS"]),
        (.early, ["1:SUCCESS", "2:SUCCESS"]),
    ])
    func `webhooks go wrong on demand`(_ fault: KhumbuMessageFault, _ told: [String]) async {
        let probe = KhumbuProbe()
        probe.simulator.addFault(fault)
        _ = Self.create(probe, 1)
        if fault == .early { #expect(await probe.wait(milliseconds: 0) == 1) }
        _ = Self.create(probe, 2)
        for _ in 1...3 { await probe.wait() }
        #expect(
            probe.messages.map { message in
                let id = message["providerOrderId"]?.stringValue ?? ""
                return "\(id.hasPrefix("0191d0f4") ? String(id.suffix(1)) : "?"):\(message["orderStatus"]?.stringValue ?? "")"
            } == told)
    }

    @Test func `the same seed gives the same delays`() async {
        func times() async -> [Int64] {
            let probe = KhumbuProbe { $0.pos.delayMilliseconds = 1...400 }
            for number in 1...4 { _ = Self.create(probe, number) }
            var times: [Int64] = []
            for millisecond in 1...400 where await probe.wait(milliseconds: 1) > 0 { times.append(Int64(millisecond)) }
            return times
        }
        let (first, second) = (await times(), await times())
        #expect(first == second && Set(first).count > 1)
    }
}
