import ArgumentParser
import CloudSuite
import Engine
import Ledger
import OrderFlow
import Orders
import Settings

/// `crossdock audit`: the shop's own listing against the ledger.
struct AuditCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Compares all that the shop lists with the ledger, and names every gap and drift.",
        discussion: """
            Lists the shop's orders of every state from confirmed on, and asks one by one for those that only the ledger has. Four \
            things are told: an order that the ledger should have and doesn't (missing), one that the shop shows otherwise than the \
            ledger says (drifted), one that was due for an hour and more without a run (overdue), and one that the shop doesn't show any \
            more (gone). Orders that a person is asked for already are named by 'crossdock orders --state quarantined'.

            Nothing is written anywhere without --mend. With it, each is looked at as by a run: the ERP is asked for what it has, which \
            is adopted, and what the shop lacks is written. Nothing goes to the ERP twice by it.

            EXIT STATUS  0 no difference, or all were mended; 1 there are some; 75 the lists couldn't be seen whole

            EXAMPLES
              crossdock audit
              crossdock audit --from 2026-11-01 --to 2026-11-14
              crossdock audit --mend                    after a ledger was lost, or another program marked orders
              crossdock audit --json                    a line of JSON for each difference, and one with the sums
            """)

    @OptionGroup var options: CommonOptions
    @OptionGroup var output: JSONOption

    @Option(name: .long, help: "Only this flow.")
    var flow: String?

    @Option(
        name: .long,
        help: "Orders confirmed from then on: YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS in the shop's zone. Default: the flow's 'since'.")
    var from: String?

    @Option(name: .long, help: "Orders confirmed until then; a day is meant to its end. Default: now.")
    var to: String?

    @Flag(name: .long, help: "Look at each of them at once, as a run does.")
    var mend = false

    func perform() async throws -> ExitStatus {
        try await Workplace.use(options, mend ? .write : .dryRun) { workplace in try await perform(in: workplace) }
    }

    private func perform(in workplace: Workplace) async throws -> ExitStatus {
        let stop = StopSignals()
        let surroundings = workplace.surroundings(stop: stop.request)
        let printer = AuditPrinter(isJSON: output.json, isDryRun: !mend)
        var status = ExitStatus.done
        for settings in try workplace.settings(named: flow) {
            let flow: Flow
            do { flow = try await workplace.flow(settings) } catch let failure as CommandFailure {
                Output.error("crossdock: \(settings.name): \(failure.message)")
                status = max(status, failure.status)
                continue
            }
            let span = try span(of: flow)
            do throws(FlowStop) {
                let report = try await ShopAudit(flow, surroundings: surroundings).run(span) { printer.tell($0) }
                printer.tell(report, flow: flow.name)
                status = max(status, report.status(isDryRun: !mend))
            } catch {
                Output.error("crossdock: \(flow.name): \(error.description)")
                status = max(status, ExitStatus(error))
            }
        }
        return status
    }

    private func span(of flow: Flow) throws -> ShopAudit.Span {
        let clock = flow.shop.settings.clock
        let span = ShopAudit.Span(
            from: try instant(from, "--from", clock, dayEnds: false) ?? flow.pull.since,
            until: try instant(to, "--to", clock, dayEnds: true))
        if let until = span.until, until < span.from {
            throw CommandFailure(
                .usage,
                "--to is before \(from == nil ? "the 'since' of flow '\(flow.name)'" : "--from"), so there is nothing to compare")
        }
        return span
    }

    private func instant(_ text: String?, _ option: String, _ clock: ShopClock, dayEnds: Bool) throws -> Timestamp? {
        guard let text else { return nil }
        guard let instant = clock.instant(text.count == 10 ? text + (dayEnds ? "T23:59:59" : "T00:00:00") : text) else {
            throw CommandFailure(.usage, "\(option) is '\(text)'; it is a day (YYYY-MM-DD) or a time (YYYY-MM-DDTHH:MM:SS)")
        }
        return instant
    }
}

extension ShopAudit.Report {
    fileprivate func status(isDryRun: Bool) -> ExitStatus {
        let needsPerson = isDryRun ? !findings.isEmpty : needingPerson > 0
        return max(isComplete && withoutID.isEmpty ? .done : .tryLater, needsPerson ? .needsPerson : .done)
    }
}
