import OrderFlow
import Orders
import SinkKit

extension PlantedBug {
    /// Bugs in creates that are more than one call.
    static let inSteps: [PlantedBug] = [
        inAttempts("attempts kept by nobody") { _ in ForgetfulAttempts() },
        inAttempts("an attempt sent again without asking") { base in
            WrappedAttempts(base) { state in
                if case .unanswered = state { .new } else { state }
            }
        },
        inAttempts("an attempt of unknown end written down as one without effect") { base in
            var attempts = WrappedAttempts(base)
            attempts.onEnd = { end in
                if case .unknown(let why) = end { .notApplied(why) } else { end }
            }
            return attempts
        },
        inSink("a draft taken for the whole") { sink in
            sink.onFind = { key, context, base throws(SinkError) in
                guard var receipt = try await base.find(key, context) else { return nil }
                if receipt.state == .draft { receipt.state = .confirmed }
                return receipt
            }
        },
        inPlanner("an order dropped of which a part is in the ERP") { decision, _, _, _ in
            if case .rest(let verdict) = decision, verdict.reason == .partlyPushed {
                return .rest(Verdict(.dismissed, .cancelledBeforePush, verdict.sentence))
            }
            return decision
        },
    ]

    private static func inAttempts(
        _ name: String, _ wrap: @escaping @Sendable (any SinkAttemptJournal) -> any SinkAttemptJournal
    ) -> PlantedBug {
        inSink(name) { sink in
            sink.onCreate = { order, context, base throws(SinkError) in
                var context = context
                context.attempts = wrap(context.attempts)
                return try await base.create(order, context)
            }
        }
    }
}

/// Knows of no attempt and writes none down.
private struct ForgetfulAttempts: SinkAttemptJournal {
    func state(of attempt: SinkAttemptName) -> SinkAttemptState { .new }
    func begin(_ attempt: SinkAttemptName) {}
    func end(_ attempt: SinkAttemptName, _ end: SinkAttemptEnd) {}
}

/// Hands on what another journal knows of attempts, but for what a planted bug does differently.
private struct WrappedAttempts: SinkAttemptJournal {
    let base: any SinkAttemptJournal
    let onState: @Sendable (SinkAttemptState) -> SinkAttemptState
    var onEnd: @Sendable (SinkAttemptEnd) -> SinkAttemptEnd = { $0 }

    init(_ base: any SinkAttemptJournal, onState: @escaping @Sendable (SinkAttemptState) -> SinkAttemptState = { $0 }) {
        self.base = base
        self.onState = onState
    }

    func state(of attempt: SinkAttemptName) async throws(SinkError) -> SinkAttemptState {
        onState(try await base.state(of: attempt))
    }

    func begin(_ attempt: SinkAttemptName) async throws(SinkError) { try await base.begin(attempt) }

    func end(_ attempt: SinkAttemptName, _ end: SinkAttemptEnd) async throws(SinkError) {
        try await base.end(attempt, onEnd(end))
    }
}
