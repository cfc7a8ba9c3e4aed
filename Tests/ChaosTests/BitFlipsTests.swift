import ChaosHarness
import TestSupport
import Testing

@Suite(.serialized) struct BitFlipsTests {
    @Test func `twenty flipped bits are refused with instructions or harmless, and no duplicate follows from the rebuilt ledger`()
        async throws
    {
        let report = try await BitFlips(crossdock: ProjectFolder.program("crossdock")).run(seed: 20_261_121, trials: 20)
        print(report.text)
        #expect(report.violations == [])
        #expect(report["trials"] > 0, "\(report.text)")
    }
}
