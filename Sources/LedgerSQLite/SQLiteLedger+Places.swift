internal import GRDB
import SQLiteStore
package import Transport

/// Rate limits that all processes on this ledger keep to together.
extension SQLiteLedger: SharedPlaceStore {
    package func takePlace(
        account: String, of count: Int, now: Int64, holding: Int64
    ) async throws -> SharedPlaces.Answer {
        try await commits.write { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(sql: "SELECT place, held_until, token FROM limiter_places WHERE account = ? ORDER BY place"),
                arguments: [account])
            var places = SharedPlaces(
                try rows.map { row in
                    SharedPlaces.Place(
                        number: try row.decode(atIndex: 0), heldUntil: try row.decode(atIndex: 1),
                        token: try row.decode(atIndex: 2))
                })
            let answer = places.take(of: count, now: now, holding: holding)
            if case .taken(let place) = answer {
                try db.cachedStatement(
                    sql: "INSERT OR REPLACE INTO limiter_places (account, place, held_until, token) VALUES (?, ?, ?, ?)"
                ).execute(arguments: [account, place.number, place.heldUntil, place.token])
            }
            return answer
        }
    }

    package func hold(_ place: SharedPlaces.Place, account: String, until: Int64) async throws {
        try await commits.write { db in
            try db.cachedStatement(
                sql: "UPDATE limiter_places SET held_until = ? WHERE account = ? AND place = ? AND token = ?"
            ).execute(arguments: [until, account, place.number, place.token])
        }
    }
}
