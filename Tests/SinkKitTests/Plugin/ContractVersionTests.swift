import SinkKit
import Testing

@Suite struct ContractVersionTests {
    @Test(arguments: [("1.2.3", 1, 2, 3), ("0.0.1-beta.2+7", 0, 0, 1), ("10.20.30+a", 10, 20, 30)])
    func `a version reads by its three numbers`(text: String, major: Int, minor: Int, patch: Int) {
        #expect(ContractVersion(text) == ContractVersion(major: major, minor: minor, patch: patch))
    }

    @Test(arguments: ["", "1", "1.2", "1.2.3.4", "1.2.x", "1..3", "-1.2.3", "1.2.99999999999999999999", " 1.2.3", "١.٢.٣"])
    func `what is no version isn't read`(text: String) {
        #expect(ContractVersion(text) == nil)
    }

    @Test func `one major version understands itself only`() {
        let current = ContractVersion.current
        #expect(current.isCompatible(with: ContractVersion(major: current.major, minor: 99, patch: 0)))
        #expect(!current.isCompatible(with: ContractVersion(major: current.major + 1, minor: 0, patch: 0)))
    }
}
