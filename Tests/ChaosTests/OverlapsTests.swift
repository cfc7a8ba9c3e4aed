import ChaosHarness
import TestSupport
import Testing

@Suite(.serialized) struct OverlapsTests {
    @Test func `runs and re-runs at once leave one ERP order each, and the second run of a flow ends with 75`() async throws {
        let report = try await Overlaps(crossdock: ProjectFolder.program("crossdock")).run(seed: 20_261_121, rounds: 3)
        print(report.text)
        #expect(report.violations == [])
        #expect(report["syncs that ended with 75"] > 0, "\(report.text)")
    }
}
