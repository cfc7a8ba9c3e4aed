import SinkKit
import Synchronization
import Transport

/// What hardly ever changes in an ERP, such as currencies: asked for by one task for all, and again after ten minutes.
final class RememberedFacts<Facts: Sendable>: Sendable {
    private let timekeeper: any Timekeeper
    private let turns = TurnGate()
    private let state = Mutex<(facts: Facts, readAt: Int64)?>(nil)

    private let life = Duration.seconds(600)

    init(timekeeper: any Timekeeper) { self.timekeeper = timekeeper }

    func facts(_ read: () async throws(SinkError) -> Facts) async throws(SinkError) -> Facts {
        if let facts = fresh { return facts }
        do { try await turns.enter() } catch { throw SinkError(.notApplied, "the call was cancelled before anything was sent") }
        defer { turns.leave() }
        if let facts = fresh { return facts }
        let facts = try await read()
        state.withLock { $0 = (facts, timekeeper.millisecondsSince1970) }
        return facts
    }

    private var fresh: Facts? {
        guard let (facts, readAt) = state.withLock({ $0 }) else { return nil }
        return Duration.milliseconds(timekeeper.millisecondsSince1970 - readAt) < life ? facts : nil
    }
}
