import ChaosHarness
import Simulators
import TestSupport
import Testing

@Suite(.serialized) struct StruckCallsTests {
    @Test
    func
        `writes, syncs, opens, connects, sends and receives that kill a run or fail leave no duplicate, no lost order and no lie`()
        async throws
    {
        let calls = StruckCalls(
            crossdock: ProjectFolder.program("crossdock"), killer: ProjectFolder.program("crossdock-strike"), modes: [.lookUp])
        let report = try await calls.run(seed: 20_261_121, step: 50)
        print(report.text)
        #expect(report.violations == [])
        #expect(
            report["runs that ended with a signal"] > 2 && report["pwrite64 struck by EIO"] > 0,
            "\(report.text)")
    }
}
