import Engine
import Ledger
import OrderFlow
import Orders
import Simulators
import SinkKit
import Synchronization
import Testing

/// A sink that buys each unit by a call of its own, which isn't idempotent.
@Suite struct SinkAttemptTests {
    /// Sells units, and remembers under which names; loses the answers, or the requests, that a test tells it to.
    private final class Vendor: Sendable {
        enum Fate: Sendable { case sold, soldAndAnswerLost, requestLost, refusedForNow }
        private struct State {
            var purchases: [String] = []
            var fates: [String: Fate]
        }
        private let state: Mutex<State>

        init(_ fates: [String: Fate]) { state = Mutex(State(fates: fates)) }

        var purchases: [String] { state.withLock(\.purchases) }

        func sell(_ name: String) throws(SinkError) -> JSONObject {
            let fate = state.withLock { state in
                let fate = state.fates.removeValue(forKey: name) ?? .sold
                if fate == .sold || fate == .soldAndAnswerLost { state.purchases.append(name) }
                return fate
            }
            switch fate {
            case .sold: return JSONObject([("transaction", .text("T-\(name)"))])
            case .refusedForNow: throw SinkError(.throttled, "too many requests", retryAfter: .milliseconds(10))
            case .soldAndAnswerLost, .requestLost: throw SinkError(.unknownOutcome, "the connection ended")
            }
        }

        func find(_ name: String) -> JSONObject? {
            purchases.contains(name) ? JSONObject([("transaction", .text("T-\(name)"))]) : nil
        }
    }

    private struct UnitSink: ERPSink {
        static let latestEffect: Duration = .milliseconds(150)
        let vendor: Vendor
        let units = 12
        let capabilities = SinkCapabilities(sinkClass: .lookUp(latestEffect: latestEffect))

        func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? { nil }

        func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
            let failures = await withTaskGroup(of: SinkError?.self) { group in
                for unit in 1...units {
                    group.addTask {
                        do throws(SinkError) {
                            _ = try await buy("\(unit)", context)
                            return nil
                        } catch { return error }
                    }
                }
                var failures: [SinkError] = []
                for await failure in group { if let failure { failures.append(failure) } }
                return failures
            }
            if let failure = failures.first(where: { $0.code == .unknownOutcome }) ?? failures.first { throw failure }
            return .accepted(
                SinkReceipt(
                    erpOrderNumber: "V1",
                    lines: order.order.lines.enumerated().map {
                        SinkReceiptLine(lineKey: $1.key, erpLineNumber: Int64($0 + 1))
                    }))
        }

        private func buy(_ unit: String, _ context: SinkContext) async throws(SinkError) -> JSONObject {
            try await context.attempt(
                "purchase", key: unit, promise: .lookUp(latestEffect: Self.latestEffect),
                find: { () async throws(SinkError) -> JSONObject? in vendor.find(unit) },
                send: { () async throws(SinkError) -> JSONObject in try vendor.sell(unit) })
        }

        func check(_ context: SinkContext) async throws(SinkError) -> [String] { [] }
    }

    @Test func `what was bought is never bought again, whatever became of the others`() async throws {
        let bench = try await Workbench()
        let vendor = Vendor(["2": .soldAndAnswerLost, "5": .requestLost, "8": .refusedForNow])
        let report = await bench.run(UnitSink(vendor: vendor))
        #expect(report.counts.finished == 1, "\(report)")
        #expect(vendor.purchases.count == 12)
        #expect(Set(vendor.purchases) == Set((1...12).map(String.init)))
        await bench.stop()
    }

    @Test func `the journal holds an intent before and an end after each, without gaps`() async throws {
        let bench = try await Workbench()
        let id = bench.orderID
        let vendor = Vendor([:])
        await bench.run(UnitSink(vendor: vendor))
        let entries = bench.ledger.journal(OrderKey(shop: "test", orderID: Int64(id)))
        #expect(entries.map(\.sequence) == Array(1...entries.count))
        var (begun, ended) = (Set<SinkAttemptName>(), Set<SinkAttemptName>())
        for entry in entries {
            switch entry.event {
            case .attemptBegun(let attempt): begun.insert(attempt)
            case .attemptEnded(let attempt, .finished):
                #expect(begun.contains(attempt))
                ended.insert(attempt)
            default: break
            }
        }
        #expect(begun.count == 12 && ended == begun)
        await bench.stop()
    }
}
