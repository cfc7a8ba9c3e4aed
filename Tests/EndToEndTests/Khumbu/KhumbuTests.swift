import Foundation
import Glibc
import Orders
import Simulators
import TestSupport
import Testing

/// The built binary as a service between a shop and Khumbu, whose final word comes by webhook.
@Suite struct KhumbuTests {
    @Test func `the shop is told once the POS has said so, and not before`() async throws {
        let site = try await KhumbuSite()
        let service = try await RunningService(site.installation)
        let id = site.add()
        try await site.waits(for: id, "awaiting_erp")
        #expect(site.installation.shopText(id, "state") == "confirmed", "a 2xx isn't the final word")
        try await site.deliverNext(to: service)
        try await Waiting.until { site.isDone(id) }
        #expect(site.installation.shopText(id, "erp_order_number") == site.khumbu.orders.first?.providerOrderID)
        #expect(site.audit == audit(creates: 1, told: ["SUCCESS"]))
        #expect(try await service.end().status == 0)
        await site.stop()
    }

    @Test func `what the POS refuses waits for a person, and the shop isn't told anything`() async throws {
        let site = try await KhumbuSite()
        let service = try await RunningService(site.installation)
        let id = site.add(KhumbuSite.strangeMeal)
        try await site.waits(for: id, "awaiting_erp")
        try await site.deliverNext(to: service)
        try await site.waits(for: id, "rejected")
        let story = try await site.installation.crossdock("order", String(id))
        #expect(story.output.contains("The POS doesn't know \(KhumbuSite.strangeMeal)"), "\(story.output)")
        #expect(site.installation.shopText(id, "state") == "confirmed")
        #expect(site.installation.shopText(id, "erp_order_number") == nil)
        #expect(site.audit == audit(creates: 1, told: ["FAILURE"]))
        #expect(try await service.end().status == 0)
        await site.stop()
    }

    @Test func `an id that Khumbu has already is a conflict where nothing was sent before`() async throws {
        let site = try await KhumbuSite()
        let ledger = site.installation.folder.path + "/ledger.db"
        try FileManager.default.copyItem(atPath: ledger, toPath: ledger + "-yesterday")
        let service = try await RunningService(site.installation)
        let id = site.add()
        try await site.waits(for: id, "awaiting_erp")
        #expect(try await service.end().status == 0)
        // Somebody puts yesterday's file in its place, which knows nothing of the order.
        try FileManager.default.removeItem(atPath: ledger)
        try FileManager.default.moveItem(atPath: ledger + "-yesterday", toPath: ledger)
        #expect(try await site.installation.crossdock("sync").status == 1)
        #expect(try await site.stands(id) == "key_conflict")
        #expect(site.audit == audit(creates: 2, told: []))
        #expect(site.installation.shopText(id, "state") == "confirmed")
        await site.stop()
    }

    @Test func `with a lost ledger only a person sends it again, and that Khumbu has it proves that it went`() async throws {
        let site = try await KhumbuSite()
        let first = try await RunningService(site.installation)
        let id = site.add()
        try await site.waits(for: id, "awaiting_erp")
        #expect(try await first.end().status == 0)
        try FileManager.default.removeItem(atPath: site.installation.folder.path + "/ledger.db")
        #expect(try await site.installation.crossdock("sync").status == 1)
        #expect(try await site.stands(id) == "older_than_ledger")
        _ = try await site.installation.crossdock("rerun", String(id), "--from", "push", "--reason", "asked the restaurant")
        #expect(try await site.stands(id) == "awaiting_erp")
        let second = try await RunningService(site.installation)
        try await site.deliverNext(to: second)
        try await Waiting.until { site.isDone(id) }
        #expect(site.audit == audit(creates: 2, told: ["SUCCESS"]))
        #expect(try await second.end().status == 0)
        await site.stop()
    }

    @Test func `an order that is held first is fired once, and what comes before that settles nothing`() async throws {
        // This Khumbu tells, too, that it parked the order.
        let site = try await KhumbuSite(sink: "send: hold_and_fire") {
            $0.pos.answersHold = true
            $0.pos.delayMilliseconds = 60_000...60_000
        }
        site.khumbu.addFault(FaultRule(method: "POST", kind: "orders", times: 1, action: .delay(milliseconds: 3000, .after)))
        let service = try await RunningService(site.installation)
        let id = site.add()
        try await Waiting.until { !site.khumbu.orders.isEmpty }
        try await site.deliverNext(to: service)
        try await Waiting.until { try await site.messages("handled") == 1 }
        try await site.waits(for: id, "awaiting_erp")
        #expect(site.installation.shopText(id, "state") == "confirmed", "that it is parked isn't the final word")
        #expect(site.audit.fires == 1 && site.audit.ordersAtPOS == 1 && site.audit.told == ["SUCCESS"])
        let message = #"{"providerOrderId": "\#(site.khumbu.orders[0].providerOrderID)", "orderStatus": "SUCCESS"}"#
        #expect(await KhumbuSite.post(Array(message.utf8), port: service.port) == 200)
        try await Waiting.until { site.isDone(id) }
        #expect(site.khumbu.orders.map(\.timesAtPOS) == [1])
        #expect(try await service.end().status == 0)
        await site.stop()
    }

    @Test func `a kill while the order is being fired fires it no second time, and the webhook settles it`() async throws {
        let site = try await KhumbuSite(sink: "send: hold_and_fire")
        site.khumbu.addFault(FaultRule(method: "POST", kind: "fire", times: 1, action: .delay(milliseconds: 90_000, .after)))
        let id = try await killed(site) { $0.audit.fires == 1 }
        let service = try await RunningService(site.installation)
        try await site.waits(for: id, "outcome_unknown")
        #expect(site.audit.fires == 1 && site.audit.creates == 1)
        try await site.deliverNext(to: service)
        try await Waiting.until { site.isDone(id) }
        #expect(site.audit.fires == 1 && site.audit.creates == 1 && site.audit.ordersAtPOS == 1)
        #expect(try await service.end().status == 0)
        await site.stop()
    }

    // MARK: Webhooks that go wrong

    @Test func `a webhook that comes before the create is answered is kept, and believed`() async throws {
        let site = try await KhumbuSite()
        site.khumbu.addFault(
            FaultRule(method: "POST", kind: "orders", times: 1, action: .delay(milliseconds: 5000, .after)))
        site.khumbu.addFault(.early)
        let service = try await RunningService(site.installation)
        let id = site.add()
        try await Waiting.until { !site.khumbu.orders.isEmpty }
        try await site.deliverNext(to: service)
        #expect(site.installation.shopText(id, "state") == "confirmed", "the create wasn't answered yet")
        try await Waiting.until { site.isDone(id) }
        #expect(site.audit == audit(creates: 1, told: ["SUCCESS"]))
        #expect(try await service.end().status == 0)
        await site.stop()
    }

    @Test func `webhooks that come twice, of strangers or with a wrong secret change nothing`() async throws {
        let site = try await KhumbuSite()
        site.khumbu.addFault(.twice)
        let service = try await RunningService(site.installation)
        let id = site.add()
        try await site.waits(for: id, "awaiting_erp")
        let message = #"{"providerOrderId": "\#(site.khumbu.orders[0].providerOrderID)", "orderStatus": "SUCCESS"}"#
        #expect(await KhumbuSite.post(Array(message.utf8), port: service.port, secret: "another-secret-of-them") == 404)
        let stranger = #"{"providerOrderId": "00000000-0000-4000-8000-000000000001", "orderStatus": "SUCCESS"}"#
        #expect(await KhumbuSite.post(Array(stranger.utf8), port: service.port) == 200)
        #expect(await KhumbuSite.post(Array("{".utf8), port: service.port) == 200, "what can't be read is kept for a person")
        try await Waiting.until {
            await site.deliver(to: service.port)
            return site.audit.told.count == 2
        }
        try await Waiting.until { site.isDone(id) }
        try await Waiting.until {
            let (handled, foreign) = (try await site.messages("handled"), try await site.messages("not_ours"))
            let unreadable = try await site.messages("unreadable")
            return handled == 2 && foreign == 1 && unreadable == 1
        }
        #expect(try await site.stands(id) == "finished")
        #expect(site.audit == audit(creates: 1, told: ["SUCCESS", "SUCCESS"]))
        #expect(try await service.end().status == 0)
        await site.stop()
    }

    @Test func `without a webhook a person is told, and only a person has it sent again`() async throws {
        let site = try await KhumbuSite(webhookWait: "1s")
        site.khumbu.addFault(.never)
        let service = try await RunningService(site.installation)
        let id = site.add()
        try await site.waits(for: id, "outcome_unknown")
        let ticks = service.events("summary").count
        try await Waiting.until { service.events("summary").count >= ticks + 2 }
        #expect(site.audit == audit(creates: 1, told: []), "nothing is sent again by itself")
        // KS-0018 on what a person ordered proves that Khumbu has it; the final word is waited for once more.
        _ = try await site.installation.crossdock("rerun", String(id), "--from", "push", "--reason", "asked the restaurant")
        #expect(site.audit.creates == 2 && site.audit.accepted == 1)
        try await site.waits(for: id, "outcome_unknown")
        let message = #"{"providerOrderId": "\#(site.khumbu.orders[0].providerOrderID)", "orderStatus": "SUCCESS"}"#
        #expect(await KhumbuSite.post(Array(message.utf8), port: service.port) == 200)
        try await Waiting.until { site.isDone(id) }
        #expect(site.audit.ordersAtPOS == 1)
        #expect(try await service.end().status == 0)
        await site.stop()
    }

    // MARK: Kills

    @Test(arguments: [false, true])
    func `a kill before the webhook leaves an outcome that nobody knows, until the webhook comes after all`(
        isAnswered: Bool
    ) async throws {
        let site = try await KhumbuSite(webhookWait: "1s")
        if !isAnswered {
            site.khumbu.addFault(
                FaultRule(method: "POST", kind: "orders", times: 1, action: .delay(milliseconds: 90_000, .after)))
        }
        let id = try await killed(site) { site in
            guard isAnswered else { return !site.khumbu.orders.isEmpty }
            let reason = try await site.stands(onlyOrder(of: site))
            return reason == "awaiting_erp" || reason == "outcome_unknown"
        }
        // Nobody listens when it comes first.
        let closed = try ClosedPort()
        try await Waiting.until { await site.deliver(to: closed.number) == 0 }
        #expect(site.audit.told.isEmpty)
        let service = try await RunningService(site.installation)
        try await site.waits(for: id, "outcome_unknown")
        #expect(site.installation.shopText(id, "state") == "confirmed")
        let ticks = service.events("summary").count
        try await Waiting.until { service.events("summary").count >= ticks + 2 }
        #expect(site.audit == audit(creates: 1, told: []), "nothing is sent again by itself")
        try await site.deliverNext(to: service)
        try await Waiting.until { site.isDone(id) }
        #expect(site.audit == audit(creates: 1, told: ["SUCCESS"]))
        #expect(try await service.end().status == 0)
        await site.stop()
    }

    @Test func `a kill after a webhook was answered loses nothing of it`() async throws {
        let site = try await KhumbuSite()
        // The shop doesn't answer what the message leads to, so the kill comes before it is done with.
        let service = try await RunningService(site.installation)
        let id = site.add()
        try await site.waits(for: id, "awaiting_erp")
        site.installation.shop.addFault(FaultRule(action: .delay(milliseconds: 90_000, .before)))
        try await site.deliverNext(to: service)
        service.program.send(SIGKILL)
        #expect(try await service.program.waitForEnd().wasKilled)
        site.installation.shop.clearFaults()
        let next = try await RunningService(site.installation)
        try await Waiting.until { site.isDone(id) }
        #expect(site.audit == audit(creates: 1, told: ["SUCCESS"]))
        #expect(try await next.end().status == 0)
        await site.stop()
    }

    // MARK: Help

    private func audit(creates: Int, told: [String]) -> KhumbuAudit {
        var audit = KhumbuAudit()
        (audit.creates, audit.accepted, audit.ordersAtPOS, audit.told) = (creates, 1, 1, told)
        return audit
    }

    private func onlyOrder(of site: KhumbuSite) -> Int { site.installation.shop.orderIDs(state: "confirmed").first ?? 0 }

    /// Starts a service and kills it at that moment of its only order's way. - Returns: the order's id.
    private func killed(_ site: KhumbuSite, when: (KhumbuSite) async throws -> Bool) async throws -> Int {
        let service = try await RunningService(site.installation)
        let id = site.add()
        try await Waiting.until { try await when(site) }
        service.program.send(SIGKILL)
        #expect(try await service.program.waitForEnd().wasKilled)
        site.khumbu.clearFaults()
        return id
    }
}
