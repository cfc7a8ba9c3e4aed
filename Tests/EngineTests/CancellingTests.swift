import Engine
import OrderFlow
import Orders
import Simulators
import SinkKit
import Synchronization
import Testing

/// The shop cancels what an ERP has that answers a cancellation at once.
@Suite struct CancellingTests {
    /// Takes every order, and answers cancellations as it was told to.
    private struct CancellingSink: ERPSink {
        let capabilities = SinkCapabilities(sinkClass: .key(retention: nil, latestEffect: nil), cancels: true)
        let answers: Answers

        final class Answers: Sendable {
            let left: Mutex<[Result<SinkCancellation, SinkError>]>
            let asked = Mutex(0)

            init(_ answers: [Result<SinkCancellation, SinkError>]) { left = Mutex(answers) }
        }

        func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? { nil }

        func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
            .accepted(SinkReceipt(erpOrderNumber: "K1", lines: []).covering(order))
        }

        func cancel(
            _ receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
        ) async throws(SinkError) -> SinkCancellation {
            answers.asked.withLock { $0 += 1 }
            let answer = answers.left.withLock { $0.isEmpty ? .success(.cancelled) : $0.removeFirst() }
            return try answer.get()
        }

        func check(_ context: SinkContext) async throws(SinkError) -> [String] { [] }
    }

    @Test(arguments: [
        ([Result<SinkCancellation, SinkError>.success(.cancelled)], ReasonCode.cancelledEverywhere),
        ([.success(.refused("it is packed"))], .cancelledAfterPush),
        ([.failure(SinkError(.conflict, "two of them"))], .cancelledAfterPush),
        // Whatever became of the first, asking again is safe.
        ([.failure(SinkError(.unknownOutcome, "the connection ended")), .success(.cancelled)], .cancelledEverywhere),
        ([.failure(SinkError(.notApplied, "not now")), .success(.refused("it is packed"))], .cancelledAfterPush),
    ])
    func `a finished order that the shop cancels is listed, and ends as the ERP answers`(
        _ answers: [Result<SinkCancellation, SinkError>], _ reason: ReasonCode
    ) async throws {
        let bench = try await Workbench(orders: 0) { _ in
        } configureShop: { _ in
        } policy: {
            $0.cancel = .erp
        }
        var order = PlainOrder(
            reference: "CS96001", number: 96001, description: "A thing", unitPrice: "2.0000", lines: [("124", 1)])
        order.confirmedAt = bench.shop.nowText
        let id = try #require(bench.shop.add(order.json))
        let sink = CancellingSink(answers: CancellingSink.Answers(answers))
        await bench.run(sink)
        #expect(bench.reason(id) == .finished)
        let writes = bench.shop.writes
        #expect(bench.shop.cancel(id))
        await bench.run(sink)
        #expect(bench.reason(id) == reason)
        await bench.run(sink)
        #expect(bench.reason(id) == reason && sink.answers.asked.withLock(\.self) == answers.count)
        #expect(bench.shop.writes == writes, "nothing further is written to the shop")
        await bench.stop()
    }
}
