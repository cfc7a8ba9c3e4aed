import Glibc
import Orders
import TestSupport

/// `crossdock serve --json` as a child, on a free port.
struct RunningService {
    let program: ChildProgram
    let port: Int

    /// Returns once it listens.
    init(_ installation: Installation, _ more: String...) async throws {
        let program = try ChildProgram(
            "crossdock", ["serve", "--port", "0", "--json", "--config", installation.configurationPath] + more)
        self.program = program
        try await Waiting.until { !Self.events(program, "listening").isEmpty || !program.isRunning }
        let url = Self.events(program, "listening").first?["url"]?.stringValue ?? ""
        port = Int(url.split(separator: ":").last ?? "") ?? 0
    }

    /// What it has told of that kind so far.
    func events(_ kind: String) -> [JSONValue] { Self.events(program, kind) }

    private static func events(_ program: ChildProgram, _ kind: String) -> [JSONValue] {
        program.output.split(separator: "\n").compactMap { try? JSONValue(parsing: String($0)) }
            .filter { $0["event"]?.stringValue == kind }
    }

    struct Health {
        var status: Int
        var body: JSONValue

        func flow(_ name: String) -> JSONValue? { body["flows"]?.arrayValue?.first { $0["flow"]?.stringValue == name } }

        func outcome(_ flow: String) -> String? { self.flow(flow)?["last_run"]?["outcome"]?.stringValue }
    }

    func health() async throws -> Health {
        let answer = try await PlainConnection(port: port).exchange("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return Health(status: answer?.status ?? 0, body: (try? JSONValue(parsing: answer?.body ?? "")) ?? .null)
    }

    /// Asks for a clean stop and waits for it.
    func end(_ signal: Int32 = SIGTERM) async throws -> ChildProgram.Ending {
        program.send(signal)
        return try await program.waitForEnd()
    }
}
