import Glibc
import Simulators
import TestSupport
import Testing

/// `kill -9` at the two moments that matter, for every class of sink.
@Suite(.serialized) struct KillTests {
    private static let modes: [ERPConfiguration.Mode] = [.key, .lookUp, .neither]

    private func installation(_ mode: ERPConfiguration.Mode) async throws -> (Installation, id: Int) {
        let installation = try await Installation(sink: .remote(mode, latestEffect: "1s")) { configuration in
            configuration.orders = 1
        }
        let id = try #require(installation.shop.orderIDs(state: "confirmed").first)
        if mode == .neither {
            // A sink that can't be asked takes only what was confirmed after the ledger was made.
            _ = try await installation.crossdock("sync")
            _ = try await installation.crossdock("rerun", String(id), "--dry-run")
        }
        return (installation, id)
    }

    /// Starts a run, waits until the ERP has got the post, and kills the run before it has its answer.
    private func killWhileCreating(
        _ installation: Installation, _ id: Int, _ mode: ERPConfiguration.Mode, when: @escaping (ERPSimulator) -> Bool
    )
        async throws
    {
        let erp = try #require(installation.erp)
        let run =
            mode == .neither
            ? try installation.start("rerun", String(id), "--from", "push", "--reason", "looked in the ERP, it isn't there")
            : try installation.start("sync")
        try await Waiting.until { when(erp) }
        run.send(SIGKILL)
        #expect(try await run.waitForEnd().wasKilled)
        erp.clearFaults()
    }

    @Test(arguments: modes) func `a kill between the ERP's acceptance and the write-back makes no second order`(
        mode: ERPConfiguration.Mode
    ) async throws {
        let (installation, id) = try await installation(mode)
        let erp = try #require(installation.erp)
        erp.addFault(FaultRule(method: "POST", pathPrefix: "/orders", action: .delay(milliseconds: 90_000, .after)))
        try await killWhileCreating(installation, id, mode) { !$0.orders.isEmpty }
        #expect(installation.shopText(id, "state") == "confirmed")
        try await finish(installation, id, mode)
        await installation.stop()
    }

    @Test(arguments: modes)
    func `a kill between the intent and the answer makes no second order, though the post takes effect late`(
        mode: ERPConfiguration.Mode
    ) async throws {
        let (installation, id) = try await installation(mode)
        let erp = try #require(installation.erp)
        erp.addFault(FaultRule(method: "POST", pathPrefix: "/orders", times: 1, action: .delay(milliseconds: 700, .before)))
        try await killWhileCreating(installation, id, mode) { $0.requestCounts["POST orders"] != nil }
        try await finish(installation, id, mode)
        await installation.stop()
    }

    private func finish(_ installation: Installation, _ id: Int, _ mode: ERPConfiguration.Mode) async throws {
        let erp = try #require(installation.erp)
        let next = try await installation.crossdock("sync")
        if mode == .neither {
            #expect(next.status == 1)
            #expect(try await installation.standings()[id]?.reason == "outcome_unknown")
            #expect(try await installation.crossdock("sync").status == 0, "a second run must not send again")
            try await Waiting.until { erp.orders.count == 1 }
            let number = try #require(erp.orders.first?.number)
            let adopted = try await installation.crossdock("adopt", String(id), "--erp-number", number, "--reason", "found it")
            #expect(adopted.status == 0, "\(adopted.errors)")
            #expect(try await installation.crossdock("sync").status == 0)
        } else {
            #expect(next.status == 0, "\(next.output)\(next.errors)")
        }
        #expect(erp.orders.count == 1)
        #expect(installation.shopText(id, "state") == "processing")
        #expect(installation.shopText(id, "erp_order_number") == erp.orders.first?.number)
        #expect(installation.shopText(id, "shipment_state") == "sent")
        #expect(try await installation.standings()[id]?.standing == "finished")
    }
}
