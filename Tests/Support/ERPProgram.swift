package import Foundation
import Transport

/// A real ERP on loopback with a database of its own, started by its script under `Tests/ERP`.
package final class ERPProgram: Sendable {
    package let folder: ProjectFolder.Temporary
    /// What the script has written to `connection.json`.
    package let connection: Data
    package let url: String
    private let program: ChildProgram

    /// - Parameters:
    ///   - name: of the script's folder.
    ///   - preparation: how long the first start on a machine may take, which installs the ERP and fills a database.
    /// - Throws: ``ERPProgramFault`` where it doesn't start; a test without it would have looked at nothing.
    package init(_ name: String, preparation: Duration) async throws {
        let folder = try ProjectFolder.Temporary()
        let program = try ChildProgram(["bash", Self.scripts(name) + "/up", "--foreground", folder.path])
        let path = folder.path + "/connection.json"
        do {
            try await Waiting.until(preparation) {
                guard program.isRunning else { throw Waiting.TooLong() }
                return FileManager.default.fileExists(atPath: path)
            }
            connection = try Data(contentsOf: URL(fileURLWithPath: path))
            url = try JSONDecoder().decode(Address.self, from: connection).url
            let (exchange, request) = (try CurlExchange(), HTTPRequest(url: url + "/"))
            try await Waiting.until(.seconds(120)) {
                guard program.isRunning else { throw Waiting.TooLong() }
                return (try? await exchange.perform(request)) != nil
            }
            await exchange.shutdown()
        } catch {
            let ending = try? await program.waitForEnd(within: .seconds(1))
            throw ERPProgramFault(
                description: "\(name) can't be started by Tests/ERP/\(name)/up, which says:\n\(ending?.errors ?? "\(error)")")
        }
        (self.folder, self.program) = (folder, program)
    }

    package var connectionPath: String { folder.path + "/connection.json" }

    package static func scripts(_ name: String) -> String { ProjectFolder.root + "/Tests/ERP/\(name)" }

    package func stop() async {
        program.send(SIGTERM)
        _ = try? await program.waitForEnd()
    }

    private struct Address: Decodable { let url: String }
}

package struct ERPProgramFault: Error, CustomStringConvertible {
    package let description: String
}
