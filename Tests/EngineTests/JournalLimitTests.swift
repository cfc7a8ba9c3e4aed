import Engine
import Ledger
import OrderFlow
import Orders
import Simulators
import SinkKit
import TestSupport
import Testing

/// What a sink hands over that is larger than the journal takes.
@Suite struct JournalLimitTests {
    /// Answers with as much as a test says.
    private struct TalkativeSink: ERPSink {
        var capabilities = SinkCapabilities(sinkClass: .key(retention: nil, latestEffect: nil))
        var found: SinkReceipt?
        var answer: SinkAnswer = .rejected([])
        /// In bytes; `nil`: no attempt is made.
        var evidence: Int?

        func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? { found }

        func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
            guard let evidence else { return answer }
            _ = try await context.attempt("buy", promise: .neither) { () throws(SinkError) in
                JSONObject([("page", .text(JournalLimitTests.text(evidence)))])
            }
            return answer
        }

        func check(_ context: SinkContext) async throws(SinkError) -> [String] { [] }
    }

    private static func text(_ count: Int) -> String { String(repeating: "x", count: count) }

    private static func receipt(_ count: Int) -> SinkReceipt {
        SinkReceipt(
            erpOrderNumber: "E1",
            lines: [SinkReceiptLine(lineKey: "id:1", erpLineNumber: 1, outcome: .accepted, message: text(count))])
    }

    private func entries(_ bench: Workbench) -> [JournalEntry] {
        bench.ledger.journal(OrderKey(shop: "test", orderID: Int64(bench.orderID)))
    }

    /// That of the order, once it has come to rest for a person.
    private func sentence(_ sink: TalkativeSink) async throws -> String {
        let bench = try await Workbench(policy: { $0.failuresMax = 2 })
        try await Waiting.until {
            await bench.run(sink)
            return bench.reason(bench.orderID) == .retriesExhausted
        }
        let row = bench.ledger.row(OrderKey(shop: "test", orderID: Int64(bench.orderID)))
        for entry in entries(bench) {
            #expect("\(entry.event)".utf8.count < 1 << 20)
        }
        await bench.stop()
        #expect(row?.state.reason == .retriesExhausted)
        return row?.state.sentence ?? ""
    }

    @Test func `a receipt that is too large leaves the outcome unknown, with its size, the limit and what to do`() async throws {
        let sentence = try await sentence(TalkativeSink(answer: .accepted(Self.receipt(1 << 20))))
        for part in ["the receipt of ERP order 'E1' has 1048", "more than the 1048576", "mend the sink"] {
            #expect(sentence.contains(part), "\(sentence)")
        }
    }

    @Test func `one that is found is not taken either, and not taken for absent`() async throws {
        let sentence = try await sentence(TalkativeSink(found: Self.receipt(1 << 20)))
        #expect(sentence.contains("look-up in the ERP") && sentence.contains("mend the sink"), "\(sentence)")
    }

    @Test func `a ticket that is too large leaves the outcome unknown`() async throws {
        let sentence = try await sentence(TalkativeSink(answer: .pending(SinkTicket(Self.text(70_000)))))
        #expect(sentence.contains("the ERP's ticket has 70000 bytes, more than the 65536"), "\(sentence)")
    }

    @Test func `evidence that is too large isn't kept, and the attempt isn't made again`() async throws {
        let bench = try await Workbench()
        await bench.run(TalkativeSink(answer: .accepted(Self.receipt(1)), evidence: 70_000))
        let ends = entries(bench).compactMap { entry -> SinkAttemptEnd? in
            if case .attemptEnded(_, let end) = entry.event { end } else { nil }
        }
        guard case .unknown(let why)? = ends.first, ends.count == 1 else {
            Issue.record("\(ends.count) ends")
            await bench.stop()
            return
        }
        #expect(why.contains("the evidence of 'buy' has 70011 bytes, more than the 65536"), "\(why)")
        let begun = entries(bench).count { if case .attemptBegun = $0.event { true } else { false } }
        #expect(begun == 1 && bench.reason(bench.orderID) != .finished)
        await bench.stop()
    }

    @Test func `of very many faults the first are kept, and how many more there were`() async throws {
        let bench = try await Workbench()
        let faults = (1...5000).map { SinkFault(path: "lines[\($0)]", message: Self.text(5000)) }
        await bench.run(TalkativeSink(answer: .rejected(faults)))
        let kept = bench.ledger.journal(OrderKey(shop: "test", orderID: Int64(bench.orderID))).compactMap { entry in
            if case .createEnded(_, .rejected(let faults)) = entry.event { faults } else { [SinkFault]?.none }
        }.first
        #expect(kept?.count == 1001 && kept?.last?.message == "4000 more faults, which are left out here")
        #expect(kept?.first?.message.hasSuffix("x… (5000 characters)") == true)
        await bench.stop()
    }
}
