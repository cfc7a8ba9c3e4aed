import ChaosHarness
import Simulators
import TestSupport
import Testing

/// The short form of `make chaos`, over the debug binary.
@Suite(.serialized) struct KillStormTests {
    @Test func `a hundred kills at random moments leave no duplicate, no lost order and no lie`() async throws {
        let report = try await KillStorm(crossdock: ProjectFolder.program("crossdock")).run(seed: 20_261_121, kills: 100)
        print(report.text)
        #expect(report.violations == [])
        #expect(report["kills"] == 100 && report["orders finished"] > 0)
        #expect(report["kills after the first request"] > 10, "\(report.text)")
    }

    @Test func `an ERP that doesn't keep its promise is found out: the audit can fail`() async throws {
        let storm = KillStorm(crossdock: ProjectFolder.program("crossdock"), modes: [.lookUp], isBelievedToEnforceKeys: true)
        // On a busy machine few of the kills come at the moment that makes a second order.
        for seed in UInt64(20_261_121)..<20_261_131 {
            let report = try await storm.run(seed: seed, kills: 40)
            if report.violations.contains(where: { $0.contains("ERP orders: [") }) { return }
        }
        Issue.record("four hundred kills made no second order, or the audit doesn't see it")
    }
}
