import Foundation
import Transport

/// A real Tryton on loopback with a database of its own; see `Tests/ERP/tryton/up`.
package final class TrytonServer: Sendable {
    package let url: String
    package let database = "erp"
    package let login = "connector"
    package let password = "connector-secret"
    package let webShop = "shop-eu"
    private let folder: ProjectFolder.Temporary
    private let program: ChildProgram

    private static let scripts = ProjectFolder.root + "/Tests/ERP/tryton"
    private var connection: String { folder.path + "/connection.json" }

    /// - Throws: ``TrytonServerFault`` where it doesn't start; a test without it would have looked at nothing.
    package init() async throws {
        let folder = try ProjectFolder.Temporary()
        let program = try ChildProgram(["bash", Self.scripts + "/up", "--foreground", folder.path])
        let connection = folder.path + "/connection.json"
        do {
            // The first start on a machine installs Tryton and fills a database: more than a minute.
            try await Waiting.until(.seconds(600)) {
                guard program.isRunning else { throw Waiting.TooLong() }
                return FileManager.default.fileExists(atPath: connection)
            }
            let data = try Data(contentsOf: URL(fileURLWithPath: connection))
            url = try JSONDecoder().decode(Connection.self, from: data).url
            let (exchange, request) = (try CurlExchange(), HTTPRequest(url: url + "/"))
            try await Waiting.until(.seconds(120)) {
                guard program.isRunning else { throw Waiting.TooLong() }
                return (try? await exchange.perform(request)) != nil
            }
            await exchange.shutdown()
        } catch {
            let ending = try? await program.waitForEnd(within: .seconds(1))
            throw TrytonServerFault(
                description: "Tryton can't be started by Tests/ERP/tryton/up, which says:\n\(ending?.errors ?? "\(error)")")
        }
        (self.folder, self.program) = (folder, program)
    }

    package func stop() async {
        program.send(SIGTERM)
        _ = try? await program.waitForEnd()
    }

    private struct Connection: Decodable { let url: String }
}

// MARK: What people and auditors do

extension TrytonServer {
    /// The warehouse sends the oldest open shipment of a sale, or so much of its lines by sequence.
    package func ship(_ webID: String, _ quantities: KeyValuePairs<Int, String> = [:], tracking: String? = nil) throws {
        let limits = quantities.flatMap { ["--qty", "\($0.key)=\($0.value)"] }
        _ = try ChildProgram.output(
            of: ["python3", Self.scripts + "/ship.py", connection, webID] + limits + (tracking.map { ["--tracking", $0] } ?? []))
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

package struct TrytonServerFault: Error, CustomStringConvertible {
    package let description: String
}
