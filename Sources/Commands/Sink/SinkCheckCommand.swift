import ArgumentParser
import Foundation
import Orders
import Settings
import SinkKit
import SinkTesting

/// `crossdock sink check`
struct SinkCheckCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Runs the conformance kit against a sink: does it keep what it declares?",
        discussion: """
            Nothing real is written to, unless --live says so: the kit makes orders in the sandbox that the sink's settings name, in a \
            temporary file for a 'sqlite' sink, in temporary folders for a 'file' sink, and in a bundled simulated ERP for a 'rest' sink that speaks its API. Its orders have \
            references that begin with CDCHECK-.

            A rule is held, fell, not applicable (the sink doesn't declare what it is about), not run (and why), or waived (and why).
            Ends with 0 where no rule fell, and with 1 where one did; 69, 77 or 78 where the sink can't be opened.

            EXAMPLES
              crossdock sink check erp
              crossdock sink check erp --rule create.cut-off --rule create.killed
              crossdock sink check erp --waive "decimal.long=our ERP holds four decimals and rounds" --junit sink.xml
              crossdock sink check erp --live --product 124 --unknown-product none
              crossdock sink check --plugin ./my-sink
              crossdock sink check --plugin ./my-sink --settings test.json --environment ERP_TOKEN --product 124
              crossdock sink check --list
            """)

    @Argument(help: "The sink's name in the configuration.")
    var name: String?

    @Option(help: "A program that is a plugin, in place of a sink's name.", completion: .file())
    var plugin: String?

    @Option(
        help: "The plugin's settings, a JSON file; without it, those of the sandbox that the plugin names.", completion: .file())
    var settings: String?

    @Option(help: "A variable of this environment that the plugin gets too, beside PATH; may be given several times.")
    var environment: [String] = []

    @Option(name: .customLong("rule"), help: "Only this rule; may be given several times.")
    var rules: [String] = []

    @Flag(help: "Print the rules, and check nothing.")
    var list = false

    @Option(help: "Also write the report as JUnit XML to this file.", completion: .file())
    var junit: String?

    @Option(help: ArgumentHelp("A rule that needn't hold, and why; may be given several times.", valueName: "rule=reason"))
    var waive: [String] = []

    @Option(help: "A file with such waivers, one a line; lines that begin with # are comments.", completion: .file())
    var waivers: String?

    @Flag(help: "Write to the sink itself, where orders are made that somebody must take out again.")
    var live = false

    @Option(name: .customLong("product"), help: "A product code that the ERP knows; may be given several times.")
    var products: [String] = []

    @Option(help: "A product code that the ERP refuses.")
    var unknownProduct: String?

    @Option(help: "The longest that a rule waits, such as for late effects: 250ms, 30s, 5m.")
    var patience = "20s"

    @Flag(help: "End with 1 where a rule wasn't run, too.")
    var strict = false

    @OptionGroup var options: CommonOptions
    @OptionGroup var output: JSONOption

    func perform() async throws -> ExitStatus {
        if list { return printRules() }
        try refuseJUnitElsewhere()
        let waivers = try WaiverList(arguments: waive, file: waivers).waivers
        guard let longest = DurationText.parse(patience) else {
            throw CommandFailure(.usage, "--patience '\(patience)' is no duration; write 250ms, 30s or 5m")
        }
        let bench = try await bench()
        var target = bench.target
        target.limits.patience = longest
        do {
            let status = try await check(target, notes: bench.notes, waivers)
            await bench.end()
            return status
        } catch {
            await bench.end()
            throw error
        }
    }

    private func bench() async throws -> SinkBench {
        switch (name, plugin) {
        case (let name?, nil): return try await SinkBench.make(name, options: options, isLive: live, sample: self)
        case (nil, let plugin?):
            let parts = SinkParts(configuration: nil, options: options)
            let plugin = try PluginBench(path: plugin, settingsFile: settings, environment: environment)
            var bench = try await plugin.bench(parts)
            try bench.target.sample.take(nil, self)
            return bench
        default: throw CommandFailure(.usage, "name a sink of the configuration, or a --plugin, or --list the rules")
        }
    }

    private func check(_ target: SinkUnderTest, notes: [String], _ waivers: [SinkWaiver]) async throws -> ExitStatus {
        let check: SinkCheck
        do throws(SinkCheckFault) {
            check = try SinkCheck(target, rules: rules.isEmpty ? nil : rules, waivers: waivers)
        } catch { throw CommandFailure(.usage, error.description) }
        try await opens(target)
        for note in notes { Output.error("crossdock: \(note)") }
        let asJSON = output.json
        let report = await check.run { result in if !asJSON { Output.line(result.styledText) } }
        if asJSON { Output.json(.object(report.json)) } else { Output.line("\n" + report.summary) }
        if let junit {
            do { try report.junit.write(toFile: junit, atomically: true, encoding: .utf8) } catch {
                throw CommandFailure(.usage, "\(junit) can't be written: \(error.localizedDescription)")
            }
        }
        return !report.isGood || strict && !report.notRun.isEmpty ? .needsPerson : .done
    }

    /// Said before the rules are run rather than after.
    private func refuseJUnitElsewhere() throws {
        guard let junit else { return }
        let folder = URL(fileURLWithPath: junit).deletingLastPathComponent().path
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw CommandFailure(
                .usage, "--junit: \(junit) can't be written: the folder \(folder) isn't there, or isn't ours to write to")
        }
    }

    /// Opens the sink once before anything is judged, and has it look at its ERP: one that can't work at all isn't a matter of rules.
    private func opens(_ target: SinkUnderTest) async throws {
        do {
            let sink = try await target.open()
            do throws(SinkError) { _ = try await sink.check(SinkContext(timeLimit: target.limits.call)) } catch {
                await target.close(sink)
                throw error
            }
            await target.close(sink)
        } catch let error as SinkError {
            let status: ExitStatus =
                switch error.code {
                case .unauthorized: .refusedCredentials
                case .misconfigured: .badConfiguration
                default: .unavailable
                }
            throw CommandFailure(status, "sink '\(target.name)' can't be tried: \(error.message)")
        }
    }

    private func printRules() -> ExitStatus {
        if output.json {
            Output.json(.array(SinkRule.all.map { ["id": .text($0.id), "title": .text($0.title)] }))
            return .done
        }
        var table = Table("RULE", "WHAT MUST BE")
        for rule in SinkRule.all { table.add(rule.id, rule.title) }
        Output.line(table.text(aligned: Output.isTerminal))
        return .done
    }
}

extension SinkRuleResult {
    /// With the verdict in the colour of its urgency.
    fileprivate var styledText: String {
        let label = verdict.label
        let styled =
            switch verdict {
            case .held: Style.good(label)
            case .fell: Style.bad(label)
            case .notRun: Style.warning(label)
            case .notApplicable, .waived: Style.dim(label)
            }
        return styled + text.dropFirst(label.count)
    }
}
