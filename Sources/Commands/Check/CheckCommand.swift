import ArgumentParser
import CloudSuite
import Engine
import OrderFlow
import Orders
import Settings
import SinkKit

/// `crossdock check`
struct CheckCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Contacts every remote without writing anything, and says what was found.",
        discussion: """
            Credentials, clocks, page sizes, and for each behaviour of the shop that its documentation leaves open and reading can \
            settle: confirmed, contradicted or can't tell.

            EXAMPLE
              crossdock check --json
            """)

    @OptionGroup var options: CommonOptions
    @OptionGroup var output: JSONOption

    func perform() async throws -> ExitStatus {
        try await Workplace.use(options, .dryRun) { workplace in try await perform(in: workplace) }
    }

    private func perform(in workplace: Workplace) async throws -> ExitStatus {
        var findings: [Finding] = []
        for flow in try await workplace.flows(named: nil) {
            findings += await ShopCheck(flow, timekeeper: workplace.timekeeper).run()
            findings.append(await sink(flow))
            guard let settings = workplace.configuration.flows.first(where: { $0.name == flow.name }) else { continue }
            findings += DocumentRouteCheck(configuration: workplace.configuration, flow: settings).findings()
        }
        if output.json {
            Output.json(.array(findings.map(\.json)))
        } else {
            for finding in findings { Output.line(finding.text) }
        }
        return findings.compactMap(\.status).max() ?? .done
    }

    private func sink(_ flow: Flow) async -> Finding {
        let subject = "sink \(flow.sinkName)"
        do throws(SinkError) {
            let lines = try await flow.sink.check(SinkContext(timeLimit: flow.sinkTimeLimit))
            return Finding(subject, .good, "class \(flow.policy.sinkClass.letter); " + lines.joined(separator: "; "))
        } catch {
            let status: ExitStatus =
                switch error.code {
                case .unauthorized: .refusedCredentials
                case .misconfigured: .badConfiguration
                default: .unavailable
                }
            return Finding(subject, .bad, error.message, status: status)
        }
    }
}

/// One thing a check found out.
struct Finding {
    enum Verdict: String { case good, bad, confirmed, contradicted, cannotTell = "can't tell" }

    let subject: String
    let verdict: Verdict
    let text: String
    /// What the process ends with because of it.
    var status: ExitStatus?

    init(_ subject: String, _ verdict: Verdict, _ message: String, status: ExitStatus? = nil) {
        self.subject = subject
        self.verdict = verdict
        self.status = status
        let styled: String =
            switch verdict {
            case .good, .confirmed: Style.good(verdict.rawValue)
            case .bad, .contradicted: Style.bad(verdict.rawValue)
            case .cannotTell: Style.dim(verdict.rawValue)
            }
        text = styled.padded(to: 14, visible: verdict.rawValue.count) + "\(subject): \(message)"
        self.message = message
    }

    private let message: String

    var json: JSONValue {
        ["subject": .text(subject), "verdict": .text(verdict.rawValue), "message": .text(message)]
    }
}
