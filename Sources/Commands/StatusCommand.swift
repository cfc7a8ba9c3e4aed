import ArgumentParser
import CloudSuite
import Engine
import Ledger
import OrderFlow
import Orders

/// `crossdock status`
struct StatusCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "How many orders stand where, and what the last runs did.",
        discussion: "Reads the ledger only; nothing is contacted.\n\nEXAMPLE\n  crossdock status --json")

    @OptionGroup var options: CommonOptions
    @OptionGroup var output: JSONOption

    func perform() async throws -> ExitStatus {
        try await Workplace.use(options, .read) { workplace in try await perform(in: workplace) }
    }

    private func perform(in workplace: Workplace) async throws -> ExitStatus {
        let counts = try await workplace.ledger.counts()
        let runs = try await workplace.ledger.runs(limit: 10)
        let messages = MessageSummary(
            counts: try await workplace.ledger.messageCounts(),
            open: try await workplace.ledger.messages(
                MessageFilter(states: [.waiting, .notOurs, .unreadable]), after: 0, limit: MessageSummary.openMax))
        if output.json {
            Output.json(json(counts, runs, messages, ScheduleList(workplace)))
        } else {
            Output.line(text(counts, runs, messages, workplace))
        }
        return .done
    }

    private func text(
        _ counts: [StandingCount], _ runs: [RunRecord], _ messages: MessageSummary, _ workplace: Workplace
    ) -> String {
        var orders = Table("FLOW", "STANDS", "REASON", "ORDERS")
        for count in counts { orders.add(count.flow, count.standing.rawValue, count.reason.rawValue, String(count.count)) }
        var history = Table("RUN BEGAN", "FLOW", "LISTED", "NEW", "LOOKED AT", "PUSHED", "FINISHED", "NEEDS A PERSON", "OUTCOME")
        for run in runs {
            let time = workplace.time(ofFlow: run.flow)
            history.add(
                time?.text(run.startedAt) ?? String(run.startedAt.milliseconds), run.flow, String(run.counts.listed),
                String(run.counts.new),
                String(run.counts.lookedAt), String(run.counts.pushed), String(run.counts.finished),
                String(run.counts.newlyQuarantined),
                run.outcome ?? "under way, or its process died")
        }
        let schedules = ScheduleList(workplace).table
        if history.isEmpty, messages.isEmpty {
            return "no run yet: 'crossdock sync' makes the first, or 'crossdock serve'\n\n" + schedules.text(aligned: true)
        }
        let tables = [orders, history] + messages.tables { workplace.time(ofFlow: $0) } + [schedules]
        return tables.filter { !$0.isEmpty }.map { $0.text(aligned: true) }.joined(separator: "\n\n")
    }

    private func json(
        _ counts: [StandingCount], _ runs: [RunRecord], _ messages: MessageSummary, _ schedules: ScheduleList
    ) -> JSONValue {
        let orders: [JSONValue] = counts.map { count in
            [
                "flow": .text(count.flow), "standing": .text(count.standing.rawValue), "reason": .text(count.reason.rawValue),
                "orders": .integer(count.count),
            ]
        }
        let history: [JSONValue] = runs.map { run in
            [
                "run": .text(run.id), "flow": .text(run.flow), "started_at_ms": .integer(run.startedAt.milliseconds),
                "ended_at_ms": run.endedAt.map { .integer($0.milliseconds) } ?? .null, "outcome": .text(run.outcome),
                "listed": .integer(run.counts.listed), "new": .integer(run.counts.new),
                "looked_at": .integer(run.counts.lookedAt),
                "pushed": .integer(run.counts.pushed), "finished": .integer(run.counts.finished),
                "newly_quarantined": .integer(run.counts.newlyQuarantined), "writes": .integer(run.counts.writes),
            ]
        }
        return [
            "orders": .array(orders), "runs": .array(history), "messages": messages.json, "schedules": schedules.json,
        ]
    }
}
