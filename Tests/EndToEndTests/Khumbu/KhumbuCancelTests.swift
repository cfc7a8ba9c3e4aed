import Orders
import Simulators
import TestSupport
import Testing

/// The shop cancels what the POS has, and the built binary has the POS cancel it, too, where the flow says so.
@Suite struct KhumbuCancelTests {
    private static let cancels = ["cancel: erp"]

    /// A service, and an order that is done.
    private func done(_ site: KhumbuSite) async throws -> (RunningService, id: Int) {
        let service = try await RunningService(site.installation)
        let id = site.add()
        // With a short 'webhook_wait', 'awaiting_erp' may be over before anybody has seen it.
        try await Waiting.until { !site.khumbu.orders.isEmpty }
        try await site.deliverNext(to: service)
        try await site.waits(for: id, "finished")
        return (service, id)
    }

    @Test func `a cancellation that the POS accepts ends the order in both`() async throws {
        let site = try await KhumbuSite(flow: Self.cancels)
        let (service, id) = try await done(site)
        let writes = site.installation.shop.writes
        #expect(site.installation.shop.cancel(id))
        try await site.waits(for: id, "cancelling")
        #expect(site.audit.cancels == 1)
        try await site.deliverNext(to: service)
        try await site.waits(for: id, "cancelled_everywhere")
        #expect(site.khumbu.orders.map(\.state) == [.cancelled])
        #expect(site.audit.cancels == 1 && site.audit.told == ["SUCCESS", "CANCELLED"])
        #expect(site.installation.shop.writes == writes, "nothing further is written to the shop")
        #expect(try await service.end().status == 0)
        await site.stop()
    }

    @Test func `a cancellation that the POS refuses is told to a person, and its order stays`() async throws {
        let site = try await KhumbuSite(flow: Self.cancels) { $0.pos.cancels = false }
        let (service, id) = try await done(site)
        #expect(site.installation.shop.cancel(id))
        try await site.waits(for: id, "cancelling")
        try await site.deliverNext(to: service)
        try await site.waits(for: id, "cancelled_after_push")
        let story = try await site.installation.crossdock("order", String(id))
        #expect(story.output.contains("The POS doesn't cancel an order that is being prepared"), "\(story.output)")
        #expect(site.khumbu.orders.map(\.state) == [.succeeded])
        #expect(site.audit.cancels == 1 && site.audit.ordersAtPOS == 1)
        #expect(try await service.end().status == 0)
        await site.stop()
    }

    @Test func `a cancellation that nobody hears of again is told to a person, and not asked for twice`() async throws {
        let site = try await KhumbuSite(webhookWait: "1s", flow: Self.cancels)
        let (service, id) = try await done(site)
        site.khumbu.addFault(.never)
        #expect(site.installation.shop.cancel(id))
        try await site.waits(for: id, "cancelled_after_push")
        let ticks = service.events("summary").count
        try await Waiting.until { service.events("summary").count >= ticks + 2 }
        #expect(site.audit.cancels == 1)
        // A person has it asked for once more: Khumbu says that it is cancelled already (KS-1005).
        #expect(try await site.installation.crossdock("rerun", String(id)).status == 0)
        #expect(try await site.stands(id) == "cancelled_everywhere")
        #expect(site.audit.cancels == 2)
        #expect(try await service.end().status == 0)
        await site.stop()
    }

    @Test func `what is cancelled while the POS is asked is cancelled there as soon as it has it`() async throws {
        let site = try await KhumbuSite(flow: Self.cancels)
        let service = try await RunningService(site.installation)
        let id = site.add()
        try await site.waits(for: id, "awaiting_erp")
        #expect(site.installation.shop.cancel(id))
        try await site.deliverNext(to: service)
        try await site.waits(for: id, "cancelling")
        try await site.deliverNext(to: service)
        try await site.waits(for: id, "cancelled_everywhere")
        #expect(site.installation.shop.writes == 0)
        #expect(try await service.end().status == 0)
        await site.stop()
    }

    @Test func `without a word from the flow the POS isn't asked`() async throws {
        let site = try await KhumbuSite()
        let (service, id) = try await done(site)
        #expect(site.installation.shop.cancel(id))
        let rerun = try await site.installation.crossdock("rerun", String(id))
        #expect(rerun.status == 1, "\(rerun.output)\(rerun.errors)")
        #expect(try await site.stands(id) == "cancelled_after_push")
        #expect(site.audit.cancels == 0)
        #expect(try await service.end().status == 0)
        await site.stop()
    }

    @Test func `a sink that can't cancel is refused for such a flow`() async throws {
        let installation = try await Installation(extra: "    cancel: erp")
        let ending = try await installation.crossdock("sync")
        #expect(ending.status == 78 && ending.errors.contains("sink 'erp' can't; set 'cancel: person'"), "\(ending.errors)")
        #expect(installation.shop.requestLog.isEmpty)
        await installation.stop()
    }

    // MARK: Before anything is sent

    @Test func `a cart is asked for before the create where it is set so, and on request`() async throws {
        let site = try await KhumbuSite(sink: "validate: cart")
        let id = site.add(KhumbuSite.strangeMeal)
        let planned = try await site.installation.crossdock("sync", "--dry-run")
        #expect(planned.status == 0 && site.khumbu.requestCounts["POST cart"] == nil, "a dry run asks for nothing by itself")
        #expect(try await site.installation.crossdock("sync").status == 1)
        #expect(try await site.stands(id) == "rejected")
        #expect(site.khumbu.requestCounts["POST cart"] == 1 && site.khumbu.orders.isEmpty)
        let asked = try await site.installation.crossdock("rerun", String(id), "--dry-run", "--validate")
        #expect(asked.output.contains("Khumbu's cart differs: \(KhumbuSite.strangeMeal)"), "\(asked.output)\(asked.errors)")
        let good = site.add(reference: "CS95002")
        let fine = try await site.installation.crossdock("rerun", String(good), "--dry-run", "--validate")
        #expect(fine.status == 0 && fine.output.contains("create attempt 1"), "\(fine.output)\(fine.errors)")
        #expect(site.khumbu.requestCounts["POST cart"] == 3 && site.khumbu.orders.isEmpty)
        #expect(try await site.installation.crossdock("rerun", String(good), "--validate").status == 2)
        await site.stop()
    }
}
