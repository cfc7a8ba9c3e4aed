import Orders
import SinkKit

/// What must not be seen.
enum SecretRules {
    static let all = [
        SinkRule("secrets.hidden", "no secret stands in an error, a receipt, a journal entry or a log", hidden)
    ]

    static func hidden(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        try await provoke(trial)
        let secrets = (trial.target.secrets + trial.transcript.hidden).filter { $0.count >= 4 }
        guard !secrets.isEmpty else { throw .notApplicable("the sink was given no secrets and delivered none") }
        if let output = trial.target.output {
            do {
                for line in try await output() { trial.transcript.add("its log", line) }
            } catch { throw .notRun("what the sink logged can't be read: \(error)") }
        }
        let entries = trial.transcript.all
        guard !entries.isEmpty else { throw .notRun("the sink said nothing that could be looked through") }
        for (index, secret) in secrets.enumerated() {
            let leaks = entries.filter { $0.text.contains(secret) }
            try trial.expect(
                leaks.isEmpty, "none of \(secrets.count) secrets in \(entries.count) texts",
                seen: "secret \(index + 1) in " + places(leaks, secret),
                hint: "Leave URLs, headers and bodies out of messages; wrap what must stay hidden in SinkSecret.")
        }
        return "\(secrets.count) secrets, \(entries.count) texts"
            + (trial.target.output == nil ? "; its log couldn't be read" : ", its log among them")
    }

    private static func places(_ leaks: [Transcript.Entry], _ secret: String) -> String {
        leaks.prefix(3).map { "\($0.place): \($0.text.replacing(secret, with: "•••").prefix(200))" }.joined(separator: "; ")
    }

    /// Brings about the errors that most often carry secrets; what came out of the other rules is looked through as well.
    private static func provoke(_ trial: SinkTrial) async throws(RuleEnd) {
        let order = try trial.order()
        _ = try await trial.create(order)
        _ = try await trial.call("check") { sink, context throws(SinkError) in try await sink.check(context) }
        for mishap in SinkMishap.allCases where trial.target.interference?.mishaps.contains(mishap) == true {
            if mishap == .silentAfter || mishap == .silentLookUp || mishap == .lateEffect { continue }
            try await trial.arrange(mishap)
            _ = try await trial.create(try trial.order())
            _ = try await trial.find(order.key)
            _ = try await trial.call("check") { sink, context throws(SinkError) in try await sink.check(context) }
            try await trial.mend()
            try await trial.restart()
        }
        if let open = trial.target.openWithWrongCredentials {
            switch await Result.catching(open) {
            case .success(let sink):
                _ = try await trial.create(try trial.order(), on: sink)
                await trial.target.close(sink)
            case .failure(let error): trial.transcript.add("the error of opening it", "\(error)")
            }
        }
        let evidence = trial.journal(order.key).evidence
        for (name, object) in evidence {
            trial.transcript.add("the evidence of '\(name)'", JSONValue.object(object).compactText)
        }
    }
}
