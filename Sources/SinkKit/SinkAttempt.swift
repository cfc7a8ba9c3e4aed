public import Orders

/// One call inside a create that isn't idempotent by itself: the third of twelve purchases, the confirmation of a draft.
///
/// The name says what is done, the key to what; both are the same whenever the sink comes to that call of that order again.
public struct SinkAttemptName: Sendable, Hashable, CustomStringConvertible {
    /// In the sink's own words, such as `purchase`.
    public let name: String
    /// What tells it from the order's other attempts of that name, such as `id:70011/3`; empty where there is one only.
    public let key: String

    public init(_ name: String, key: String = "") {
        self.name = name
        self.key = key
    }

    public var description: String { key.isEmpty ? name : "\(name) \(key)" }
}

/// What the order's journal knows of an attempt.
public enum SinkAttemptState: Sendable, Equatable {
    /// It was never begun, or every try certainly had no effect.
    case new
    /// It was begun, and how it ended is not known; nobody has waited for an answer for that long. `sinceFirst`: since the first try whose
    /// end isn't known was begun; `nil`: nobody knows when that was. `isOrdered`: a person ordered it to be sent once more.
    case unanswered(for: Duration, sinceFirst: Duration? = nil, isOrdered: Bool = false)
    /// It is done, and this is the evidence.
    case finished(JSONObject)
}

/// How one try of an attempt ended.
public enum SinkAttemptEnd: Sendable, Equatable {
    case finished(JSONObject)
    /// It certainly had no effect.
    case notApplied(String)
    /// It may have had its effect, or may yet have it.
    case unknown(String)
}

/// Where the attempts of one order are kept. Crossdock's is the ledger; the conformance kit brings one of its own.
public protocol SinkAttemptJournal: Sendable {
    func state(of attempt: SinkAttemptName) async throws(SinkError) -> SinkAttemptState
    /// Writes the intent down. Durable when it returns: only then may the call be made.
    func begin(_ attempt: SinkAttemptName) async throws(SinkError)
    /// Writes down what came of it.
    func end(_ attempt: SinkAttemptName, _ end: SinkAttemptEnd) async throws(SinkError)
}

extension SinkContext {
    /// Makes a call that isn't idempotent by itself: the intent is written down before it, the evidence after it.
    ///
    /// An attempt that is done is not made again; its evidence is handed back. One whose end is not known is treated as `promise`
    /// says: K sends it again while the ERP knows the key, L asks by `find` once no late effect is possible and sends it only if there is none, N never sends it
    /// again.
    /// - Parameters:
    ///   - name: what is done; with `key` the same whenever the sink comes to this call of this order again.
    ///   - promise: what the ERP promises about this call, which may be more or less than ``SinkCapabilities/sinkClass``.
    ///   - find: asks, without changing anything, whether the call took effect; `nil` only where the ERP itself said that it didn't.
    ///   - send: makes the call, once. What it throws must be right about the effect; see ``SinkError/Code``.
    /// - Returns: the evidence, as `send` or `find` gave it. It must not hold secrets: it stands in the journal.
    /// - Throws: ``SinkError/Code/unknownOutcome`` where the end isn't known and can't be found out now; otherwise what `find` or
    ///   `send` throws.
    public func attempt(
        _ name: String, key: String = "", promise: SinkClass,
        find: (@Sendable () async throws(SinkError) -> JSONObject?)? = nil,
        send: @Sendable () async throws(SinkError) -> JSONObject
    ) async throws(SinkError) -> JSONObject {
        let attempt = SinkAttemptName(name, key: key)
        switch try await attempts.state(of: attempt) {
        case .finished(let evidence): return evidence
        case .new: break
        case .unanswered(let silence, let sinceFirst, let isOrdered):
            let tried = Tried(silence: silence, sinceFirst: sinceFirst, isOrdered: isOrdered)
            if let evidence = try await settle(attempt, promise, tried, find) {
                try await attempts.end(attempt, .finished(evidence))
                return evidence
            }
        }
        try await attempts.begin(attempt)
        do throws(SinkError) {
            let evidence = try await send()
            try await attempts.end(attempt, .finished(evidence))
            return evidence
        } catch {
            // A conflict says nothing of whether this call had an effect.
            let isOpen = error.code == .unknownOutcome || error.code == .conflict
            try await attempts.end(attempt, isOpen ? .unknown(error.message) : .notApplied(error.message))
            throw error
        }
    }

    /// What was sent before, as far as it is known.
    private struct Tried {
        var silence: Duration
        var sinceFirst: Duration?
        var isOrdered: Bool
    }

    /// - Returns: the evidence where it took effect; `nil` where it may be sent (again).
    private func settle(
        _ attempt: SinkAttemptName, _ promise: SinkClass, _ tried: Tried,
        _ find: (@Sendable () async throws(SinkError) -> JSONObject?)?
    ) async throws(SinkError) -> JSONObject? {
        switch promise {
        case .key(let retention, let latestEffect):
            // The last tenth is left for the way there.
            guard let retention else { return nil }
            if let sinceFirst = tried.sinceFirst, sinceFirst < retention - retention / 10 { return nil }
            if let latestEffect { return try await lookUp(attempt, latestEffect, tried.silence, find) }
        case .lookUp(let latestEffect): return try await lookUp(attempt, latestEffect, tried.silence, find)
        case .neither: break
        }
        // Nobody can be asked but the person who ordered it.
        if tried.isOrdered { return nil }
        throw SinkError(.unknownOutcome, "'\(attempt)' was sent before, and nobody can tell what came of it")
    }

    private func lookUp(
        _ attempt: SinkAttemptName, _ latestEffect: Duration, _ silence: Duration,
        _ find: (@Sendable () async throws(SinkError) -> JSONObject?)?
    ) async throws(SinkError) -> JSONObject? {
        guard let find else {
            throw SinkError(.unknownOutcome, "'\(attempt)' was sent before, and the sink has no way to ask what came of it")
        }
        guard silence >= latestEffect else {
            throw SinkError(
                .unknownOutcome, "'\(attempt)' was sent, and its outcome is not known yet", retryAfter: latestEffect - silence)
        }
        do throws(SinkError) { return try await find() } catch {
            // What wasn't found out leaves the create as open as the attempt is.
            throw SinkError(
                .unknownOutcome, "'\(attempt)' was sent before, and asking failed: \(error.message)", retryAfter: error.retryAfter
            )
        }
    }
}

/// Keeps attempts in memory only: for calls that make none, and for tests.
public actor TransientAttempts: SinkAttemptJournal {
    private var states: [SinkAttemptName: SinkAttemptState] = [:]
    private var begun: [SinkAttemptName: ContinuousClock.Instant] = [:]

    public init() {}

    public func state(of attempt: SinkAttemptName) -> SinkAttemptState {
        if let since = begun[attempt] {
            return .unanswered(for: ContinuousClock.now - since, sinceFirst: ContinuousClock.now - since)
        }
        return states[attempt] ?? .new
    }

    public func begin(_ attempt: SinkAttemptName) { begun[attempt] = ContinuousClock.now }

    public func end(_ attempt: SinkAttemptName, _ end: SinkAttemptEnd) {
        switch end {
        case .finished(let evidence): states[attempt] = .finished(evidence)
        case .notApplied: states[attempt] = nil
        case .unknown:
            begun[attempt] = ContinuousClock.now
            return
        }
        begun[attempt] = nil
    }
}
