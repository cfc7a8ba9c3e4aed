import TestSupport
import Testing

/// `crossdock demo`, which somebody new runs first.
@Suite struct DemoTests {
    @Test(arguments: [[], ["--fixtures", ProjectFolder.cloudsuiteFixtures]])
    func `the demo ends by itself, and everything in it is as it says`(_ arguments: [String]) async throws {
        let folder = try ProjectFolder.Temporary()
        let demo = try await ChildProgram.run("crossdock", ["demo", "--folder", folder.path + "/demo"] + arguments)
        #expect(demo.status == 0, "\(demo)")
        for expected in [
            "The shop counts 0 writes.", "<DesadvNumber>PS-77</DesadvNumber>",
            "The shop counts 1 delivery; the order's shipment state is sent.",
        ] { #expect(demo.output.contains(expected), "\(demo.output)") }
    }
}
