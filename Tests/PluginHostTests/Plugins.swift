import Foundation
import Logging
import Orders
import PluginHost
import SinkKit
import Synchronization
import TestSupport

/// A plugin in Python that does what a test tells it: lines of Python to run for each request, with `method`, `id`, `params` and `n`
/// (how many requests came before) at hand, and `answer(result)`, `fail(code)`, `say(text)`.
struct ScriptedPlugin {
    let folder: ProjectFolder.Temporary
    private let script: String

    /// The interpreter itself: what is on the `PATH` may be a version manager's script, which needs an environment.
    static let python = Result {
        String(
            decoding: try ChildProgram.output(of: ["python3", "-c", "import sys; print(sys.executable, end='')"]), as: UTF8.self)
    }

    /// - Parameters:
    ///   - handle: Python for every request besides `initialize` and `shutdown`.
    ///   - initialize: Python for `initialize`.
    init(_ handle: String, initialize: String = "answer(introduction)", capabilities: String = #"{"class": "key"}"#) throws {
        folder = try ProjectFolder.Temporary()
        script =
            Self.prelude(capabilities) + Self.indented(initialize, "initialize") + Self.indented(handle, "handle") + Self.loop
        try Data(script.utf8).write(to: URL(fileURLWithPath: folder.path + "/plugin.py"))
    }

    func settings(_ adjust: (inout PluginSettings) -> Void = { _ in }) throws -> PluginSettings {
        var settings = PluginSettings(name: "scripted", command: [try Self.python.get(), "plugin.py"], folder: folder.path)
        settings.startTimeLimit = .seconds(60)
        adjust(&settings)
        return settings
    }

    /// Starts it, does the work, and ends it.
    func use<Value>(
        _ log: LogLines = LogLines(), adjust: (inout PluginSettings) -> Void = { _ in },
        _ work: (PluginSink) async throws -> Value
    ) async throws -> Value {
        let sink = try await PluginSink.start(
            try settings(adjust), host: PluginParty(name: "crossdock", version: "0"), logger: log.logger)
        do {
            let value = try await work(sink)
            await sink.close()
            return value
        } catch {
            await sink.close()
            throw error
        }
    }

    /// What the program wrote to a file of its folder.
    func file(_ name: String) -> String? { try? String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8) }

    private static func indented(_ body: String, _ name: String) -> String {
        "def \(name)(method, id, params, n):\n"
            + body.split(separator: "\n").map { "    \($0)\n" }.joined() + "\n"
    }

    private static func prelude(_ capabilities: String) -> String {
        """
        import json, os, signal, sys, threading, time

        receipt = {"erp_order_number": "E-1", "state": "confirmed", "lines": []}
        accepted = {"answer": "accepted", "receipt": receipt}
        introduction = {
            "contract": "1.0.0", "plugin": {"name": "scripted", "version": "0.1.0"}, "capabilities": \(capabilities
                .replacing("true", with: "True").replacing("false", with: "False")), "settings_schema": {"type": "object"}
        }
        lock = threading.Lock()
        current = threading.local()

        def say(text):
            with lock:
                sys.stdout.write(text)
                sys.stdout.flush()

        def send(**message):
            say(json.dumps({"jsonrpc": "2.0", **message}) + "\\n")

        def answer(result, to=None):
            send(id=current.id if to is None else to, result=result)

        def fail(code, message="failed", **data):
            send(id=current.id, error={"code": -32000, "message": message, "data": {"code": code, **data}})

        def ask(method, **params):
            send(id="q1", method=method, params={"call": current.id} | params)
            return json.loads(sys.stdin.readline())

        def note(text):
            with open("notes", "a") as notes:
                notes.write(text + "\\n")


        """
    }

    private static let loop = """
        n = 0
        while line := sys.stdin.readline():
            message = json.loads(line)
            method, params = message.get("method"), message.get("params")
            if method == "$/cancel":
                note(f"cancel {params['id']}")
                continue
            current.id = message["id"]
            if method == "initialize":
                initialize(method, current.id, params, n)
            elif method == "shutdown":
                answer({})
                break
            else:
                handle(method, current.id, params, n)
                n += 1

        """
}

/// Keeps what is logged.
final class LogLines: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(lines: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.kept.withLock { $0.append("\(event.level): \(event.message)") } }
    }
}

/// Keeps how attempts ended, in their order; knows of none.
final class KeptAttempts: SinkAttemptJournal {
    private let kept = Mutex<[SinkAttemptEnd]>([])

    var ends: [SinkAttemptEnd] { kept.withLock { $0 } }

    func state(of attempt: SinkAttemptName) async throws(SinkError) -> SinkAttemptState { .new }
    func begin(_ attempt: SinkAttemptName) async throws(SinkError) {}
    func end(_ attempt: SinkAttemptName, _ end: SinkAttemptEnd) async throws(SinkError) { kept.withLock { $0.append(end) } }
}

/// What a create ended with, if not with an answer.
func createError(_ sink: PluginSink, _ order: SinkOrder, _ context: SinkContext = SinkContext()) async -> SinkError? {
    do throws(SinkError) {
        _ = try await sink.create(order, context)
        return nil
    } catch { return error }
}

/// What a find ended with, if not with an answer.
func findError(_ sink: PluginSink, _ key: IdempotencyKey, _ context: SinkContext = SinkContext()) async -> SinkError? {
    do throws(SinkError) {
        _ = try await sink.find(key, context)
        return nil
    } catch { return error }
}

func order(_ id: Int64 = 1, products: [String] = ["A-1", "A-2", "A-1"], quantity: String = "2.50") throws -> SinkOrder {
    var order = Order(id: id, state: .confirmed)
    (order.reference, order.currency) = ("CS\(id)", "EUR")
    order.lines = try products.enumerated().map { index, product in
        OrderLine(
            id: id * 100 + Int64(index), position: index + 1, productKey: product, quantity: try ExactDecimal(quantity),
            unitPrice: try ExactDecimal("12.5000"))
    }
    var customer = Party()
    (customer.code, customer.name) = ("C-7", "Bakkerij Ö \"De Lelie\" 🥐\u{2028}")
    return SinkOrder(
        key: IdempotencyKey(order: OrderKey(shop: "demo", orderID: id)), order: order, customer: customer, shipmentAddress: nil,
        invoiceAddress: nil)
}
