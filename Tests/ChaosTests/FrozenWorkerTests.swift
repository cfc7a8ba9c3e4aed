import ChaosHarness
import TestSupport
import Testing

@Suite(.serialized) struct FrozenWorkerTests {
    @Test func `a worker frozen past its lease writes nothing for orders that others took over`() async throws {
        let report = try await FrozenWorker(crossdock: ProjectFolder.program("crossdock")).run(seed: 20_261_121, rounds: 3)
        print(report.text)
        #expect(report.violations == [])
        #expect(report["rounds"] > 0, "\(report.text)")
    }
}
