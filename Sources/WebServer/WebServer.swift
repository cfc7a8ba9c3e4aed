internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOPosix
package import Orders
internal import Synchronization

/// The listener: HTTP/1.1 without TLS, which belongs to a proxy before it, on one event loop thread.
package final class WebServer: Sendable {
    package struct Settings: Sendable {
        /// An IP address or a host name of this machine.
        package var address: String
        /// 0 takes a free one.
        package var port: Int
        /// How long a request may take to arrive.
        package var requestTimeLimit: Duration
        /// How long a connection without a request is kept.
        package var keepAlive: Duration
        /// Connections served at a time; others wait in the system's queue.
        package var connectionsMax: Int

        package init(
            address: String = "127.0.0.1", port: Int = 0, requestTimeLimit: Duration = .seconds(10),
            keepAlive: Duration = .seconds(60), connectionsMax: Int = 128
        ) {
            self.address = address
            self.port = port
            self.requestTimeLimit = requestTimeLimit
            self.keepAlive = keepAlive
            self.connectionsMax = connectionsMax
        }
    }

    private struct Running: Sendable {
        let server: Server<HTTP1Channel>
        let task: Task<Void, any Error>
        let group: MultiThreadedEventLoopGroup
    }

    private let settings: Settings
    private let responder: WebResponder
    private let running = Mutex<Running?>(nil)

    /// - Parameters:
    ///   - pages: the first that knows a path serves it.
    ///   - now: for the header `Date`.
    package init(_ settings: Settings, pages: [any WebPage], now: @escaping @Sendable () -> Timestamp) {
        self.settings = settings
        responder = WebResponder(pages: pages, now: now)
    }

    /// Begins to listen. Call it once.
    ///
    /// - Returns: the port.
    /// - Throws: ``WebServerFault`` where the address can't be had.
    package func start() async throws(WebServerFault) -> Int {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let (ports, continuation) = AsyncThrowingStream<Int, any Error>.makeStream()
        // Hummingbird would log paths, and some of ours are secret.
        let silence = Logger(label: "web") { _ in SwiftLogNoOpLogHandler() }
        let server = Server(
            childChannelSetup: channel, configuration: listening(silence),
            onServerRunning: { [settings] channel in
                continuation.yield(channel.localAddress?.port ?? settings.port)
                continuation.finish()
            },
            eventLoopGroup: group, logger: silence)
        let task = Task {
            do { try await server.run() } catch {
                continuation.finish(throwing: error)
                throw error
            }
        }
        running.withLock { $0 = Running(server: server, task: task, group: group) }
        do {
            for try await port in ports { return port }
            throw WebServerFault("it ended at once", isAddressTaken: false)
        } catch {
            await stop(within: .zero)
            if let fault = error as? WebServerFault { throw fault }
            throw WebServerFault("\(error)", isAddressTaken: (error as? IOError)?.errnoCode == EADDRINUSE)
        }
    }

    /// Takes no new connection, lets requests under way end, and closes what is left after `limit`. Safe to call twice.
    package func stop(within limit: Duration) async {
        guard let ending = running.withLock({ $0.take() }) else { return }
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                try? await ending.server.shutdownGracefully()
                _ = await ending.task.result
                return true
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return false
            }
            // A connection that was taken and not yet served ends the process if the task is cancelled then
            // (https://github.com/apple/swift-nio/issues/2637), so it isn't where there is time.
            if await group.next() == false { ending.task.cancel() }
            group.cancelAll()
        }
        try? await ending.group.shutdownGracefully()
    }

    /// Returns once the listener has ended, by ``stop(within:)`` or by itself.
    package func waitForEnd() async { _ = await running.withLock { $0?.task }?.result }

    private var channel: HTTP1Channel {
        let limit = TimeAmount(settings.requestTimeLimit)
        var configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [RequestDeadline(limit: limit)], idleTimeout: TimeAmount(settings.keepAlive))
        configuration.httpDecoder.maxHeaderFieldSize = 16_384
        configuration.httpDecoder.maxHeaderListSize = 32_768
        configuration.httpDecoder.maxHeaderFieldCount = 100
        return HTTP1Channel(
            responder: { @concurrent [responder] request, writer, _ in try await responder.respond(to: request, writer) },
            configuration: configuration)
    }

    private func listening(_ logger: Logger) -> ServerConfiguration {
        ServerConfiguration(
            address: .hostname(settings.address, port: settings.port), backlog: 256,
            availableConnectionsDelegate: MaximumAvailableConnections(settings.connectionsMax, logger: logger))
    }
}

/// Why the listener didn't start.
package struct WebServerFault: Error, Sendable, CustomStringConvertible {
    package let description: String
    /// Another program listens there.
    package let isAddressTaken: Bool

    init(_ description: String, isAddressTaken: Bool) {
        self.description = description
        self.isAddressTaken = isAddressTaken
    }
}
