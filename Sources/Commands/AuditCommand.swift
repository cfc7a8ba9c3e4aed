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
            ledger says (drifted), one that was due and that a whole run since didn't look at (overdue), and one that the shop doesn't \
            have any more (gone). Orders that a person is asked for already are named by 'crossdock orders --state quarantined'.

            Nothing is written anywhere without --mend. With it, each is worked on as by a run: what the ERP has is adopted, a confirmed \
            order that no run took is pushed, documents are sent, and the shop gets what it lacks. No order goes to the ERP twice by it.

            EXIT STATUS  0 no difference, or none that needs a person after --mend; 1 there are some; else as for 'crossdock sync', \
            with 75 where the lists couldn't be seen whole

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

    @Flag(name: .long, help: "Work on each of them at once, as a run does.")
    var mend = false

    func perform() async throws -> ExitStatus {
        try await Workplace.use(options, mend ? .write : .dryRun) { workplace in try await perform(in: workplace) }
    }

    private func perform(in workplace: Workplace) async throws -> ExitStatus {
        let audits = try workplace.settings(named: flow).map { settings in (settings, try span(of: settings, workplace)) }
        let stop = StopSignals()
        let surroundings = workplace.surroundings(stop: stop.request)
        let printer = AuditPrinter(isJSON: output.json, isDryRun: !mend)
        var status = ExitStatus.done
        for (settings, span) in audits where !stop.request.isRequested {
            do {
                let flow = try await workplace.flow(settings)
                let report = await ShopAudit(flow, surroundings: surroundings).run(span) { printer.tell($0) }
                printer.tell(report, flow: flow.name)
                status = max(status, report.status(isDryRun: !mend))
            } catch let failure as CommandFailure {
                Output.error("crossdock: \(settings.name): \(failure.message)")
                status = max(status, failure.status)
            }
        }
        return status
    }

    /// Found out before anything is contacted.
    private func span(of settings: FlowSettings, _ workplace: Workplace) throws -> ShopAudit.Span {
        guard let clock = workplace.configuration.shop(settings.shop).flatMap({ ShopClock(zone: $0.zone) }),
            let since = clock.instant(settings.since)
        else {
            throw CommandFailure(.badConfiguration, "the 'since' of flow '\(settings.name)' can't be read")
        }
        let asked = try instant(from, "--from", clock, dayEnds: false)
        let until = try instant(to, "--to", clock, dayEnds: true)
        if let until, until < max(since, asked ?? since) {
            let limit = asked.map { $0 < since } ?? true ? "the 'since' of flow '\(settings.name)'" : "--from"
            throw CommandFailure(.usage, "--to is before \(limit), so there is nothing to compare")
        }
        if let asked, asked < since {
            Output.error(
                "crossdock: \(settings.name): orders confirmed before its 'since', \(settings.since), are left alone, by an audit too"
            )
        }
        return ShopAudit.Span(from: max(since, asked ?? since), until: until)
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
        let count = findingCount - harmless
        let needsPerson = !withoutID.isEmpty || (isDryRun ? count > 0 : needingPerson > 0)
        return max(
            stop.map { ExitStatus($0) } ?? (isComplete ? .done : .tryLater), needsPerson ? .needsPerson : .done)
    }
}
