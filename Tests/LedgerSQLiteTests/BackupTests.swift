import Foundation
import Ledger
import LedgerSQLite
import OrderFlow
import Orders
import Testing

@Suite("Backing a ledger up")
struct BackupTests {
    private let folder: LedgerFolder
    private var target: String { folder.path + "/backup.db" }

    init() throws { folder = try LedgerFolder() }

    @Test func `the copy is whole, one file, for its owner alone, and refused as a ledger`() async throws {
        try await folder.writeLedger()
        let copied = try await SQLiteLedger(readingOnly: folder.ledgerPath).backup(to: target)
        #expect(copied.orders == 5 && copied.entries == 14)
        #expect(try folder.permissions(of: "backup.db") == 0o600)
        #expect(try folder.names.filter { $0.hasPrefix("backup") } == ["backup.db"])
        for refusal in [
            refusal { () throws(LedgerError) in try SQLiteLedger(path: target, now: noon) },
            refusal { () throws(LedgerError) in try SQLiteLedger(readingOnly: target) },
        ] { #expect(refusal?.contains("is a backup, not a ledger") == true, "\(refusal ?? "opened")") }
    }

    @Test func `it is consistent while others write`() async throws {
        let ledger = try folder.open()
        try await ledger.list(1...200)
        async let writing: Void = {
            for id in 1...200 as ClosedRange<Int64> { try await ledger.write(Past.finished, to: key(id), payload: Past.payload) }
        }()
        let reader = try SQLiteLedger(readingOnly: folder.ledgerPath)
        for count in 1...5 { _ = try await reader.backup(to: "\(target)-\(count)") }
        try await writing
        for count in 1...5 {
            let other = try LedgerFolder()
            let report = try other.rebuild(from: "\(target)-\(count)")
            #expect(report.whole == 200 && report.isComplete, "\(report)")
        }
    }

    @Test func `a file that is there is left alone, and a folder that isn't is named`() async throws {
        try await folder.writeLedger()
        let ledger = try SQLiteLedger(readingOnly: folder.ledgerPath)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: target))
        await #expect(throws: LedgerError.unusable("the backup \(target) is there already; name a new file")) {
            try await ledger.backup(to: target)
        }
        #expect(folder.bytes(of: "backup.db") == Data("mine".utf8))
        await #expect(throws: LedgerError.self) { try await ledger.backup(to: folder.path + "/none/backup.db") }
    }

    @Test func `a ledger made of a backup counts every order without a receipt as possibly sent`() async throws {
        let ledger = try folder.open()
        try await ledger.list(1...2)
        try await ledger.write(Past.asked, to: key(1))
        _ = try await ledger.backup(to: target)
        // What the backup doesn't know.
        try await ledger.write(
            [Past.intended[2], .createEnded(attempt: 1, .accepted(Past.receipt))], to: key(1), payload: Past.payload)
        let other = try LedgerFolder()
        _ = try other.rebuild(from: target)
        let progress = try await other.progress(1)
        #expect(!progress.isKnownAbsent && progress.restored != nil)
        #expect(try other.open().identity.createdAt == noon + .seconds(3600))
    }
}
