import Ledger
import Orders
import Synchronization
import Transport

/// Notices when somebody sets the machine's clock, in this process or since an earlier one.
///
/// The longest a create may take to show is waited out by the clock, across processes. Were the clock set forward meanwhile, the
/// ERP would be asked too early, and its "no such order" believed.
final class ClockWatch: Sendable {
    private let timekeeper: any Timekeeper
    private let record = Mutex<ClockRecord?>(nil)

    init(_ timekeeper: any Timekeeper) { self.timekeeper = timekeeper }

    /// Since when the clock can be relied on.
    ///
    /// Look at `now` first: what is set after that doesn't touch a decision made with it.
    var setAt: Timestamp { look().setAt }

    /// Takes over what earlier processes knew, and leaves to later ones what is known now.
    func join(_ ledger: any Ledger) async throws(LedgerError) {
        let known = try await ledger.clock(bootID: timekeeper.uptime.bootID)
        record.withLock { record in record = record ?? known }
        let current = look()
        if current != known { try await ledger.remember(current) }
    }

    /// Both at one instant: a thread that is held up between the two would see a clock that was set.
    private func clocks() -> (now: Timestamp, uptime: Uptime) {
        var before = timekeeper.uptime
        for _ in 0..<Self.triesMax {
            let now = Timestamp(milliseconds: timekeeper.millisecondsSince1970)
            let after = timekeeper.uptime
            if after.milliseconds - before.milliseconds <= Self.instantMilliseconds { return (now, after) }
            before = after
        }
        return (Timestamp(milliseconds: timekeeper.millisecondsSince1970), before)
    }

    private static let instantMilliseconds: Int64 = 5
    private static let triesMax = 10

    private func look() -> ClockRecord {
        record.withLock { record in
            let (now, uptime) = clocks()
            let offset = now.milliseconds - uptime.milliseconds
            let known = record ?? ClockRecord(bootID: uptime.bootID, offsetMilliseconds: offset, setAt: now)
            let current = known.looked(now: now, uptimeMilliseconds: uptime.milliseconds)
            record = current
            return current
        }
    }
}
