/// Which requests a fault strikes, and what it does to them.
package struct FaultRule: Sendable, Equatable {
    /// In capitals; `nil` matches every method.
    package var method: String?
    /// The path must begin so; the query is no part of it.
    package var pathPrefix: String?
    /// The kind of request, as in the statistics (`order`, `order-list`, `token`, …).
    package var kind: String?
    /// So many matching requests pass unharmed first.
    package var skip: Int
    /// So many are struck after that; `nil` is all of them.
    package var times: Int?
    /// Strikes only this share of the requests that the other conditions let through, 0 to 1; decided from the plan's seed.
    package var probability: Double?
    package var action: FaultAction

    package init(
        method: String? = nil, pathPrefix: String? = nil, kind: String? = nil, skip: Int = 0, times: Int? = nil,
        probability: Double? = nil, action: FaultAction
    ) {
        self.method = method
        self.pathPrefix = pathPrefix
        self.kind = kind
        self.skip = skip
        self.times = times
        self.probability = probability
        self.action = action
    }
}

/// The faults in force, and how often each has matched and struck. Decides; performs nothing.
///
/// The first rule that strikes wins; a rule counts a match only when no earlier rule struck the request.
package struct FaultPlan: Sendable {
    package private(set) var rules: [FaultRule] = []
    /// How often each rule has struck, in the order of `rules`.
    package private(set) var strikes: [Int] = []
    private var matches: [Int] = []
    private var random: SeededRandom
    private var outage: Outage = .none

    private enum Outage: Sendable, Equatable {
        case none
        case left(Int)
        case untilCleared
    }

    package init(seed: UInt64) { random = SeededRandom(seed: seed) }

    package mutating func add(_ rule: FaultRule) {
        rules.append(rule)
        strikes.append(0)
        matches.append(0)
    }

    /// Takes all rules out and ends an outage.
    package mutating func clear() {
        rules = []
        strikes = []
        matches = []
        outage = .none
    }

    package mutating func strike(method: String, path: String, kind: String) -> FaultAction? {
        if endures() { return .outage(requests: nil) }
        for index in rules.indices where Self.matches(rules[index], method: method, path: path, kind: kind) {
            guard strikes(ruleAt: index) else { continue }
            if case .outage(let requests) = rules[index].action {
                outage = requests.map { $0 > 1 ? .left($0 - 1) : .none } ?? .untilCleared
            }
            return rules[index].action
        }
        return nil
    }

    private mutating func endures() -> Bool {
        switch outage {
        case .none: return false
        case .untilCleared: return true
        case .left(let requests):
            outage = requests > 1 ? .left(requests - 1) : .none
            return true
        }
    }

    private static func matches(_ rule: FaultRule, method: String, path: String, kind: String) -> Bool {
        (rule.method ?? method) == method && (rule.kind ?? kind) == kind && path.hasPrefix(rule.pathPrefix ?? "")
    }

    private mutating func strikes(ruleAt index: Int) -> Bool {
        let rule = rules[index]
        matches[index] += 1
        guard matches[index] > rule.skip else { return false }
        if let times = rule.times, strikes[index] >= times { return false }
        if let probability = rule.probability, random.fraction() >= probability { return false }
        strikes[index] += 1
        return true
    }
}
