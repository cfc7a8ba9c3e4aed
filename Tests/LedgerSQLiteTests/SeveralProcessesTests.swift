import Foundation
import Glibc
import Ledger
import LedgerSQLite
import Orders
import TestSupport
import Testing

@Suite("Several processes at one ledger")
struct SeveralProcessesTests {
    private let folder: LedgerFolder

    init() throws { folder = try LedgerFolder() }

    @Test func `each order goes to one of two ledgers on the file`() async throws {
        let ledgers = [try folder.open(), try folder.open()]
        try await ledgers[0].list(1...300)
        let claimed = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for (index, ledger) in ledgers.enumerated() {
                group.addTask {
                    var mine: [Int64] = []
                    while true {
                        let orders = try await ledger.claimDue(7, by: "worker \(index)")
                        if orders.isEmpty { return mine }
                        for order in orders { try await ledger.append(order.change()) }
                        mine += orders.map(\.row.key.orderID)
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(claimed.sorted() == Array(1...300))
    }

    @Test func `a claim taken over through another ledger fences off the first`() async throws {
        let (first, second) = (try folder.open(), try folder.open())
        try await first.list(1...1)
        let late = try #require(try await first.claimDue(by: "first").first)
        let current = try #require(try await second.claimDue(by: "second", at: noon + .seconds(60)).first)
        await #expect(throws: LedgerError.claimLost(key(1))) { try await first.append(late.change()) }
        try await second.append(current.change())
        #expect(try await first.journal(key(1)).count == 1)
    }

    @Test func `what a killed process held is free at once, its lease notwithstanding`() async throws {
        let ledger = try folder.open()
        try await ledger.list(1...3)
        let child = try Child()
        let holder = child.identity.description
        let held = try await ledger.claimDue(2, by: holder)
        #expect(held.count == 2)
        #expect(try await ledger.claimDue(by: "me").map(\.row.key.orderID) == [3])
        child.kill()
        #expect(try await folder.open().claimDue(by: "me").map(\.row.key.orderID) == [1, 2])
        // Should it not be dead after all, it is fenced off.
        await #expect(throws: LedgerError.claimLost(key(1))) { try await ledger.append(held[0].change()) }
    }

    @Test func `a person's claim finds a dead holder's order free too`() async throws {
        let ledger = try folder.open()
        try await ledger.list(1...1)
        let child = try Child()
        _ = try await ledger.claimDue(by: child.identity.description)
        guard case .busy = try await ledger.claim(key(1), by: "me", leasesEndBy: noon, until: noon + .seconds(60)) else {
            Issue.record("it was free while its holder lived")
            return
        }
        child.kill()
        guard case .claimed = try await ledger.claim(key(1), by: "me", leasesEndBy: noon, until: noon + .seconds(60)) else {
            Issue.record("it is not free")
            return
        }
    }

    @Test func `a claim of another container's process stands until its lease ends`() async throws {
        let ledger = try folder.open()
        try await ledger.list(1...1)
        var parts = ProcessIdentity.current.description.split(separator: "/").map(String.init)
        (parts[1], parts[2]) = ("1", String(Int32.max))
        _ = try await ledger.claimDue(by: parts.joined(separator: "/"))
        #expect(try await ledger.claimDue(by: "me").isEmpty)
        #expect(try await ledger.claimDue(by: "me", at: noon + .seconds(60)).count == 1)
    }

    @Test func `the right to pull is one across ledgers, and a killed process gives it back`() async throws {
        let (first, second) = (try folder.open(), try folder.open())
        do {
            let lock = try await first.tryLockPull(flow: "main")
            #expect(lock != nil)
            #expect(try await second.tryLockPull(flow: "main") == nil)
            withExtendedLifetime(lock) {}
        }
        let path = "\(folder.ledgerPath).main.pull.lock"
        #expect(try folder.permissions(of: "ledger.db.main.pull.lock") == 0o600)
        let child = try Child("/usr/bin/flock", ["--no-fork", path, "sleep", "600"])
        try await Waiting.until { try await first.tryLockPull(flow: "main") == nil }
        child.kill()
        #expect(try await first.tryLockPull(flow: "main") != nil)
    }
}

/// A process of another program.
final class Child {
    let processID: pid_t
    let identity: ProcessIdentity

    init(_ program: String = "/bin/sleep", _ arguments: [String] = ["600"]) throws {
        var processID: pid_t = 0
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        let status = posix_spawn(&processID, program, nil, nil, &words, environ)
        guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: status) ?? .EIO) }
        self.processID = processID
        identity = ProcessIdentity(of: processID)
    }

    /// Ends it and waits until the kernel has ended it; it stays a zombie, as below a parent that doesn't care.
    func kill() {
        Glibc.kill(processID, SIGKILL)
        var information = siginfo_t()
        waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT)
    }

    deinit {
        Glibc.kill(processID, SIGKILL)
        waitpid(processID, nil, 0)
    }
}
