import ArgumentParser
import Glibc

/// The root of the command line.
struct CrossdockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crossdock",
        abstract: "Moves confirmed webshop orders into an ERP, once each, and tells the webshop what became of them.",
        discussion: """
            EXAMPLES
              crossdock sync                          one pass over everything due; what cron calls
              crossdock serve                         the same on a schedule, in one process that stays
              crossdock order CS48193                 why it stands where it stands, and what is next
              crossdock rerun CS48193                 read it again from the shop and carry on, safely
              crossdock orders --state quarantined    what needs a person

            EXIT STATUS
              0 all done or nothing to do    1 some orders newly need a person    2 usage
              69 a remote is down            75 another run is active, or try later
              77 credentials were refused    78 the configuration can't work
            """,
        version: Version.current,
        subcommands: [
            SyncCommand.self, ServeCommand.self, OrderCommand.self, RerunCommand.self, OrdersCommand.self, HoldCommand.self,
            ReleaseCommand.self,
            AdoptCommand.self, SkipCommand.self, AuditCommand.self, StatusCommand.self, CheckCommand.self, ConfigCommand.self,
            LedgerCommand.self,
            MapCommand.self, CodesCommand.self, PurchaseOrdersCommand.self, DocumentsCommand.self, DocumentCommand.self,
            SinkCommand.self, SimulateCommand.self,
            DemoCommand.self,
        ])
}

/// A command that ends with one of our exit statuses.
protocol CrossdockSubcommand: AsyncParsableCommand {
    /// - Throws: ``CommandFailure``, or what the argument parser throws.
    func perform() async throws -> ExitStatus
}

extension CrossdockSubcommand {
    mutating func run() async throws {
        throw ExitCode(try await perform().rawValue)
    }
}

/// Runs the command line.
package enum CrossdockMain {
    /// - Parameter arguments: without the program's name.
    /// - Returns: the process's exit status.
    package static func run(_ arguments: [String]) async -> Int32 {
        // A reader that goes away must not kill a run half-way.
        signal(SIGPIPE, SIG_IGN)
        let status = await statusOfRunning(arguments)
        guard let fault = Output.fault else { return status }
        Output.error("crossdock: standard output couldn't be written, so what was to be read there is missing: \(fault)")
        return status == ExitStatus.done.rawValue ? ExitStatus.tryLater.rawValue : status
    }

    private static func statusOfRunning(_ arguments: [String]) async -> Int32 {
        do {
            var command = try CrossdockCommand.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return ExitStatus.done.rawValue
        } catch let failure as CommandFailure {
            Output.error("crossdock: \(failure.message)")
            return failure.status.rawValue
        } catch let code as ExitCode {
            return code.rawValue
        } catch {
            let message = CrossdockCommand.fullMessage(for: error)
            if CrossdockCommand.exitCode(for: error) == .success {
                Output.line(message)
                return ExitStatus.done.rawValue
            }
            Output.error(message)
            return ExitStatus.usage.rawValue
        }
    }
}
