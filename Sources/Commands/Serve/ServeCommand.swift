import ArgumentParser
import Engine
import OrderFlow
import Orders
import Settings

/// `crossdock serve`: everything that cron and `sync` do, in one process that stays, and what comes in by itself.
struct ServeCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs every flow on its schedule, takes webhooks, and tells its health.",
        discussion: """
            Each flow runs as 'crossdock sync' would run it, by its own 'schedule'. What a stopped service missed is made up by one run; a \
            tick that comes while the flow is running, here or in another process, is skipped and counted. Between ticks, orders \
            that the ERP is still working on are asked for when they are due.

            SIGTERM and SIGINT end it with 0: nothing new is begun, orders in flight are brought to a standstill, and what isn't done \
            goes on at the next start. The configuration is read at the start only. Where the ledger can't be written any more it ends with \
            75, to be started anew.

            EXAMPLES
              crossdock serve --config /etc/crossdock/crossdock.yml
              crossdock serve --port 0 --json        on a free port, which the first line names
              curl http://127.0.0.1:8470/health      200 while it can take and record things, else 503
            """)

    @OptionGroup var options: CommonOptions
    @OptionGroup var output: JSONOption

    @Option(name: .long, help: "Only this flow.")
    var flow: String?

    @Option(name: .long, help: "The port, in place of the configuration's; 0 takes a free one.")
    var port: Int?

    func validate() throws {
        if let port, !(0...65_535).contains(port) { throw ValidationError("--port is a number from 0 to 65535.") }
    }

    func perform() async throws -> ExitStatus {
        try await Workplace.use(options, .write) { workplace in try await perform(in: workplace) }
    }

    private func perform(in workplace: Workplace) async throws -> ExitStatus {
        // From the first moment: whoever starts a service may end it at once.
        let stop = StopSignals()
        let hangUp = HangUpSignal(configPath: options.configPath)
        defer { hangUp.end() }
        let flows = try await ServedFlow.assemble(try workplace.settings(named: flow), workplace)
        ProgramPages.giveBack()
        let service = Service(workplace: workplace, flows: flows, stop: stop.request, printsJSON: output.json)
        return try await withTaskExecutorPreference(workplace.remotes.executor) { try await service.run(port: port) }
    }
}

/// A flow of the service, with what became of putting it together at the start.
struct ServedFlow {
    let settings: FlowSettings
    let ready: Result<Flow, CommandFailure>

    /// A sink that can't be started is its own flow's trouble, and may be mended by the next tick. Where the configuration lets no
    /// flow at all work, there is nothing to serve.
    ///
    /// - Throws: ``CommandFailure`` 78 then.
    static func assemble(_ all: [FlowSettings], _ workplace: Workplace) async throws -> [ServedFlow] {
        var flows: [ServedFlow] = []
        for settings in all {
            do { flows.append(ServedFlow(settings: settings, ready: .success(try await workplace.flow(settings)))) } catch let
                failure as CommandFailure
            {
                flows.append(ServedFlow(settings: settings, ready: .failure(failure)))
            }
        }
        let faults = flows.compactMap { flow in
            if case .failure(let failure) = flow.ready, failure.status == .badConfiguration { failure.message } else { nil }
        }
        guard faults.count < flows.count else {
            throw CommandFailure(.badConfiguration, faults.joined(separator: "\n"))
        }
        return flows
    }

    /// Puts the flow together now where that failed before.
    func flow(in workplace: Workplace) async throws(FlowStop) -> Flow {
        if case .success(let flow) = ready { return flow }
        do { return try await workplace.flow(settings) } catch {
            throw (error as? CommandFailure)?.flowStop ?? .misconfigured("\(error)")
        }
    }
}
