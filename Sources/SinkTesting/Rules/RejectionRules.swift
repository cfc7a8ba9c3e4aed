import Orders
import SinkKit

/// Orders that the ERP refuses.
enum RejectionRules {
    static let all = [
        SinkRule("reject.all-faults", "one bad line refuses the whole order, with every fault at once", allFaults),
        SinkRule("reject.nothing-left", "a refused order leaves nothing in the ERP", nothingLeft),
        SinkRule("reject.mended", "a refused order is accepted under the same key once it is mended", mended),
    ]

    /// Five lines, of which the second and the fourth name products that don't exist.
    private static func bad(_ trial: SinkTrial) throws(RuleEnd) -> (order: SinkOrder, unknown: [String]) {
        guard let unknown = trial.target.sample.unknownProduct else {
            throw .notApplicable("this ERP is said to take any product, so there is no bad line to send")
        }
        var lines = trial.target.sample.lines(5)
        let names = [unknown, unknown + "-B"]
        (lines[1].product, lines[3].product) = (names[0], names[1])
        return (try trial.order(lines), names)
    }

    static func allFaults(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let (order, unknown) = try bad(trial)
        let ended = try await trial.create(order)
        guard case .rejected(let faults) = ended else {
            try trial.expect(
                false, "rejected, because lines 2 and 4 have products that don't exist", seen: ended.words,
                hint: "An order is taken whole or not at all. A fault of the order's is .rejected, not an error.")
            return ""
        }
        try isComplete(faults, unknown, trial)
        return ended.words
    }

    /// Whether the faults name both bad lines and none of the good ones.
    static func isComplete(_ faults: [SinkFault], _ unknown: [String], _ trial: SinkTrial) throws(RuleEnd) {
        let texts = faults.map(\.description)
        for (line, product) in zip([1, 3], unknown) {
            try trial.expect(
                faults.contains { $0.path.contains("lines[\(line)]") || names($0.description, product) },
                "a fault for line \(line + 1), as path lines[\(line)] or with '\(product)' in its text",
                seen: texts.joined(separator: "; "),
                hint: "Look at all lines before answering: whoever mends the order mends it once.")
        }
        try trial.expect(
            !faults.contains { $0.path.contains("lines[0]") || $0.path.contains("lines[2]") || $0.path.contains("lines[4]") },
            "no fault for the lines that are right", seen: texts.joined(separator: "; "),
            hint: "Paths count lines from 0: lines[1] is the second.")
    }

    /// Whether the text names the product, and not one whose name begins so.
    private static func names(_ text: String, _ product: String) -> Bool {
        var rest = text[...]
        while let place = rest.firstRange(of: product) {
            rest = rest[place.upperBound...]
            if !rest.hasPrefix("-B") { return true }
        }
        return false
    }

    static func nothingLeft(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let (order, _) = try bad(trial)
        let ended = try await trial.create(order)
        guard case .rejected = ended else {
            throw .notRun("the bad order wasn't rejected: \(ended.words); see reject.all-faults")
        }
        try await trial.outwaitLateEffects()
        guard let count = try await trial.count(order.key) else {
            throw .notRun("nobody but the sink can say what the ERP holds, and its class can't be asked")
        }
        try trial.expect(
            count == 0, "nothing under the key", seen: "\(count) orders \(trial.witness)",
            hint: "Make order and lines in one transaction, or take back what was made; a draft counts too.")
        return "nothing \(trial.witness)"
    }

    static func mended(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let (order, _) = try bad(trial)
        let ended = try await trial.create(order)
        guard case .rejected = ended else {
            throw .notRun("the bad order wasn't rejected: \(ended.words); see reject.all-faults")
        }
        let good = try trial.variant(of: order, trial.target.sample.lines(5))
        let again = try await trial.create(good)
        try trial.expect(
            again.receipt != nil, "accepted, under the same key", seen: again.words,
            hint: "A refusal must not use the key up: the order is mended and sent again under it.")
        if let count = try await trial.count(order.key) {
            try trial.expect(count == 1, "one order under the key", seen: "\(count) \(trial.witness)")
        }
        return "\(again.words) after the refusal"
    }
}
