import Foundation
import Orders
import Synchronization
import TestSupport
import Transport

/// What a sink and an Odoo said to one another, one exchange after the other: a line of JSON each in `Fixtures/odoo`.
struct OdooRecording: Sendable {
    struct Exchange: Sendable {
        let method: String
        let path: String
        /// `null` where there was none; the API key is out of it.
        let body: JSONValue
        let status: Int
        /// As text where it wasn't JSON.
        let answer: JSONValue
    }

    /// Stands for the API key.
    static let key = "API-KEY"

    var exchanges: [Exchange] = []

    private static func path(_ name: String) -> String { "\(ProjectFolder.root)/Fixtures/odoo/\(name).jsonl" }

    init() {}

    init(named name: String) throws {
        let text = try String(contentsOfFile: Self.path(name), encoding: .utf8)
        exchanges = try text.split(separator: "\n").map { line in
            let row = try JSONValue(parsing: String(line))
            return Exchange(
                method: row["method"]?.stringValue ?? "", path: row["path"]?.stringValue ?? "", body: row["body"] ?? .null,
                status: Int(row["status"]?.integerValue ?? 0), answer: row["answer"] ?? .null)
        }
    }

    func save(as name: String) throws {
        let lines = exchanges.map { exchange in
            JSONValue.object(
                JSONObject([
                    ("method", .text(exchange.method)), ("path", .text(exchange.path)), ("body", exchange.body),
                    ("status", .integer(exchange.status)), ("answer", exchange.answer),
                ])
            ).compactText + "\n"
        }
        try lines.joined().write(toFile: Self.path(name), atomically: true, encoding: .utf8)
    }
}

/// Lets everything through, and writes down what it was.
final class RecordingExchange: HTTPExchange {
    private let base: any HTTPExchange
    private let server: String
    private let secret: String
    private let state = Mutex(OdooRecording())

    /// - Parameters:
    ///   - server: what URLs begin with, which isn't recorded.
    ///   - secret: nor is this.
    init(base: any HTTPExchange, server: String, secret: String) {
        (self.base, self.server, self.secret) = (base, server, secret)
    }

    var recording: OdooRecording { state.withLock { $0 } }

    func perform(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let response = try await base.perform(request)
        let exchange = OdooRecording.Exchange(
            method: request.method.rawValue, path: String(request.url.dropFirst(server.count)), body: value(request.body ?? []),
            status: response.status, answer: value(response.body))
        state.withLock { $0.exchanges.append(exchange) }
        return response
    }

    /// Without secrets, and without what Odoo tells of its own files.
    private func value(_ bytes: [UInt8]) -> JSONValue {
        let text = String(decoding: bytes, as: UTF8.self).replacing(secret, with: OdooRecording.key)
        guard !text.isEmpty else { return .null }
        guard let value = try? JSONValue(parsing: text) else { return .text(text) }
        return Self.withoutTraces(value)
    }

    private static func withoutTraces(_ value: JSONValue) -> JSONValue {
        guard let object = value.objectValue else { return value }
        return .object(
            JSONObject(
                object.members.filter { $0.name.value != "debug" }.map { ($0.name.value, withoutTraces($0.value)) }))
    }
}

/// Answers as was recorded, and to nothing else: each request must be the next one of the recording, byte for byte of its JSON.
final class OdooReplay: Sendable {
    private struct State {
        var next = 0
        var complaints: [String] = []
    }

    private let recording: OdooRecording
    private let state = Mutex(State())

    init(_ recording: OdooRecording) { self.recording = recording }

    /// What came in another way than was recorded, or didn't come at all.
    var complaints: [String] {
        state.withLock { state in
            state.next < recording.exchanges.count && state.complaints.isEmpty
                ? ["\(recording.exchanges.count - state.next) recorded requests didn't come"] : state.complaints
        }
    }

    func serve(_ connection: ServerConnection) {
        while let request = connection.readRequest() {
            guard let exchange = take(request) else {
                connection.answer(418)
                continue
            }
            let body = exchange.answer.stringValue.map { Array($0.utf8) } ?? exchange.answer.serialized()
            connection.answer(exchange.status, ["Content-Type: application/json"], body: body)
        }
    }

    private func take(_ request: RecordedRequest) -> OdooRecording.Exchange? {
        state.withLock { state in
            let number = state.next
            state.next += 1
            guard number < recording.exchanges.count else {
                state.complaints.append("request \(number + 1), \(request.method) \(request.target), wasn't recorded")
                return nil
            }
            let wanted = recording.exchanges[number]
            let body = request.body.isEmpty ? .null : (try? JSONValue(parsing: request.body)) ?? .text("no JSON")
            if request.method == wanted.method, request.target == wanted.path, body == wanted.body { return wanted }
            state.complaints.append(
                """
                request \(number + 1) is \(request.method) \(request.target) \(body.compactText.prefix(1500)),
                and not \(wanted.method) \(wanted.path) \(wanted.body.compactText.prefix(1500))
                """)
            return nil
        }
    }
}

extension OdooRecording {
    /// Whether what a real Odoo answers is to be written down.
    static let isAsked = ProcessInfo.processInfo.environment["ODOO_RECORD"] != nil
}
