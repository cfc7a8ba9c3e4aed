import Foundation
internal import GRDB
import OrderFlow

/// Sealed codes: once there, neither changed nor deleted.
extension LedgerStatements {
    typealias KeptCode = (code: SealedCode, storedAt: Int64)

    static func insert(_ codes: [KeptCode], at position: Int64, _ db: Database) throws {
        for (code, storedAt) in codes {
            try db.cachedStatement(
                sql: """
                    INSERT INTO codes (position, generation, line, unit, label, key_id, nonce, sealed, stored_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """
            ).execute(arguments: [
                position, code.name.generation, code.name.lineKey, code.name.unit, code.name.label, code.keyID,
                code.nonce.asData, code.sealed.asData, storedAt,
            ])
        }
    }

    static func codes(at position: Int64, _ db: Database) throws -> [KeptCode] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT generation, line, unit, label, key_id, nonce, sealed, stored_at FROM codes WHERE position = ?
                ORDER BY generation, line, unit, label
                """)
        return try Row.fetchAll(statement, arguments: [position]).map { row in
            let name = CodeName(
                generation: try row.decode(atIndex: 0), lineKey: try row.decode(atIndex: 1), unit: try row.decode(atIndex: 2),
                label: try row.decode(atIndex: 3))
            let code = SealedCode(
                name: name, keyID: try row.decode(atIndex: 4), nonce: [UInt8](try row.decode(Data.self, atIndex: 5)),
                sealed: [UInt8](try row.decode(Data.self, atIndex: 6)))
            return (code, try row.decode(atIndex: 7))
        }
    }
}
