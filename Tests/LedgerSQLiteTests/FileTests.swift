import Foundation
import GRDB
import Glibc
import Ledger
import LedgerSQLite
import OrderFlow
import Orders
import Testing

@Suite("The ledger's file")
struct FileTests {
    private let folder: LedgerFolder

    init() throws { folder = try LedgerFolder() }

    @Test func `only its owner may read it, whatever SQLite adds beside it`() async throws {
        let ledger = try folder.open()
        try await ledger.list(1...3)
        #expect(try folder.names == ["ledger.db", "ledger.db-shm", "ledger.db-wal"])
        for name in try folder.names { #expect(try folder.permissions(of: name) == 0o600, "\(name)") }
    }

    @Test func `a commit is on disk when it returns, ahead of the file, and the file says whose it is`() async throws {
        let ledger = try folder.open()
        #expect(try await ledger.pragma("journal_mode") == "wal")
        #expect(try await ledger.pragma("synchronous") == "2")
        #expect(try await ledger.pragma("application_id") == String(0x4372_446B))
        #expect(try await ledger.pragma("foreign_keys") == "1")
    }

    @Test func `closing the last ledger brings everything into the one file`() async throws {
        let ledger = try folder.open()
        try await ledger.list(1...3)
        try await ledger.close()
        #expect(try folder.names == ["ledger.db"])
        #expect(try await folder.open().rows(OrderFilter(), after: 0, limit: 9).count == 3)
    }

    @Test func `it is the same ledger when it is opened again`() throws {
        let first = try folder.open().identity
        let again = try SQLiteLedger(path: folder.ledgerPath, now: noon + .seconds(99)).identity
        #expect(first == again && first.createdAt == noon)
        let other = try LedgerFolder().open().identity
        #expect(other.id != first.id)
    }

    @Test func `another program's SQLite file is refused and left as it is`() throws {
        try folder.foreignConnection("other.db").write { db in try db.execute(sql: "CREATE TABLE invoices (id INTEGER)") }
        let before = folder.bytes(of: "other.db")
        for refusal in [
            refusal { () throws(LedgerError) in try SQLiteLedger(path: folder.path + "/other.db", now: noon) },
            refusal { () throws(LedgerError) in try SQLiteLedger(readingOnly: folder.path + "/other.db") },
        ] {
            #expect(refusal?.contains("is a SQLite file of something else; name another file") == true)
        }
        #expect(folder.bytes(of: "other.db") == before)
        #expect(try folder.names == ["other.db"])
    }

    @Test(arguments: ["flows:\n  main:\n", String(repeating: "an essay on ledgers ", count: 1000)])
    func `a text file is refused and left as it is`(_ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.ledgerPath))
        let refusal = refusal { () throws(LedgerError) in try SQLiteLedger(path: folder.ledgerPath, now: noon) }
        #expect(refusal?.contains("is no SQLite file: name another one under 'ledger'") == true, "\(refusal ?? "opened")")
        #expect(folder.bytes(of: "ledger.db") == Data(text.utf8))
    }

    @Test func `a damaged file is refused when it is opened or when the damage is met, with what to do`() async throws {
        try await folder.write(1...2000)
        var bytes = try #require(folder.bytes(of: "ledger.db"))
        // Page 1, which every statement needs, stays whole; the rest is overwritten.
        bytes.replaceSubrange(4096..., with: Data(repeating: 0x5A, count: bytes.count - 4096))
        try bytes.write(to: URL(fileURLWithPath: folder.ledgerPath))
        var refusal: String?
        do throws(LedgerError) {
            _ = try await SQLiteLedger(path: folder.ledgerPath, now: noon).counts()
        } catch { refusal = error.description }
        #expect(refusal?.contains("it is damaged. 'crossdock ledger rebuild' makes a new ledger") == true, "\(refusal ?? "none")")
    }

    @Test func `a folder that isn't there, a folder in place of the file, and a file system that takes no files`() throws {
        let missing = refusal { () throws(LedgerError) in try SQLiteLedger(path: folder.path + "/none/ledger.db", now: noon) }
        #expect(missing?.contains("the folder \(folder.path)/none does not exist; make it") == true)
        let isFolder = refusal { () throws(LedgerError) in try SQLiteLedger(path: folder.path, now: noon) }
        #expect(isFolder?.contains("is a folder; name a file in it") == true)
        let refused = refusal { () throws(LedgerError) in try SQLiteLedger(path: "/sys/ledger.db", now: noon) }
        #expect(refused?.contains("can't be made: ") == true, "\(refused ?? "opened")")
        #expect(try folder.names == [])
    }

    @Test func `a file, or a folder, that this user can't write to is refused before anything is done`() throws {
        _ = try folder.open()
        chmod(folder.path, 0o555)
        defer { chmod(folder.path, 0o755) }
        for mode: mode_t in [0o444, 0o666] {
            chmod(folder.ledgerPath, mode)
            let refused = withoutPrivileges { [path = folder.ledgerPath] in
                refusal { () throws(LedgerError) in try SQLiteLedger(path: path, now: noon) }
            }
            #expect(
                refused?.contains("it can't be written: check its owner and mode, and its folder's") == true,
                "\(refused ?? "opened")")
        }
    }

    @Test func `a full disk refuses the change, keeps nothing of it, and no later change is tried`() async throws {
        let ledger = try folder.open()
        try await ledger.list(1...2)
        let claimed = try await ledger.claimDue()
        let pages = try #require(try await ledger.pragma("page_count").flatMap(Int.init))
        _ = try await ledger.pragma("max_page_count = \(pages + 2)")
        let large = StoredPayload(digest: "d", bytes: Array(repeating: 7, count: 100_000))
        for change in [claimed[0].change(payload: large), claimed[1].change()] {
            do throws(LedgerError) {
                try await ledger.append(change)
                Issue.record("it was taken")
            } catch {
                #expect(error.description.contains("the disk is full: make room and start again"), "\(error)")
            }
        }
        #expect(try await ledger.journal(key(1)).isEmpty)
        #expect(try await ledger.journal(key(2)).isEmpty)
        #expect(try await ledger.row(key(1))?.state.reason == .listed)
    }

    @Test func `a ledger that another program keeps locked says so`() async throws {
        let ledger = try folder.open()
        try await ledger.list(1...1)
        let order = try #require(try await ledger.claimDue().first)
        _ = try await ledger.pragma("busy_timeout = 1")
        let other = try folder.foreignConnection()
        try await other.writeWithoutTransaction { db in try db.execute(sql: "BEGIN IMMEDIATE") }
        do throws(LedgerError) {
            try await ledger.append(order.change())
            Issue.record("it was taken")
        } catch { #expect(error.description.contains("another process holds it"), "\(error)") }
        try await other.writeWithoutTransaction { db in try db.execute(sql: "ROLLBACK") }
    }
}

/// Runs `body` with the rights of a user who owns nothing: on a thread of its own whose file system user isn't root (setfsuid(2)).
private func withoutPrivileges<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value {
    guard geteuid() == 0, let symbol = dlsym(nil, "setfsuid") else { return body() }
    let setFileSystemUser = unsafeBitCast(symbol, to: (@convention(c) (UInt32) -> Int32).self)
    let (answers, continuation) = (Pipe(), Answer<Value>())
    let thread = Thread {
        _ = setFileSystemUser(65_534)
        continuation.value = body()
        try? answers.fileHandleForWriting.close()
    }
    thread.start()
    _ = try? answers.fileHandleForReading.readToEnd()
    return continuation.value!
}

private final class Answer<Value>: @unchecked Sendable {
    var value: Value?
}
