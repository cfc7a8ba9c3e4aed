import ChaosHarness
import TestSupport
import Testing

@Suite(.serialized) struct FullDiskTests {
    @Test func `a disk that fills up at any point is named, and everything goes on once there is room`() async throws {
        let report = try await FullDisk(crossdock: ProjectFolder.program("crossdock")).run(seed: 20_261_121, rounds: 2)
        print(report.text)
        #expect(report.violations == [])
        #expect(report["runs that met the full disk"] > 0, "\(report.text)")
    }
}
