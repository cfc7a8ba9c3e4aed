import Foundation
import Glibc
import Orders
import SinkKit
import Synchronization

/// A program under test in this process, and Crossdock's end of its pipes.
final class ProgramPeer: Sendable {
    private let toProgram: Int32
    private let fromProgram: Mutex<(descriptor: Int32, splitter: LineSplitter, lines: [JSONObject])>
    private let isInputOpen = Mutex(true)
    private let running: Task<Void, Never>

    init(_ program: SinkProgram) throws {
        var (input, output): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
        guard pipe(&input) == 0, pipe(&output) == 0 else { throw CocoaError(.fileReadUnknown) }
        let (reading, writing) = (input[0], output[1])
        toProgram = input[1]
        fromProgram = Mutex((output[0], LineSplitter(lengthMax: 4 << 20), []))
        running = Task {
            await program.run(input: reading, output: writing)
            close(reading)
            close(writing)
        }
    }

    deinit {
        endInput()
        close(fromProgram.withLock { $0.descriptor })
    }

    func endInput() {
        isInputOpen.withLock { isOpen in
            if isOpen { close(toProgram) }
            isOpen = false
        }
    }

    /// Returns when the program has come to its end.
    func waitForEnd() async { await running.value }

    func send(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = write(toProgram, bytes, bytes.count)
    }

    func request(_ id: Int64, _ method: String, _ params: JSONObject = JSONObject()) {
        send(JSONValue.object(PluginMessage.request(id: .integer(id), method: method, params: params).json).compactText)
    }

    /// A call with its context.
    func call(_ id: Int64, _ call: PluginCall) {
        var params = call.params
        params.append(
            "context", .object(PluginCallContext(attempt: 1, timeLimit: .seconds(60), startBy: nil).json))
        request(id, call.method.rawValue, params)
    }

    /// Starts the sink with settings.
    func initialize(_ settings: JSONObject = JSONObject()) async throws {
        request(0, PluginMethod.initialize, PluginGreeting(host: PluginParty(name: "t", version: "1"), settings: settings).json)
        _ = try await next()
    }

    /// The next message of the program's, waited for on a thread that may wait; `nil` at the end of its output.
    func next() async throws -> JSONObject? {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try self.read() }) }
        }
    }

    private func read() throws -> JSONObject? {
        try fromProgram.withLock { state in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while state.lines.isEmpty {
                let count = Glibc.read(state.descriptor, &buffer, buffer.count)
                guard count > 0 else { return nil }
                for case .line(let line) in state.splitter.feed(buffer[..<count]) {
                    if let object = try JSONValue(parsing: line).objectValue { state.lines.append(object) }
                }
            }
            return state.lines.removeFirst()
        }
    }
}
