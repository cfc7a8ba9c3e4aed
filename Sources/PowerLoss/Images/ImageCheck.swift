import Ledger
import LedgerSQLite
import OrderFlow
import Orders

/// Opens what a power failure left, with the ledger that a run opens: it must be whole, have everything that was acknowledged, and
/// take what comes next.
struct ImageCheck {
    private let machine: RecordedMachine

    init() throws { machine = try RecordedMachine() }

    /// Opens it twice: work goes on in it in between.
    func violations(_ image: FolderContents, _ promises: Promises) async -> [String] {
        machine.insert(RecordedDisk(image, isRecording: false))
        do {
            var violations = try await look(promises)
            if violations.isEmpty { violations = try await resume(promises) }
            return violations
        } catch {
            return ["the ledger can't be opened: \(error)"]
        }
    }

    private func look(_ promises: Promises) async throws -> [String] {
        let ledger = try SQLiteLedger(path: machine.ledgerPath, now: ScriptedWork.beginning, runsInPlace: true)
        let faults = try await ledger.verify().faults.map(\.message)
        let broken = try await promises.broken(by: ledger)
        try await ledger.close()
        return faults + broken
    }

    private func resume(_ promises: Promises) async throws -> [String] {
        var promises = promises
        let ledger = try SQLiteLedger(path: machine.ledgerPath, now: ScriptedWork.beginning, runsInPlace: true)
        // Later than any lease.
        let now = ScriptedWork.beginning + .seconds(10 * 365 * 86_400)
        for key in promises.listed {
            guard case .claimed(let order) = try await ledger.claim(key, by: "later", leasesEndBy: now, until: now + .seconds(60))
            else {
                return ["order \(key.orderID) can't be claimed"]
            }
            let reading = OrderReading(beganAt: now, state: .confirmed, contentDigest: "later")
            let entry = JournalEntry(sequence: order.progress.entryCount + 1, at: now, event: .read(reading))
            let journal = try await ledger.journal(key) + [entry]
            try await ledger.append(LedgerChange(claim: order.claim, at: now, entries: [entry], state: nil, releasesClaim: true))
            promises.add(journal, of: key)
        }
        try await ledger.close()
        return try await look(promises)
    }
}
