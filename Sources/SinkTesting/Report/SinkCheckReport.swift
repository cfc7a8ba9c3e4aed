/// What a check came to.
public struct SinkCheckReport: Sendable {
    public let sink: String
    /// K, L or N; `nil` where the sink couldn't be opened.
    public let sinkClass: String?
    public let results: [SinkRuleResult]

    /// Whether no rule fell. Rules that weren't run, aren't applicable or are waived don't count.
    public var isGood: Bool { fallen.isEmpty }
    /// Whether anything at all was looked at.
    public var hasLooked: Bool { results.contains { if case .held = $0.verdict { true } else { false } } || !isGood }

    public var fallen: [SinkRuleResult] { results.filter { if case .fell = $0.verdict { true } else { false } } }
    public var notRun: [SinkRuleResult] { results.filter { if case .notRun = $0.verdict { true } else { false } } }

    public subscript(_ id: String) -> SinkVerdict? { results.first { $0.rule.id == id }?.verdict }
}

/// What came of one rule, and how long it took.
public struct SinkRuleResult: Sendable {
    public let rule: SinkRule
    public let verdict: SinkVerdict
    public let duration: Duration
}
