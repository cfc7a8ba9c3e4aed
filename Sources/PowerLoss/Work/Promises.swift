import Ledger
import OrderFlow
import Orders
import SinkKit

/// What a ledger has acknowledged, and must therefore never lose.
struct Promises {
    /// One acknowledgement, and how many operations the disk had been asked for by then.
    struct Promise {
        var position: Int
        var what: Acknowledged
    }

    enum Acknowledged {
        case opened(LedgerIdentity)
        case listed([OrderKey])
        case remembered(FlowMemory, flow: String)
        case looked(ClockRecord)
        case appended(LedgerChange)
        case ran(RunRecord)
        case kept(InboundMessage, flow: String)
    }

    private(set) var identity: LedgerIdentity?
    private(set) var listed: [OrderKey] = []
    private(set) var journals: [OrderKey: [JournalEntry]] = [:]
    private(set) var payloads: [(key: OrderKey, payload: StoredPayload)] = []
    private(set) var memories: [String: FlowMemory] = [:]
    private(set) var clocks: [String: ClockRecord] = [:]
    private(set) var runs: Set<String> = []
    private(set) var messages: [(message: InboundMessage, flow: String)] = []

    /// Asked to be remembered, of which nobody was told yet that they are: they may be there already.
    var clocksAskedFor: [ClockRecord] = []

    /// From now on the whole journal of an order, what nobody was told of included.
    mutating func add(_ journal: [JournalEntry], of key: OrderKey) { journals[key] = journal }

    mutating func add(_ what: Acknowledged) {
        switch what {
        case .opened(let identity): self.identity = identity
        case .listed(let keys): listed += keys.filter { !listed.contains($0) }
        case .remembered(let memory, let flow): memories[flow] = memory
        case .looked(let clock): clocks[clock.bootID] = clock
        case .appended(let change):
            journals[change.claim.key, default: []] += change.entries
            for payload in change.payloads { payloads.append((change.claim.key, payload)) }
        case .ran(let run): runs.insert(run.id)
        case .kept(let message, let flow): messages.append((message, flow))
        }
    }

    /// What of it a ledger doesn't have.
    func broken(by ledger: any Ledger) async throws -> [String] {
        var broken: [String] = []
        if let identity, ledger.identity != identity { broken.append("the ledger is another one, \(ledger.identity)") }
        for key in listed where try await ledger.row(key) == nil { broken.append("order \(key.orderID) has no row") }
        for key in listed {
            guard let promised = journals[key] else { continue }
            let found = try await ledger.journal(key)
            guard found.starts(with: promised) else {
                let lost = promised.dropFirst(zip(found, promised).prefix { $0 == $1 }.count).map(\.event.kind.rawValue)
                broken.append("order \(key.orderID) has lost \(lost)")
                continue
            }
        }
        for (key, payload) in payloads where try await ledger.payload(key, digest: payload.digest) != payload.bytes {
            broken.append("order \(key.orderID) has lost the bytes of a create")
        }
        for (flow, memory) in memories {
            let found = try await ledger.memory(flow: flow).watermark
            if let promised = memory.watermark, (found ?? Timestamp(milliseconds: .min)) < promised {
                broken.append("the watermark is back at \(found.map { "\($0)" } ?? "nothing")")
            }
        }
        for clock in clocks.values {
            let found = try await ledger.clock(bootID: clock.bootID)
            guard found != clock, !clocksAskedFor.contains(where: { $0 == found }) else { continue }
            broken.append("what was known of the clock of '\(clock.bootID)' is lost")
        }
        for (message, flow) in messages where try await !ledger.keeps(message, flow: flow) {
            broken.append("message \(message.id) is lost")
        }
        let kept = Set(try await ledger.runs(limit: .max).map(\.id))
        if !runs.isSubset(of: kept) { broken.append("runs are lost: \(runs.subtracting(kept).sorted())") }
        return broken
    }
}

extension Ledger {
    /// Whether a message is there, whatever became of it.
    func keeps(_ message: InboundMessage, flow: String) async throws(LedgerError) -> Bool {
        try await messages(MessageFilter(flow: flow), after: 0, limit: .max).contains { $0.id == message.id }
    }
}
