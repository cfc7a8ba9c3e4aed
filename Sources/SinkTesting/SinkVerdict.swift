/// What came of one rule.
public enum SinkVerdict: Sendable, Equatable {
    /// It was looked at and is as it should be; what was seen.
    case held(seen: String)
    /// It was looked at and isn't.
    case fell(SinkFinding)
    /// It is about something that the sink doesn't do, and says so.
    case notApplicable(String)
    /// It couldn't be looked at; why.
    case notRun(String)
    /// It needn't hold, for a written reason; what was found all the same.
    indirect case waived(reason: String, SinkVerdict)

    /// One word: `held`, `fell`, `not-applicable`, `not-run`, `waived`.
    public var word: String {
        switch self {
        case .held: "held"
        case .fell: "fell"
        case .notApplicable: "not-applicable"
        case .notRun: "not-run"
        case .waived: "waived"
        }
    }
}

/// Why a rule fell.
public struct SinkFinding: Sendable, Equatable {
    public var expected: String
    public var seen: String
    /// Where to look, or what others did about it.
    public var hint: String

    public init(expected: String, seen: String, hint: String) {
        self.expected = expected
        self.seen = seen
        self.hint = hint
    }
}

/// How a rule ends that doesn't hold.
enum RuleEnd: Error {
    case fell(SinkFinding)
    case notApplicable(String)
    case notRun(String)
}
