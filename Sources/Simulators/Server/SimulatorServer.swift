internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Why a simulator did not start.
package struct SimulatorStartError: Error, CustomStringConvertible {
    package let description: String
}

/// Who answers what a listener takes in.
protocol AnsweringHost: Sendable {
    func exchange(_ request: SimulatedRequest) async -> AnswerDelivery
    /// For the header `Date`.
    func dateHeader() -> String
}

/// The listener: HTTP/1.1 on one event loop thread, which also runs the request handlers, so that a simulator takes one core at most.
final class SimulatorServer<Host: AnsweringHost>: Sendable {
    private let host: Host
    private let state = Mutex(State())

    private struct State: Sendable {
        var running: Running?
        /// The port of the last start, so that a restart is found under the same address.
        var port = 0
    }

    private struct Running: Sendable {
        let server: Server<HTTP1Channel>
        let task: Task<Void, any Error>
        let group: MultiThreadedEventLoopGroup
    }

    private static var bodyBytesMax: Int { 16 << 20 }
    private static var timeToEnd: Duration { .milliseconds(250) }

    init(host: Host) { self.host = host }

    /// Listens on the address; port 0 takes a free one, and the same one again after a stop.
    ///
    /// - Returns: the port.
    /// - Throws: ``SimulatorStartError`` when the port can't be had, or the simulator is running.
    func start(address: String, port wanted: Int) async throws -> Int {
        let (isRunning, last) = state.withLock { ($0.running != nil, $0.port) }
        guard !isRunning else { throw SimulatorStartError(description: "the simulator is running already") }
        let port = wanted == 0 ? last : wanted
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let (ports, continuation) = AsyncThrowingStream<Int, any Error>.makeStream()
        let server = Server(
            childChannelSetup: HTTP1Channel(responder: { @concurrent [host] request, writer, _ in
                try await Self.respond(to: request, writer, host)
            }),
            configuration: ServerConfiguration(address: .hostname(address, port: port), backlog: 1024),
            onServerRunning: { channel in
                continuation.yield(channel.localAddress?.port ?? port)
                continuation.finish()
            },
            eventLoopGroup: group, logger: Logger(label: "simulator") { _ in SwiftLogNoOpLogHandler() })
        let task = Task(executorPreference: EventLoopTaskExecutor(loop: group.next())) {
            do { try await server.run() } catch {
                continuation.finish(throwing: SimulatorStartError(description: "can't listen on \(address):\(port): \(error)"))
                throw error
            }
        }
        state.withLock { $0.running = Running(server: server, task: task, group: group) }
        do {
            for try await port in ports {
                state.withLock { $0.port = port }
                return port
            }
        } catch {
            await stop()
            throw error
        }
        throw SimulatorStartError(description: "can't listen on \(address):\(port)")
    }

    /// Ends the listener and its connections, those too that wait for an answer. Safe to call twice.
    func stop() async {
        let ending = state.withLock { $0.running.take() }
        guard let ending else { return }
        await withTaskGroup(of: Bool.self) { tasks in
            tasks.addTask {
                try? await ending.server.shutdownGracefully()
                _ = await ending.task.result
                return true
            }
            tasks.addTask {
                try? await Task.sleep(for: Self.timeToEnd)
                return false
            }
            // A connection that was taken and not yet served ends the process if the task is cancelled then
            // (https://github.com/apple/swift-nio/issues/2637), so it has a moment to be served.
            if await tasks.next() == false { ending.task.cancel() }
            tasks.cancelAll()
        }
        try? await ending.group.shutdownGracefully()
    }

    @concurrent
    private static func respond(
        to request: Request, _ writer: consuming ResponseWriter, _ host: Host
    ) async throws {
        let body = try await request.body.collect(upTo: bodyBytesMax)
        let delivery = await host.exchange(
            SimulatedRequest(
                method: request.head.method.rawValue, target: request.head.path ?? "/", headers: request.head.headerFields,
                host: request.head.authority ?? "localhost", body: Array(body.readableBytesView)))
        switch delivery {
        case .none: throw ConnectionEnds()
        case .whole(let answer):
            try await writer.write(response: head(answer, host), body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
        case .half(let answer):
            var bodyWriter = try await writer.writeHead(head(answer, host))
            try await bodyWriter.write(ByteBuffer(bytes: answer.body.prefix(answer.body.count / 2)))
            throw ConnectionEnds()
        }
    }

    /// Thrown out of a responder, it makes the server close the connection without another byte.
    private struct ConnectionEnds: Error {}

    private static func head(_ answer: SimulatedResponse, _ host: Host) -> HTTPResponse {
        var fields = HTTPFields()
        fields[.date] = host.dateHeader()
        fields[.contentType] = answer.contentType
        fields[.contentLength] = String(answer.body.count)
        for (name, value) in answer.headers { fields.append(HTTPField(name: name, value: value)) }
        return HTTPResponse(status: HTTPResponse.Status(code: answer.status), headerFields: fields)
    }
}

/// Runs tasks on the event loop's own thread: a request then needs no hop to another.
private final class EventLoopTaskExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
