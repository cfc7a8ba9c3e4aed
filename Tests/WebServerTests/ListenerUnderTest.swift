import Orders
import Synchronization
import TestSupport
import WebServer

/// The listener on loopback, with a health page and doors for two flows, and what came through them.
final class ListenerUnderTest: Sendable {
    static let secret = "0123456789abcdef"
    static let bodyBytesMax = 4096

    let port: Int
    private let server: WebServer
    private let taken: Box<[Webhook]>

    final class Box<Value: Sendable>: Sendable {
        private let value: Mutex<Value>
        init(_ value: Value) { self.value = Mutex(value) }
        func read() -> Value { value.withLock { $0 } }
        func change(_ change: (inout sending Value) -> Void) { value.withLock { change(&$0) } }
    }

    /// - Parameter take: runs before the message counts as taken.
    init(
        isReady: Bool = true, receipt: WebhookReceipt = .stored, configure: (inout WebServer.Settings) -> Void = { _ in },
        take: @escaping @Sendable () async -> Void = {}
    ) async throws {
        let taken = Box<[Webhook]>([])
        self.taken = taken
        // As long as a test waits for an answer, so that only those that set a limit of their own meet one.
        var settings = WebServer.Settings(requestTimeLimit: .seconds(60))
        configure(&settings)
        let doors = [
            WebhookPage.Door(flow: "main", secret: Self.secret, header: nil),
            WebhookPage.Door(flow: "other", secret: Self.secret, header: "X-Hook"),
        ]
        let pages: [any WebPage] = [
            HealthPage(path: "/health") { HealthReport(isReady: isReady, details: ["ready": .bool(isReady)]) },
            WebhookPage(doors: doors, bodyBytesMax: Self.bodyBytesMax) { webhook in
                await take()
                taken.change { $0.append(webhook) }
                return receipt
            },
        ]
        // Sunday, 6 November 1994, 08:49:37Z.
        server = WebServer(settings, pages: pages, now: { Timestamp(milliseconds: 784_111_777_000) })
        port = try await server.start()
    }

    var webhooks: [Webhook] { taken.read() }

    func stop(within limit: Duration = .seconds(20)) async { await server.stop(within: limit) }

    func connect() throws -> PlainConnection { try PlainConnection(port: port) }

    /// One request on a connection of its own.
    func send(_ method: String, _ path: String, _ headers: [String] = [], body: String? = nil) async throws -> PlainConnection
        .Answer?
    {
        try await connect().exchange(Self.text(method, path, headers, body: body), hasBody: method != "HEAD")
    }

    static func text(_ method: String, _ path: String, _ headers: [String] = [], body: String? = nil) -> String {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: localhost"] + headers
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
    }
}
