import Foundation

/// A real Tryton on loopback with a database of its own; see `Tests/ERP/tryton/up`.
package final class TrytonServer: Sendable {
    package let database = "erp"
    package let login = "connector"
    package let password = "connector-secret"
    package let webShop = "shop-eu"
    private let program: ERPProgram

    private static let scripts = ERPProgram.scripts("tryton")
    private var connection: String { program.connectionPath }
    private var folder: ProjectFolder.Temporary { program.folder }
    package var url: String { program.url }

    package init() async throws { program = try await ERPProgram("tryton", preparation: .seconds(600)) }

    package func stop() async { await program.stop() }
}

// MARK: What people and auditors do

extension TrytonServer {
    /// The warehouse sends the oldest open shipment of a sale, or so much of its lines by sequence.
    package func ship(_ webID: String, _ quantities: KeyValuePairs<Int, String> = [:], tracking: String? = nil) throws {
        let limits = quantities.flatMap { ["--qty", "\($0.key)=\($0.value)"] }
        _ = try ChildProgram.output(
            of: ["python3", Self.scripts + "/ship.py", connection, webID] + limits + (tracking.map { ["--tracking", $0] } ?? []))
    }

    /// What `crossdock sink check` looks into Tryton with, in YAML: the tools of a sandbox.
    package var sandboxTools: String {
        func tool(_ words: String...) -> String {
            "[" + (["python3", Self.scripts + "/look.py", connection] + words).map { "\"\($0)\"" }.joined(separator: ", ") + "]"
        }
        return "{orders: \(tool("orders", "{key}")), ship: \(tool("ship", "{key}", "{line}", "{quantity}"))}"
    }

    /// Calls a method of a model as a colleague's client would.
    ///
    /// - Parameter parameters: JSON, without the context.
    @discardableResult package func call(_ method: String, _ parameters: String) throws -> String {
        let output = try ChildProgram.output(of: ["python3", Self.scripts + "/call.py", connection, method, parameters])
        return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The rows of a query in Tryton's own database, past everything that Tryton and we say.
    package func rows(_ query: String) throws -> [String] {
        let output = try ChildProgram.output(
            of: ["sqlite3", "-readonly", "-cmd", ".timeout 20000", "\(folder.path)/\(database).sqlite", query])
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Changes Tryton's own database behind its back.
    package func write(_ statement: String) throws {
        _ = try ChildProgram.output(of: ["sqlite3", "-cmd", ".timeout 20000", "\(folder.path)/\(database).sqlite", statement])
    }

    /// State and number of every sale under that web ID.
    package func sales(_ webID: String) throws -> [String] {
        try rows("SELECT state || ' ' || coalesce(number, '-') FROM sale_sale WHERE web_id = '\(webID)'")
    }
}
