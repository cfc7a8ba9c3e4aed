import ArgumentParser
import Engine
import Ledger
import OrderFlow

/// `crossdock hold`
struct HoldCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Leaves an order alone until it is released.",
        discussion: "EXAMPLE\n  crossdock hold CS48193 --reason \"the customer rang, wait for a call back\"")

    @OptionGroup var decision: DecisionOptions

    func perform() async throws -> ExitStatus { try await decision.carryOut { _, _, _ in .hold } }
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

    @OptionGroup var decision: DecisionOptions

    func perform() async throws -> ExitStatus { try await decision.carryOut { _, _, _ in .release } }
}

/// `crossdock skip`
struct SkipCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "skip", abstract: "Takes an order out: nothing more is done for it.",
        discussion: "EXAMPLE\n  crossdock skip CS48193 --reason \"typed into the ERP by hand\"")

    @OptionGroup var decision: DecisionOptions

    func perform() async throws -> ExitStatus { try await decision.carryOut { _, _, _ in .skip } }
}

/// What the decision commands share.
struct DecisionOptions: ParsableArguments {
    @OptionGroup var options: CommonOptions
    @OptionGroup var argument: OrderArgument
    @OptionGroup var why: ReasonOption
    @OptionGroup var output: JSONOption

    /// - Parameter decide: what is decided, for what depends on the order itself.
    func carryOut(_ decide: (Workplace, OrderRow, Flow) async throws -> PersonDecision.Kind) async throws -> ExitStatus {
        try await Workplace.use(options, .write) { workplace in try await carryOut(in: workplace, decide) }
    }

    private func carryOut(
        in workplace: Workplace, _ decide: (Workplace, OrderRow, Flow) async throws -> PersonDecision.Kind
    ) async throws -> ExitStatus {
        let (row, flow) = try await argument.row(workplace, asksShop: true)
        let decision = PersonDecision(kind: try await decide(workplace, row, flow), by: Person.name, reason: why.reason)
        let outcome: OrderOutcome
        do throws(OrderDesk.Refusal) {
            outcome = try await OrderDesk(flow, surroundings: workplace.surroundings()).decide(decision, on: row.key)
        } catch { throw CommandFailure(ExitStatus(error), "\(argument.order): \(error.description)") }
        if output.json {
            Output.json(outcome.json)
        } else {
            Output.line("\(outcome.title): \(outcome.verdict.standing.rawValue). \(outcome.verdict.sentence)")
            if outcome.verdict.standing == .waiting {
                Output.line("The next run goes on with it; 'crossdock rerun \(argument.order)' does so now.")
            }
        }
        return .done
    }
}
