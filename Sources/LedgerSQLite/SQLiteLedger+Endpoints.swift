import Foundation
internal import GRDB
import SQLiteStore
package import Transport

/// Circuits, retry budgets and limiter logs outlive the process: cron starts a new one for every run.
extension SQLiteLedger: EndpointStateStore {
    package func load(origin: String) async throws -> EndpointState? {
        let text = try await commits.read { db in
            try String.fetchOne(db.cachedStatement(sql: "SELECT state FROM endpoints WHERE origin = ?"), arguments: [origin])
        }
        return try text.map { try JSONDecoder().decode(EndpointState.self, from: Data($0.utf8)) }
    }

    package func save(_ state: EndpointState, origin: String) async throws {
        let text = String(decoding: try JSONEncoder().encode(state), as: UTF8.self)
        try await commits.write { db in
            try db.cachedStatement(sql: "INSERT OR REPLACE INTO endpoints (origin, state) VALUES (?, ?)").execute(arguments: [
                origin, text,
            ])
        }
    }
}
