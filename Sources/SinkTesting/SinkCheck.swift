import SinkKit
import Synchronization

/// Judges a sink by the rules.
///
/// Rules run one after another, each with orders of its own under keys that were never used, so that none depends on another.
public struct SinkCheck: Sendable {
    private let target: SinkUnderTest
    private let rules: [SinkRule]
    private let waivers: [SinkWaiver]

    /// - Parameters:
    ///   - rules: the ids of those to run; `nil`: all of them.
    ///   - waivers: rules that needn't hold.
    /// - Throws: ``SinkCheckFault`` where an id is none of a rule's.
    public init(_ target: SinkUnderTest, rules: [String]? = nil, waivers: [SinkWaiver] = []) throws(SinkCheckFault) {
        let known = SinkRule.all.map(\.id)
        for id in (rules ?? []) + waivers.map(\.rule) where !known.contains(id) { throw SinkCheckFault(unknownRule: id) }
        self.target = target
        self.waivers = waivers
        self.rules = SinkRule.all.filter { rules?.contains($0.id) ?? true }
    }

    /// Runs the rules.
    ///
    /// - Parameter progress: is told each result as it is there.
    public func run(progress: @Sendable (SinkRuleResult) -> Void = { _ in }) async -> SinkCheckReport {
        let transcript = Transcript()
        let ids = Mutex(target.sample.firstOrderID)
        var results: [SinkRuleResult] = []
        var sinkClass: String?
        for rule in rules {
            let trial = SinkTrial(target, transcript: transcript) {
                ids.withLock { id in
                    defer { id += 1 }
                    return id
                }
            }
            let start = ContinuousClock.now
            let verdict = await verdict(of: rule, trial)
            if sinkClass == nil { sinkClass = (try? await trial.capabilities())?.sinkClass.letter }
            await trial.close()
            let result = SinkRuleResult(rule: rule, verdict: waived(rule, verdict), duration: ContinuousClock.now - start)
            progress(result)
            results.append(result)
        }
        return SinkCheckReport(sink: target.name, sinkClass: sinkClass, results: results)
    }

    private func verdict(of rule: SinkRule, _ trial: SinkTrial) async -> SinkVerdict {
        let verdict: SinkVerdict
        do throws(RuleEnd) {
            let seen = try await rule.body(trial)
            // A rule that compared nothing hasn't looked, whatever it says.
            verdict = trial.looks > 0 ? .held(seen: seen) : .notRun("there was nothing that it could compare")
        } catch {
            verdict =
                switch error {
                case .fell(let finding): .fell(finding)
                case .notApplicable(let why): .notApplicable(why)
                case .notRun(let why): .notRun(why)
                }
        }
        // Whatever it arranged must not strike the next rule.
        do throws(RuleEnd) { try await trial.mend() } catch { return verdict }
        return verdict
    }

    private func waived(_ rule: SinkRule, _ verdict: SinkVerdict) -> SinkVerdict {
        guard let waiver = waivers.first(where: { $0.rule == rule.id }) else { return verdict }
        return .waived(reason: waiver.reason, verdict)
    }
}

/// Why a check can't begin.
public struct SinkCheckFault: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(unknownRule id: String) {
        description = "there is no rule '\(id)'; the rules are: \(SinkRule.all.map(\.id).joined(separator: ", "))"
    }
}
