import ArgumentParser
import Engine
import Foundation
import Ledger
import OrderFlow
import Orders
import Settings

/// `crossdock sync`: what cron calls.
struct SyncCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "One pass over everything that is due.",
        discussion: """
            Lists the shop's confirmed orders, pushes those that may go, writes the ERP's numbers back and closes them. Every order \
            keeps a reason for where it stands. Running it again is always safe; two runs of one flow never overlap.

            EXAMPLES
              crossdock sync --config /etc/crossdock/crossdock.yml
              crossdock sync --flow main --dry-run      show what would be sent, write nothing anywhere
              crossdock sync --json                     a line of JSON for each order, and one with the sums
            """)

    @OptionGroup var options: CommonOptions
    @OptionGroup var output: JSONOption

    @Option(name: .long, help: "Only this flow.")
    var flow: String?

    @Flag(name: .long, help: "Read and decide, print what would be sent, and write nothing anywhere.")
    var dryRun = false

    func perform() async throws -> ExitStatus {
        try await Workplace.use(options, dryRun ? .dryRun : .write) { workplace in try await perform(in: workplace) }
    }

    private func perform(in workplace: Workplace) async throws -> ExitStatus {
        var (flows, failed): ([Flow], [FlowRun.Report]) = ([], [])
        for settings in try workplace.settings(named: flow) {
            do { flows.append(try await workplace.flow(settings)) } catch let failure as CommandFailure {
                // A sink that can't be started is its own flow's trouble.
                failed.append(FlowRun.Report(flow: settings.name, stop: failure.flowStop))
            }
        }
        ProgramPages.giveBack()
        let stop = StopSignals()
        let surroundings = workplace.surroundings(
            observer: RunPrinter(output.json ? .json : .lines, isDryRun: dryRun), stop: stop.request)
        let runID = UUID().uuidString.lowercased()
        let executor = workplace.remotes.executor
        let reports = await withTaskGroup(of: (Int, FlowRun.Report).self) { group in
            for (index, flow) in flows.enumerated() {
                group.addTask(executorPreference: executor) {
                    (index, await FlowRun(flow, surroundings: surroundings).run(id: runID))
                }
            }
            var reports: [(Int, FlowRun.Report)] = []
            for await report in group { reports.append(report) }
            return reports.sorted { $0.0 < $1.0 }.map(\.1) + failed
        }
        // Counting looks at every order there is, which a run that found nothing to do shouldn't; 'status' tells it to the rest.
        let isWatched = Output.isTerminal && !output.json && !dryRun
        let summary = RunSummary(
            reports: reports, counts: isWatched ? try await workplace.ledger.counts() : [], isDryRun: dryRun,
            wasStopped: stop.request.isRequested, requests: workplace.remotes.requestsSent)
        summary.print(json: output.json)
        return summary.status
    }
}
