import Foundation

/// A real Odoo 19 on loopback with a database of its own; see `Tests/ERP/odoo/up`.
package final class OdooServer: Sendable {
    package let apiKey: String
    package let database = "erp"
    package let login = "connector"
    package let password = "connector-secret"
    private let program: ERPProgram
    private let postgresPort: Int

    package var url: String { program.url }

    package init() async throws {
        program = try await ERPProgram("odoo", preparation: .seconds(1500))
        let connection = try JSONDecoder().decode(Connection.self, from: program.connection)
        (apiKey, postgresPort) = (connection.data.apiKey, connection.postgres)
    }

    package func stop() async { await program.stop() }

    private struct Connection: Decodable {
        struct Made: Decodable {
            let apiKey: String

            enum CodingKeys: String, CodingKey { case apiKey = "api_key" }
        }
        let data: Made
        let postgres: Int
    }
}

// MARK: What people and auditors do

extension OdooServer {
    /// The warehouse sends the oldest open delivery of an order, or so much of its lines by sequence, in the products' own units.
    package func ship(_ key: String, _ quantities: KeyValuePairs<Int, String> = [:], tracking: String? = nil) throws {
        let limits = quantities.flatMap { ["--qty", "\($0.key)=\($0.value)"] }
        _ = try ChildProgram.output(
            of: ["python3", ERPProgram.scripts("odoo") + "/ship.py", program.connectionPath, key] + limits
                + (tracking.map { ["--tracking", $0] } ?? []))
    }

    /// Calls a method of a model as a colleague's client would.
    ///
    /// - Parameter arguments: a JSON object.
    @discardableResult package func call(_ model: String, _ method: String, _ arguments: String) throws -> String {
        let output = try ChildProgram.output(
            of: ["python3", ERPProgram.scripts("odoo") + "/call.py", program.connectionPath, model, method, arguments])
        return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The rows of a query in Odoo's own database, past everything that Odoo and we say.
    package func rows(_ query: String) throws -> [String] {
        let output = try ChildProgram.output(
            of: ["psql", "-XqAt", "-h", "127.0.0.1", "-p", "\(postgresPort)", "-U", "odoo", "-d", database, "-c", query])
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// State and number of every order with that key.
    package func orders(_ key: String) throws -> [String] {
        try rows("SELECT state || ' ' || name FROM sale_order WHERE origin = '\(key)' ORDER BY id")
    }
}
