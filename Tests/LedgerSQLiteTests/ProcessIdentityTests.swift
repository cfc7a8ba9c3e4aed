import Glibc
import LedgerSQLite
import Testing

@Suite("Telling a process from any other")
struct ProcessIdentityTests {
    /// This process's identity with parts replaced: 0 boot, 1 namespace, 2 process id, 3 start.
    private func current(replacing replacements: [Int: String]) throws -> ProcessIdentity {
        let parts = ProcessIdentity.current.description.split(separator: "/").enumerated().map { replacements[$0] ?? String($1) }
        return try #require(ProcessIdentity(parts.joined(separator: "/")))
    }

    @Test func `this process lives, and its name reads back as itself`() {
        #expect(!ProcessIdentity.current.isDead)
        #expect(ProcessIdentity.current.processID == getpid())
        #expect(ProcessIdentity.current.startedAtTick > 0)
        #expect(ProcessIdentity(ProcessIdentity.current.description) == ProcessIdentity.current)
    }

    @Test func `a process id that was given out again is another process`() throws {
        #expect(try current(replacing: [3: String(ProcessIdentity.current.startedAtTick + 1)]).isDead)
    }

    @Test func `no process outlives the machine's start`() throws {
        #expect(try current(replacing: [0: "00000000-0000-0000-0000-000000000000"]).isDead)
    }

    @Test func `of another container's process nothing can be told`() throws {
        let elsewhere = try current(replacing: [1: "42", 2: String(Int32.max)])
        #expect(!elsewhere.isDead)
    }

    @Test func `a process lives until it is killed, and is dead although nobody has waited for it`() throws {
        let child = try Child()
        #expect(!child.identity.isDead)
        #expect(ProcessIdentity(child.identity.description) == child.identity)
        child.kill()
        #expect(child.identity.isDead)
    }

    @Test func `a process id that nobody has is dead`() throws {
        #expect(try current(replacing: [2: String(Int32.max)]).isDead)
    }

    @Test(arguments: ["", "worker", "a/b/c", "a/b/c/d", "a/b/1/x", "a/b/99999999999/1", "a/b/1/2/3"])
    func `a text of another shape names no process`(_ text: String) {
        #expect(ProcessIdentity(text) == nil)
    }
}
