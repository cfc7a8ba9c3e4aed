import Orders
import SinkKit
import Synchronization

/// The attempts of one order, as Crossdock's ledger keeps them, with the process ending at a chosen point.
final class RehearsalJournal: SinkAttemptJournal {
    /// When the process ends, counted over the attempts that are ended.
    enum Ending: Sendable, Equatable {
        case never
        /// The evidence of that attempt is written, and nothing after it.
        case afterEvidence(Int)
        /// That attempt was made, and its evidence isn't written.
        case beforeEvidence(Int)
    }

    private struct State {
        var ending = Ending.never
        var hasEnded = false
        var ends = 0
        var finished: [SinkAttemptName: JSONObject] = [:]
        var begun: [SinkAttemptName: ContinuousClock.Instant] = [:]
        /// In the order in which they were begun, each time.
        var beginnings: [SinkAttemptName] = []
        var complaints: [String] = []
    }

    private let state = Mutex(State())

    /// Attempts in the order in which they were begun, those that were begun twice twice.
    var beginnings: [SinkAttemptName] { state.withLock { $0.beginnings } }
    /// Evidence by attempt.
    var evidence: [(SinkAttemptName, JSONObject)] {
        state.withLock { state in state.finished.sorted { $0.key.description < $1.key.description } }
    }
    /// What the sink did that it mustn't.
    var complaints: [String] { state.withLock { $0.complaints } }
    var hasEnded: Bool { state.withLock { $0.hasEnded } }

    /// From now on, the process ends there.
    func arrange(_ ending: Ending) {
        state.withLock { state in
            state.ending = ending
            state.hasEnded = false
            state.ends = 0
        }
    }

    func state(of attempt: SinkAttemptName) async throws(SinkError) -> SinkAttemptState {
        try refuseAfterEnd()
        return state.withLock { state in
            if let evidence = state.finished[attempt] { return .finished(evidence) }
            return state.begun[attempt].map { .unanswered(for: ContinuousClock.now - $0, sinceFirst: ContinuousClock.now - $0) }
                ?? .new
        }
    }

    func begin(_ attempt: SinkAttemptName) async throws(SinkError) {
        try refuseAfterEnd()
        state.withLock { state in
            if state.finished[attempt] != nil { state.complaints.append("'\(attempt)' was begun again after it was done") }
            state.begun[attempt] = ContinuousClock.now
            state.beginnings.append(attempt)
        }
    }

    func end(_ attempt: SinkAttemptName, _ end: SinkAttemptEnd) async throws(SinkError) {
        try refuseAfterEnd()
        state.withLock { state in
            state.ends += 1
            if state.ending == .beforeEvidence(state.ends) {
                state.hasEnded = true
                return
            }
            if state.begun[attempt] == nil { state.complaints.append("'\(attempt)' was ended and never begun") }
            switch end {
            case .finished(let evidence):
                state.finished[attempt] = evidence
                state.begun[attempt] = nil
            case .notApplied: state.begun[attempt] = nil
            case .unknown: state.begun[attempt] = ContinuousClock.now
            }
            if state.ending == .afterEvidence(state.ends) { state.hasEnded = true }
        }
        try refuseAfterEnd()
    }

    private func refuseAfterEnd() throws(SinkError) {
        if state.withLock({ $0.hasEnded }) {
            throw SinkError(.unknownOutcome, "the conformance kit ended the process here")
        }
    }
}
