import Engine
import Ledger
import OrderFlow
import Orders
import Simulators
import SinkKit
import Synchronization
import Testing

/// What ERPs send by themselves, from its arrival to the order's end in the shop.
@Suite struct MessageTests {
    /// An ERP that answers with a ticket and tells by messages only; a message is a word and a ticket.
    private struct TellingSink: ERPSink {
        let capabilities = SinkCapabilities(sinkClass: .neither, receivesMessages: true)
        /// Called in the midst of a create.
        var onCreate: @Sendable (SinkTicket) async -> Void = { _ in }
        let failures = Failures()

        final class Failures: Sendable {
            let left = Mutex(0)
        }

        func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? { nil }

        func ticket(for key: IdempotencyKey) -> SinkTicket? { SinkTicket("T-\(key.order.orderID)") }

        func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
            let ticket = SinkTicket("T-\(order.key.order.orderID)")
            await onCreate(ticket)
            return .pending(SinkTicket("\(ticket.text), and more"))
        }

        func poll(_ ticket: SinkTicket, _ context: SinkContext) async throws(SinkError) -> SinkAnswer { .pending(ticket) }

        func receive(_ message: InboundMessage, _ context: SinkContext) async throws(SinkError) -> [SinkEvent] {
            let mayRead = failures.left.withLock { left in
                left -= 1
                return left < 0
            }
            guard mayRead else { throw SinkError(.unavailable, "not now", retryAfter: .milliseconds(1)) }
            let words = String(decoding: message.body, as: UTF8.self).split(separator: " ").map(String.init)
            guard words.count == 2 else { throw SinkError(.conflict, "two words are expected") }
            let subject = SinkEvent.Subject.ticket(SinkTicket(words[1]))
            switch words[0] {
            case "accepted": return [SinkEvent(subject, .answer(.accepted(SinkReceipt(erpOrderNumber: "K1", lines: []))))]
            case "refused": return [SinkEvent(subject, .answer(.rejected([SinkFault(message: "no")])))]
            case "cancelled": return [SinkEvent(subject, .cancelled("out of stock"))]
            default: return []
            }
        }

        func check(_ context: SinkContext) async throws(SinkError) -> [String] { [] }
    }

    private struct Scene {
        let bench: Workbench
        var sink = TellingSink()
        /// As another process would call itself.
        var holder = "test"

        init() async throws {
            // Polls tell nothing, so no run need stay for the next one.
            bench = try await Workbench(.neither) { _ in
            } configureShop: { _ in
            } policy: {
                $0.poll.initial = .seconds(60)
            }
        }

        var flow: Flow {
            var flow = bench.flow
            flow.sink = sink
            return flow
        }
        var surroundings: Surroundings {
            var surroundings = bench.surroundings
            surroundings.holder = holder
            return surroundings
        }
        var run: FlowRun { FlowRun(flow, surroundings: surroundings) }
        var intake: MessageIntake { MessageIntake(flows: [flow], surroundings: surroundings, bodyBytesMax: 100) }
        var order: OrderKey { OrderKey(shop: "test", orderID: Int64(bench.orderID)) }
        var row: OrderRow? { bench.ledger.row(order) }
        var messages: [MessageRow] { bench.ledger.messages(MessageFilter(), after: 0, limit: 99) }

        /// - Returns: how it was answered.
        func send(_ words: String) async -> Int {
            await intake.take(flow: "main", headers: [:], body: Array(words.utf8)).status
        }
    }

    // MARK: The intake

    @Test func `a message is on disk when it is answered with 200, without credentials`() async throws {
        let scene = try await Scene()
        let headers = [
            "Content-Type": "application/json", "Authorization": "Bearer x", "X-Api-Key": "x", "X-Khumbu-Secret": "x",
            "COOKIE": "x",
            "X-Original-URI": "/webhooks/main/x", "X-Auth-Token": "x",
        ]
        let answer = await scene.intake.take(flow: "main", headers: headers, body: Array("accepted T".utf8))
        #expect(answer.status == 200)
        let waiting = try #require(scene.bench.ledger.waitingMessages(flow: "main", at: scene.surroundings.now, limit: 9).first)
        #expect(answer == .stored(id: waiting.message.id))
        #expect(waiting.message.headers == ["content-type": "application/json"])
        #expect(waiting.message.body == Array("accepted T".utf8))
        await scene.bench.stop()
    }

    @Test func `what can't be taken is answered so, and nothing is kept of it`() async throws {
        let scene = try await Scene()
        #expect(await scene.intake.take(flow: "main", headers: [:], body: [UInt8](repeating: 0, count: 101)).status == 413)
        #expect(await scene.intake.take(flow: "nobody's", headers: [:], body: []).status == 404)
        let deaf = MessageIntake(flows: [scene.bench.flow], surroundings: scene.surroundings)
        #expect(await deaf.take(flow: "main", headers: [:], body: []) == .notHere)
        #expect(scene.messages.isEmpty)
        await scene.bench.stop()
    }

    // MARK: Handling

    @Test func `the final word brings an order to its end, also between the runs`() async throws {
        let scene = try await Scene()
        _ = await scene.run.run(id: "run")
        #expect(scene.row?.state.reason == .awaitingERP)
        #expect(await scene.send("accepted T-\(scene.bench.orderID)") == 200)
        let report = await scene.run.tend()
        #expect(report.stop == nil && report.messages == 1 && report.counts.pushed == 1)
        #expect(scene.row?.state.reason == .finished && scene.row?.state.erpOrderNumber == "K1")
        #expect(scene.bench.shopText(scene.bench.orderID, "erp_order_number") == "K1")
        #expect(scene.messages.map(\.state) == [.handled])
        #expect(scene.messages.first?.findings.first?.reason == .accepted)
        // Repeats are kept, and change nothing.
        #expect(await scene.send("accepted T-\(scene.bench.orderID)") == 200)
        let journal = scene.bench.ledger.journal(scene.order)
        #expect(await scene.run.run(id: "next").counts.pushed == 0)
        #expect(scene.bench.ledger.journal(scene.order) == journal)
        #expect(scene.messages.map { $0.findings.first?.reason } == [.accepted, .repeated])
        await scene.bench.stop()
    }

    @Test func `one that comes before the create is answered waits for it, and isn't written over`() async throws {
        var scene = try await Scene()
        let sender = scene
        let listener = Mutex<Task<FlowRun.Report, Never>?>(nil)
        scene.sink.onCreate = { ticket in
            _ = await sender.send("accepted \(ticket.text)")
            var other = sender
            other.holder = "the listener"
            let run = other.run
            listener.withLock { $0 = Task { await run.tend() } }
            // Until the listener has met the create's claim.
            while other.messages.first?.tries == 0 { try? await Task.sleep(for: .milliseconds(5)) }
            #expect(other.messages.map(\.state) == [.waiting])
        }
        _ = await scene.run.run(id: "run")
        _ = await listener.withLock { $0 }?.value
        #expect(scene.messages.map(\.state) == [.handled])
        #expect(scene.row?.state.reason == .finished && scene.row?.state.erpOrderNumber == "K1")
        await scene.bench.stop()
    }

    @Test func `a refusal and a cancellation stop the order, and the run that sees it says so`() async throws {
        let scene = try await Scene()
        _ = await scene.run.run(id: "run")
        _ = await scene.send("refused T-\(scene.bench.orderID)")
        #expect(await scene.run.run(id: "second").counts.newlyQuarantined == 1)
        #expect(scene.row?.state.reason == .rejected)
        await scene.bench.stop()
        let other = try await Scene()
        _ = await other.run.run(id: "run")
        _ = await other.send("accepted T-\(other.bench.orderID)")
        _ = await other.run.tend()
        _ = await other.send("cancelled T-\(other.bench.orderID)")
        #expect(await other.run.tend().counts.newlyQuarantined == 1)
        #expect(other.row?.state.reason == .cancelledInERP)
        await other.bench.stop()
    }

    @Test func `what nobody can read is kept as unreadable, and what says nothing of ours as not ours`() async throws {
        let scene = try await Scene()
        _ = await scene.send("{")
        _ = await scene.send("hello world")
        let report = await scene.run.tend()
        #expect(report.messages == 2)
        #expect(scene.messages.map(\.state) == [.unreadable, .notOurs])
        #expect(scene.messages.first?.sentence.contains("two words are expected") == true)
        await scene.bench.stop()
    }

    @Test func `one whose order isn't known waits for it, and one that can't be read now is read again`() async throws {
        let scene = try await Scene()
        _ = await scene.send("accepted T-\(scene.bench.orderID)")
        _ = await scene.run.tend()
        #expect(scene.messages.map(\.state) == [.waiting], "the order wasn't listed yet")
        let due = try #require(try await scene.run.nextDue())
        #expect(due > scene.surroundings.now)
        await scene.bench.stop()
        let other = try await Scene()
        _ = await other.run.run(id: "run")
        other.sink.failures.left.withLock { $0 = 2 }
        _ = await other.send("accepted T-\(other.bench.orderID)")
        let report = await other.run.tend()
        #expect(report.messages == 1 && other.messages.first?.tries == 2, "\(other.messages)")
        #expect(other.row?.state.reason == .finished)
        await other.bench.stop()
    }

    @Test func `a dry run handles none`() async throws {
        let scene = try await Scene()
        _ = await scene.send("hello world")
        var surroundings = scene.surroundings
        surroundings.ledger = DryRunLedger(scene.bench.ledger)
        surroundings.isDryRun = true
        #expect(await FlowRun(scene.flow, surroundings: surroundings).run(id: "dry").messages == 0)
        #expect(scene.messages.map(\.state) == [.waiting])
        await scene.bench.stop()
    }
}
