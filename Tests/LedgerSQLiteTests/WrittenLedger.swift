import Foundation
import GRDB
import Ledger
import OrderFlow
import Orders
import SinkKit

@testable import LedgerSQLite

/// Orders as a run leaves them: what each test needs of a ledger with a past.
extension SQLiteLedger {
    /// Appends events to an order in one transaction, with the row that they come to.
    func write(_ events: [JournalEvent], to order: OrderKey, payload: StoredPayload? = nil, at now: Timestamp = noon) async throws
    {
        guard case .claimed(let claimed) = try await claim(order, by: "test", leasesEndBy: now, until: now + .seconds(60)) else {
            throw LedgerError.unusable("not claimed")
        }
        var progress = claimed.progress
        var entries: [JournalEntry] = []
        for event in events {
            progress.apply(event, at: now)
            entries.append(JournalEntry(sequence: progress.entryCount, at: now, event: event))
        }
        var state = claimed.row.state
        state.erpOrderNumber = progress.receipt?.erpOrderNumber
        if let verdict = progress.verdict {
            (state.standing, state.reason, state.sentence, state.dueAt) = (
                verdict.standing, verdict.reason, verdict.sentence, verdict.until
            )
        }
        try await append(
            LedgerChange(
                claim: claimed.claim, at: now, entries: entries, state: state, payloads: payload.map { [$0] } ?? [],
                documents: progress.documents, releasesClaim: true))
    }
}

/// Histories by what is left to do.
enum Past {
    static let bytes = Array("{\"order\": 1}".utf8)
    static let payload = StoredPayload(digest: ContentDigest.sha256(bytes), bytes: bytes)
    static let receipt = SinkReceipt(erpOrderNumber: "E1", lines: [SinkReceiptLine(lineKey: "id:1", erpLineNumber: 10)])

    static var reading: OrderReading {
        var reading = OrderReading(beganAt: noon, state: .confirmed, contentDigest: "content")
        (reading.payment, reading.reference, reading.confirmedAt) = (.paid, "CS1", noon - .seconds(3600))
        return reading
    }

    static let intended: [JournalEvent] = [
        .read(reading), .sought(.absent),
        .createIntended(CreateIntent(attempt: 1, generation: 1, contentDigest: "content", payloadDigest: payload.digest)),
    ]

    static let finished: [JournalEvent] =
        intended + [
            .createEnded(attempt: 1, .accepted(receipt)), .read(reading), .verdict(Verdict(.finished, .finished, "Done.")),
        ]

    static let asked: [JournalEvent] = [.read(reading), .sought(.absent)]

    static let skipped: [JournalEvent] = [
        .read(reading), .person(PersonDecision(kind: .skip, by: "anna", reason: "typed in by hand")),
        .verdict(Verdict(.dismissed, .skippedByPerson, "anna took it out: typed in by hand")),
    ]
}

extension LedgerFolder {
    /// Orders 1 finished, 2 with an open create, 3 asked for, 4 taken out by a person, 5 only listed.
    func writeLedger() async throws {
        let ledger = try open()
        try await ledger.list(1...5)
        try await ledger.write(Past.finished, to: key(1), payload: Past.payload)
        try await ledger.write(Past.intended, to: key(2), payload: Past.payload)
        try await ledger.write(Past.asked, to: key(3))
        try await ledger.write(Past.skipped, to: key(4))
        try await ledger.close()
    }

    /// Changes the file as damage would: SQLite's own structure stays sound.
    func damage(_ sql: String...) throws {
        try foreignConnection().writeWithoutTransaction { db in for sql in sql { try db.execute(sql: sql) } }
    }

    func rebuild(from backup: String? = nil, at now: Timestamp = noon + .seconds(3600)) throws -> RebuildReport {
        try Self.rebuild(ledgerPath, from: backup, at: now)
    }

    /// Waits for a ledger of this process that nobody has any more, and whose last work hasn't let go of it yet.
    static func rebuild(
        _ path: String, from backup: String? = nil, at now: Timestamp = noon + .seconds(3600)
    ) throws -> RebuildReport {
        let rebuild = LedgerRebuild(path: path, from: backup, shops: ["main": "demo"], now: now)
        let deadline = ContinuousClock.now + .seconds(10)
        while true {
            do { return try rebuild.run() } catch {
                guard "\(error)".contains("another process has the ledger"), ContinuousClock.now < deadline else { throw error }
                usleep(5000)
            }
        }
    }

    func progress(_ id: Int64) async throws -> OrderProgress {
        OrderProgress(try await open().journal(key(id)))
    }
}
