import SinkTesting
import Testing

@Suite("Broken sinks")
struct BrokenSinkTests {
    @Test(arguments: Flaw.allCases) func `each flaw is found by the rule that is meant for it`(_ flaw: Flaw) async throws {
        let found = try await verdict(flaw.rule, .reference(flaw.letter, flaw))
        guard case .fell(let finding)? = found else {
            Issue.record("\(flaw.rule): \(String(describing: found))")
            return
        }
        #expect(!finding.expected.isEmpty && !finding.seen.isEmpty)
    }

    @Test(arguments: Flaw.allCases) func `that rule holds where the flaw isn't`(_ flaw: Flaw) async throws {
        let found = try await verdict(flaw.rule, .reference(flaw.letter))
        guard case .held(let seen)? = found else {
            Issue.record("\(flaw.rule): \(String(describing: found))")
            return
        }
        #expect(!seen.isEmpty)
    }

    @Test func `there is a broken sink for each rule`() {
        let met = Set(Flaw.allCases.map(\.rule))
        #expect(SinkRule.all.map(\.id).filter { !met.contains($0) } == [])
    }

    @Test func `keys that are kept in memory are found by what a restart shows, and not by a repeat within one process`()
        async throws
    {
        let repeated = try await verdict("create.twice", .reference("K", .keepsItsKeysInMemory))
        #expect(repeated?.word == "held", "\(String(describing: repeated))")
    }

    @Test func `a sink that makes a second order on repeat falls by every rule about it`() async throws {
        for rule in ["create.twice", "class.key.repeat", "concurrent.one-key"] {
            let found = try await verdict(rule, .reference("K", .makesASecondOrderOnRepeat))
            #expect(found?.word == "fell", "\(rule): \(String(describing: found))")
        }
    }
}
