internal import GRDB
package import Ledger
package import Orders
import SQLiteStore
package import SinkKit

extension SQLiteLedger {
    package func keep(_ message: InboundMessage, flow: String) async throws(LedgerError) {
        try await commits.commit { db in try LedgerStatements.keep(message, flow: flow, db) }
    }

    package func waitingMessages(flow: String, at now: Timestamp, limit: Int) async throws(LedgerError) -> [WaitingMessage] {
        try await commits.read { db in try LedgerStatements.waitingMessages(flow: flow, at: now, limit: limit, db) }
    }

    package func settle(_ outcome: MessageOutcome) async throws(LedgerError) {
        try await commits.commit { db in try LedgerStatements.settle(outcome, db) }
    }

    package func nextMessage(flow: String) async throws(LedgerError) -> Timestamp? {
        try await commits.read { db in
            try Int64.fetchOne(
                db.cachedStatement(sql: "SELECT min(due_at) FROM messages WHERE flow = ? AND due_at IS NOT NULL"),
                arguments: [flow])
        }.map(Timestamp.init(milliseconds:))
    }

    package func messages(_ filter: MessageFilter, after cursor: Int64, limit: Int) async throws(LedgerError) -> [MessageRow] {
        try await commits.read { db in try LedgerStatements.messages(filter, after: cursor, limit: limit, db) }
    }

    package func messageCounts() async throws(LedgerError) -> [MessageCount] {
        try await commits.read { db in try LedgerStatements.messageCounts(db) }
    }

    package func orders(ticket: String, flow: String) async throws(LedgerError) -> [OrderKey] {
        try await commits.read { db in try LedgerStatements.orders(ticket: ticket, flow: flow, db) }
    }
}
