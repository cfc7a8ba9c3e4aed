public import Orders

/// For machines.
extension SinkCheckReport {
    /// `{"sink", "class", "good", "counts": {…}, "rules": [{"id", "title", "verdict", "milliseconds", …}]}`; a rule that fell has `expected`,
    /// `seen` and `hint`, one that held `seen`, others `why`; a waived one has `reason` and under `found` what it would be without.
    public var json: JSONObject {
        let words = ["held", "fell", "not-run", "not-applicable", "waived"]
        let counts = words.map { word in (word, JSONValue.integer(results.count { $0.verdict.word == word })) }
        return JSONObject([
            ("sink", .text(sink)), ("class", .text(sinkClass)), ("good", .bool(isGood)), ("counts", .object(JSONObject(counts))),
            ("rules", .array(results.map { .object($0.json) })),
        ])
    }
}

extension SinkRuleResult {
    public var json: JSONObject {
        var object = JSONObject([("id", .text(rule.id)), ("title", .text(rule.title))])
        for member in verdict.json.members { object[member.name.value] = member.value }
        object["milliseconds"] = .integer(duration.wholeMilliseconds)
        return object
    }
}

extension SinkVerdict {
    fileprivate var json: JSONObject {
        var object = JSONObject([("verdict", .text(word))])
        switch self {
        case .held(let seen): object.append("seen", .text(seen))
        case .fell(let finding):
            object.append("expected", .text(finding.expected))
            object.append("seen", .text(finding.seen))
            if !finding.hint.isEmpty { object.append("hint", .text(finding.hint)) }
        case .notApplicable(let why), .notRun(let why): object.append("why", .text(why))
        case .waived(let reason, let found):
            object.append("reason", .text(reason))
            object.append("found", .object(found.json))
        }
        return object
    }
}

extension Duration {
    var wholeMilliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
