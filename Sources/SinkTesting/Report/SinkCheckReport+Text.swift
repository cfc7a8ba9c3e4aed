/// For people.
extension SinkCheckReport {
    /// `35 held, 1 fell, 2 not run, 6 not applicable, 1 waived`
    public var summary: String {
        let words = [
            ("held", "held"), ("fell", "fell"), ("not-run", "not run"), ("not-applicable", "not applicable"),
            ("waived", "waived"),
        ]
        let counts = words.compactMap { word, text in
            let count = results.count { $0.verdict.word == word }
            return count > 0 || word == "held" || word == "fell" ? "\(count) \(text)" : nil
        }
        return "sink \(sink)\(sinkClass.map { " (class \($0))" } ?? ""): " + counts.joined(separator: ", ")
    }

    /// The whole report, a few lines for each rule.
    public var text: String { (results.map(\.text) + ["", summary]).joined(separator: "\n") }
}

extension SinkRuleResult {
    /// The rule, its verdict, and under it whatever a person needs to act on it.
    public var text: String {
        ([title] + details.map { name, text in "             \(name): \(text)" }).joined(separator: "\n")
    }

    /// `held         create.then-find: an order that was made is found by our key`
    public var title: String {
        let word = verdict.label
        return word + String(repeating: " ", count: max(1, 13 - word.count)) + "\(rule.id): \(rule.title)"
    }

    /// What stands under the title, by name.
    public var details: [(name: String, text: String)] { Self.details(verdict) }

    private static func details(_ verdict: SinkVerdict) -> [(name: String, text: String)] {
        switch verdict {
        case .held: []
        case .fell(let finding):
            [("expected", finding.expected), ("seen", finding.seen)] + (finding.hint.isEmpty ? [] : [("hint", finding.hint)])
        case .notApplicable(let why), .notRun(let why): [("why", why)]
        case .waived(let reason, .held): [("waived", reason), ("note", "it holds; the waiver can go")]
        case .waived(let reason, let inner): [("waived", reason), ("without it", inner.label)] + details(inner)
        }
    }
}

extension SinkVerdict {
    /// As a report on a terminal says it.
    public var label: String {
        switch self {
        case .held: "held"
        case .fell: "FELL"
        case .notApplicable: "n/a"
        case .notRun: "not run"
        case .waived: "waived"
        }
    }
}
