import ArgumentParser
import Engine
import Ledger
import OrderFlow

/// `crossdock hold`
struct HoldCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Leaves an order alone until it is released.",
        discussion: "EXAMPLE\n  crossdock hold CS48193 --reason \"the customer rang, wait for a call back\"")

    @OptionGroup var options: CommonOptions
    @OptionGroup var argument: OrderArgument
    @OptionGroup var why: ReasonOption

    func perform() async throws -> ExitStatus { try await Decision.carryOut(.hold, options, argument, why.reason) }
}

/// `crossdock release`
struct ReleaseCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Lets an order go on past what it was stopped for.",
        discussion: """
            Works for holds by a person and for reasons that a person may overrule; the others say what helps.

            EXAMPLE
              crossdock release CS48193 --reason "the missing line was agreed with the customer"
            """)

    @OptionGroup var options: CommonOptions
    @OptionGroup var argument: OrderArgument
    @OptionGroup var why: ReasonOption

    func perform() async throws -> ExitStatus { try await Decision.carryOut(.release, options, argument, why.reason) }
}

/// `crossdock skip`
struct SkipCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "skip", abstract: "Takes an order out: nothing more is done for it.",
        discussion: "EXAMPLE\n  crossdock skip CS48193 --reason \"typed into the ERP by hand\"")

    @OptionGroup var options: CommonOptions
    @OptionGroup var argument: OrderArgument
    @OptionGroup var why: ReasonOption

    func perform() async throws -> ExitStatus { try await Decision.carryOut(.skip, options, argument, why.reason) }
}

/// What the decision commands share.
enum Decision {
    static func carryOut(
        _ kind: PersonDecision.Kind, _ options: CommonOptions, _ argument: OrderArgument, _ reason: String
    ) async throws -> ExitStatus {
        try await carryOut(options, argument, reason) { _, _, _ in kind }
    }

    /// - Parameter decide: what is decided, for what depends on the order itself.
    static func carryOut(
        _ options: CommonOptions, _ argument: OrderArgument, _ reason: String,
        _ decide: (Workplace, OrderRow, Flow) async throws -> PersonDecision.Kind
    ) async throws -> ExitStatus {
        try await Workplace.use(options, .write) { workplace in try await carryOut(workplace, argument, reason, decide) }
    }

    private static func carryOut(
        _ workplace: Workplace, _ argument: OrderArgument, _ reason: String,
        _ decide: (Workplace, OrderRow, Flow) async throws -> PersonDecision.Kind
    ) async throws -> ExitStatus {
        let (row, flow) = try await argument.row(workplace, asksShop: true)
        let decision = PersonDecision(kind: try await decide(workplace, row, flow), by: Person.name, reason: reason)
        do throws(OrderDesk.Refusal) {
            let outcome = try await OrderDesk(flow, surroundings: workplace.surroundings()).decide(decision, on: row.key)
            Output.line("\(outcome.title): \(outcome.verdict.standing.rawValue). \(outcome.verdict.sentence)")
        } catch {
            throw CommandFailure(ExitStatus(error), "\(argument.order): \(error.description)")
        }
        return .done
    }
}
