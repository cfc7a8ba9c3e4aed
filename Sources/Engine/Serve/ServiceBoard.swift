package import Ledger
package import Orders
import Synchronization

/// What the flows of a service are doing, for those who ask from outside, and the bell that wakes them.
package final class ServiceBoard: Sendable {
    package struct FlowState: Sendable, Equatable {
        package var isRunning = false
        /// The last one that began; not the one under way.
        package var lastRun: LastRun?
        package var nextTick: Timestamp?
        /// ``OrderFlow/Ticker/skipped``.
        package var skippedTicks = 0
        /// ``OrderFlow/Ticker/missed``.
        package var missedTicks = 0
    }

    package struct LastRun: Sendable, Equatable {
        package var beganAt: Timestamp
        /// `nil`: its process died.
        package var endedAt: Timestamp?
        package var outcome: Outcome

        package init(beganAt: Timestamp, endedAt: Timestamp?, outcome: Outcome) {
            self.beganAt = beganAt
            self.endedAt = endedAt
            self.outcome = outcome
        }
    }

    /// A word for how a run ended, which tells nothing of orders, people or addresses.
    package enum Outcome: String, Sendable {
        case done
        /// A remote is down.
        case outage
        case unauthorized, misconfigured
        /// The ledger couldn't record what happens.
        case ledger
        /// By an earlier process, before its work was done.
        case endedEarly = "ended_early"
        /// Its process died.
        case interrupted
    }

    private struct State {
        var flows: [String: FlowState] = [:]
        var rung: Set<String> = []
        var fatalFault: String?
    }

    private let state = Mutex(State())

    package init() {}

    /// The flows' states by name.
    package func flow(_ name: String) -> FlowState { state.withLock { $0.flows[name] ?? FlowState() } }

    package func update(_ name: String, _ change: (inout FlowState) -> Void) {
        state.withLock { change(&$0.flows[name, default: FlowState()]) }
    }

    /// Lets the flow look at once for what has come in for it.
    package func ring(_ name: String) { state.withLock { _ = $0.rung.insert(name) } }

    /// Whether it was rung for since the last answer.
    func answer(_ name: String) -> Bool { state.withLock { $0.rung.remove(name) != nil } }

    func hasRung(_ name: String) -> Bool { state.withLock { $0.rung.contains(name) } }

    /// Why the service can't go on, where it can't: a failed commit isn't tried again in place, nor is a listener that died.
    package var fatalFault: String? { state.withLock { $0.fatalFault } }

    /// Only the first counts.
    package func note(fatal fault: String) { state.withLock { $0.fatalFault = $0.fatalFault ?? fault } }
}

extension ServiceBoard.LastRun {
    /// - Parameter record: of a process before this one.
    package init(_ record: RunRecord) {
        let outcome: ServiceBoard.Outcome =
            record.endedAt == nil ? .interrupted : record.outcome == "done" ? .done : .endedEarly
        self.init(beganAt: record.startedAt, endedAt: record.endedAt, outcome: outcome)
    }
}

extension ServiceBoard.Outcome {
    init(_ stop: FlowStop?) {
        switch stop {
        case nil: self = .done
        case .busy: self = .endedEarly
        case .outage: self = .outage
        case .unauthorized: self = .unauthorized
        case .misconfigured: self = .misconfigured
        case .ledger: self = .ledger
        }
    }
}
