/// Decides whether a remote that keeps failing is left alone. Performs nothing; the time is passed in.
///
/// Closed: everything passes. After `failuresToOpen` outages in a row it opens and refuses; when the open period is over
/// one call passes as a probe (half-open), whose success closes the circuit and whose failure opens it for twice as long.
package struct CircuitBreaker: Sendable, Equatable, Codable {
    package struct Settings: Sendable, Equatable {
        package var failuresToOpen: Int
        package var openFirst: Duration
        package var openMax: Duration
        /// A probe that has not reported by then is given up on, and another may pass.
        package var probeMax: Duration

        package init(
            failuresToOpen: Int = 5, openFirst: Duration = .seconds(5), openMax: Duration = .seconds(300),
            probeMax: Duration = .seconds(120)
        ) {
            self.failuresToOpen = failuresToOpen
            self.openFirst = openFirst
            self.openMax = openMax
            self.probeMax = probeMax
        }
    }

    package enum State: Sendable, Equatable, Codable {
        case closed(failures: Int)
        /// `openings` counts how often it opened without closing in between.
        case open(untilMilliseconds: Int64, openings: Int)
        case halfOpen(probeUntilMilliseconds: Int64, openings: Int)
    }

    package enum Admission: Sendable, Equatable {
        case pass
        /// The one call that finds out whether the remote is back; it must report or `abandon`.
        case probe
        case refused(untilMilliseconds: Int64)
    }

    package private(set) var state: State

    package init(state: State = .closed(failures: 0)) {
        self.state = state
    }

    /// When calls are refused at `now`, until when; changes nothing.
    package func refusedUntilMilliseconds(now: Int64) -> Int64? {
        switch state {
        case .closed: nil
        case .open(let until, _), .halfOpen(let until, _): now < until ? until : nil
        }
    }

    package mutating func admit(now: Int64, _ settings: Settings) -> Admission {
        if let until = refusedUntilMilliseconds(now: now) { return .refused(untilMilliseconds: until) }
        switch state {
        case .closed: return .pass
        case .open(_, let openings), .halfOpen(_, let openings):
            state = .halfOpen(probeUntilMilliseconds: now + settings.probeMax.wholeMilliseconds, openings: openings)
            return .probe
        }
    }

    /// The remote answered like a working one.
    package mutating func succeeded(_ admission: Admission) {
        switch (state, admission) {
        case (.closed, _), (.halfOpen, .probe): state = .closed(failures: 0)
        // Answers to calls from before the circuit opened say nothing about now.
        case (.open, _), (.halfOpen, _): break
        }
    }

    /// The remote was out of reach, too slow, or said 502, 503 or 504.
    package mutating func failed(_ admission: Admission, now: Int64, _ settings: Settings, random: some RandomSource) {
        switch (state, admission) {
        case (.closed(let failures), _):
            let count = failures + 1
            state = count < settings.failuresToOpen ? .closed(failures: count) : Self.opened(1, now, settings, random)
        case (.halfOpen(_, let openings), .probe):
            state = Self.opened(openings + 1, now, settings, random)
        case (.open, _), (.halfOpen, _): break
        }
    }

    /// The call ended without telling anything about the remote; a probe lets another take its place.
    package mutating func abandoned(_ admission: Admission, now: Int64) {
        guard case .halfOpen(_, let openings) = state, admission == .probe else { return }
        state = .open(untilMilliseconds: now, openings: openings)
    }

    /// Takes up the state of an earlier process: its probe died with it, and a clock set back must not keep it shut.
    package mutating func resume(now: Int64, _ settings: Settings) {
        switch state {
        case .closed: break
        case .halfOpen(_, let openings): state = .open(untilMilliseconds: now, openings: openings)
        case .open(let until, let openings):
            let latest = now + settings.openMax.wholeMilliseconds
            if until > latest { state = .open(untilMilliseconds: latest, openings: openings) }
        }
    }

    /// Doubles with every opening up to `openMax`; the upper half is jitter, so that many processes do not probe together.
    private static func opened(_ openings: Int, _ now: Int64, _ settings: Settings, _ random: some RandomSource) -> State {
        let period = min(settings.openFirst.wholeMilliseconds << min(openings - 1, 20), settings.openMax.wholeMilliseconds)
        let jitter = Int64(random.uniform(below: UInt64(max(0, period / 2)) + 1))
        return .open(untilMilliseconds: now + period - jitter, openings: openings)
    }
}
