import Foundation
import Glibc
import Logging
import Orders
import PluginHost
import SinkKit

/// How many creates a second go through the pipe to a plugin and back, where the plugin itself has nothing to do.
struct PipeBenchmark {
    let creates: Int
    private let inFlight = 16
    private let lines = 3

    static let pluginArgument = "pipe-sink"

    /// The other end: it accepts whatever it gets.
    static let plugin = SinkProgram(name: "pipe-benchmark", version: "1.0.0") { _ in TrivialSink() }

    private struct TrivialSink: ERPSink {
        let capabilities = SinkCapabilities(sinkClass: .neither)

        func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? { nil }
        func check(_ context: SinkContext) async throws(SinkError) -> [String] { [] }
        func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
            .accepted(
                SinkReceipt(
                    erpOrderNumber: "B-\(order.key.order.orderID)",
                    lines: order.order.lines.map { SinkReceiptLine(lineKey: $0.key, erpLineNumber: Int64($0.position) * 10) }))
        }
    }

    func run() async throws {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
        let sink = try await PluginSink.start(
            PluginSettings(name: "pipe", command: [program, Self.pluginArgument]),
            host: PluginParty(name: "crossdock-bench", version: "1"), logger: Logger(label: "bench"))
        let orders = try (0..<256).map { try order(Int64($0) + 1) }
        // The first calls find cold caches on both sides.
        try await create(2000, orders, sink)
        let (start, processor) = (ContinuousClock.now, Self.processorTime())
        try await create(creates, orders, sink)
        let elapsed = ContinuousClock.now - start
        let ours = Self.processorTime() - processor
        await sink.close()
        let bytes = JSONValue.object(orders[0].json).serialized().count
        let seconds = elapsed / .seconds(1)
        print(
            """
            plugin pipe: \(Int((Double(creates) / seconds).rounded())) creates/s (\(creates) orders of \(lines) lines and \(bytes) bytes, \
            \(inFlight) in flight, \(seconds.formatted(.number.precision(.fractionLength(2)))) s)
            processor time of this end: \((ours / .microseconds(1) / Double(creates)).formatted(.number.precision(.fractionLength(1)))) µs \
            a create; load of the machine now: \(Self.load())
            """)
    }

    private func create(_ count: Int, _ orders: [SinkOrder], _ sink: PluginSink) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<inFlight {
                group.addTask {
                    for index in stride(from: worker, to: count, by: inFlight) {
                        let order = orders[index % orders.count]
                        guard case .accepted(let receipt) = try await sink.create(order, SinkContext()),
                            receipt.erpOrderNumber == "B-\(order.key.order.orderID)", receipt.lines.count == lines
                        else { throw BenchmarkError("the plugin gave another order's answer") }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func order(_ id: Int64) throws -> SinkOrder {
        var order = Order(id: id, state: .confirmed)
        (order.reference, order.currency, order.orderDate) = ("CS\(id)", "EUR", "2026-11-21")
        order.lines = try (1...lines).map { position in
            OrderLine(
                id: id * 10 + Int64(position), position: position, productKey: "124_STUK", description: "Thee, 20 zakjes",
                quantity: try ExactDecimal("2.50"), unitPrice: try ExactDecimal("12.5000"))
        }
        var customer = Party()
        (customer.code, customer.name, customer.city, customer.country) = ("10023", "Bakkerij De Lelie", "Utrecht", "NL")
        return SinkOrder(
            key: IdempotencyKey(order: OrderKey(shop: "main", orderID: id)), order: order, customer: customer,
            shipmentAddress: customer, invoiceAddress: nil)
    }

    private static func processorTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }

    private static func load() -> String {
        ((try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? "").split(separator: " ").prefix(1).joined()
    }
}
