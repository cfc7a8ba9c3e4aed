import Foundation
import LedgerSQLite
import Orders
import Synchronization
import Transport

/// Rate limits that processes share, in the ledger's file: also for commands that otherwise only read it, since their requests count. A
/// dry run has none of it.
///
/// The file is opened for writing with the first request that a shared limit holds for. Where there is no ledger yet, there is no other
/// process to share with.
final class SharedPlacesFile: SharedPlaceStore {
    private let path: String
    private let ledger: Mutex<SQLiteLedger?>

    init(path: String, opened: SQLiteLedger?) {
        self.path = path
        ledger = Mutex(opened)
    }

    func takePlace(account: String, of count: Int, now: Int64, holding: Int64) async throws -> SharedPlaces.Answer {
        guard let ledger = try opened(now) else {
            return .taken(SharedPlaces.Place(number: 0, heldUntil: now, token: 0))
        }
        return try await ledger.takePlace(account: account, of: count, now: now, holding: holding)
    }

    func hold(_ place: SharedPlaces.Place, account: String, until: Int64) async throws {
        guard place.number > 0 else { return }
        try await opened(until)?.hold(place, account: account, until: until)
    }

    private func opened(_ now: Int64) throws -> SQLiteLedger? {
        try ledger.withLock { ledger in
            if ledger == nil, FileManager.default.fileExists(atPath: path) {
                ledger = try SQLiteLedger(path: path, now: Timestamp(milliseconds: now))
            }
            return ledger
        }
    }
}
