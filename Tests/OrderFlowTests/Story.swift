import OrderFlow
import Orders
import SinkKit

/// An order's journal as a test writes it, and what the planner says at its end. Folded anew for every question, as after a crash.
struct Story {
    var policy: FlowPolicy
    var now = Self.start
    private(set) var entries: [JournalEntry] = []

    static let start = Timestamp(milliseconds: 1_750_000_000_000)

    init(_ sinkClass: SinkClass, _ configure: (inout FlowPolicy) -> Void = { _ in }) {
        policy = FlowPolicy(sinkClass: sinkClass, ledgerCreatedAt: Self.start - .seconds(86_400))
        configure(&policy)
    }

    var progress: OrderProgress { OrderProgress(entries) }
    var next: Decision { Planner(policy: policy).next(progress, at: now) }

    /// The verdict, where the order rests.
    var rest: Verdict? { if case .rest(let verdict) = next { verdict } else { nil } }
    var reason: ReasonCode? { rest?.reason }
    var standing: Verdict.Standing? { rest?.standing }

    mutating func note(_ event: JournalEvent) {
        entries.append(JournalEntry(sequence: entries.count + 1, at: now, event: event))
    }

    /// The ledger is rebuilt from one that lost the last `count` entries.
    mutating func loseTail(_ count: Int) {
        entries.removeLast(min(count, entries.count))
        note(.restored(Restoration()))
    }

    mutating func after(_ duration: Duration) { now = now + duration }

    mutating func read(_ change: (inout OrderReading) -> Void = { _ in }) {
        note(.read(Self.reading(at: now, change)))
    }

    /// Writes the verdict down, as the engine does when an order comes to rest.
    mutating func settle() {
        if let rest, !(progress.verdict?.saysTheSame(as: rest) ?? false) { note(.verdict(rest)) }
    }

    mutating func intend(attempt: Int = 1, content: String = Self.content, generation: Int = 1) {
        note(.createIntended(Self.intent(attempt: attempt, content: content, generation: generation)))
    }

    mutating func end(_ end: CreateEnd, attempt: Int = 1) { note(.createEnded(attempt: attempt, end)) }

    mutating func fail(_ activity: String, _ failureClass: FailureClass, after wait: Duration? = nil) {
        note(
            .failed(Failure(activity: activity, failureClass: failureClass, message: "it broke", retryAt: wait.map { now + $0 })))
    }

    mutating func decide(_ kind: PersonDecision.Kind) { note(.person(PersonDecision(kind: kind, by: "anna", reason: "because"))) }

    /// Read, asked for where the ERP can be asked, sent and accepted.
    mutating func push(_ receipt: SinkReceipt = Self.receipt) {
        read()
        if policy.sinkClass.canFind { note(.sought(.absent)) }
        intend()
        end(.accepted(receipt))
    }

    /// Everything written to the shop, and said so.
    mutating func finish() {
        push()
        after(.milliseconds(10))
        read(Self.finished)
        settle()
    }

    // MARK: Values

    static let content = "content-1"
    static let k = SinkClass.key(retention: nil, latestEffect: nil)
    static let l = SinkClass.lookUp(latestEffect: .seconds(60))
    static let n = SinkClass.neither

    static func intent(attempt: Int = 1, content: String = Self.content, generation: Int = 1) -> CreateIntent {
        CreateIntent(attempt: attempt, generation: generation, contentDigest: content, payloadDigest: "payload-\(attempt)")
    }

    /// A confirmed and paid order of two lines.
    static func reading(at instant: Timestamp, _ change: (inout OrderReading) -> Void = { _ in }) -> OrderReading {
        var reading = OrderReading(beganAt: instant, state: .confirmed, contentDigest: content)
        (reading.payment, reading.webshop, reading.reference) = (.paid, 1, "CS48193")
        reading.confirmedAt = start - .seconds(3600)
        reading.lines = [.init(key: "id:1", erpLineNumber: nil), .init(key: "id:2", erpLineNumber: nil)]
        change(&reading)
        return reading
    }

    static let receipt = SinkReceipt(
        erpOrderNumber: "E1",
        lines: [SinkReceiptLine(lineKey: "id:1", erpLineNumber: 10), SinkReceiptLine(lineKey: "id:2", erpLineNumber: 20)])

    static let partialReceipt = SinkReceipt(
        erpOrderNumber: "E1",
        lines: [
            SinkReceiptLine(lineKey: "id:1", erpLineNumber: 10),
            SinkReceiptLine(lineKey: "id:2", erpLineNumber: nil, outcome: .rejected, message: "blocked"),
        ])

    static func marked(_ reading: inout OrderReading) { reading.state = .processing }

    static func numbered(_ reading: inout OrderReading) {
        marked(&reading)
        reading.erpOrderNumber = "E1"
    }

    static func lined(_ reading: inout OrderReading) {
        numbered(&reading)
        reading.lines = [.init(key: "id:1", erpLineNumber: 10), .init(key: "id:2", erpLineNumber: 20)]
    }

    static func finished(_ reading: inout OrderReading) {
        lined(&reading)
        reading.shipment = .sent
    }
}
