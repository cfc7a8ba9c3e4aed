import ArgumentParser
import Engine
import Ledger
import OrderFlow
import Orders
import SinkKit

/// `crossdock rerun`: one order again, safely.
struct RerunCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "rerun",
        abstract: "Reads one order again from the shop and carries on, or does one step again, safely.",
        discussion: """
            Whatever Crossdock sent before, this never makes a second ERP order: what was not answered is settled as the sink's \
            class allows. It waits for this order only, never for a run that is under way.

            Steps for --from: gate, push (before the ERP has it); mark, number, lines, close (after; each writes only what the shop \
            doesn't show yet); confirm, despatch (the stored bytes of documents that were refused, or of which nobody knows whether they \
            arrived).

            EXAMPLES
              crossdock rerun CS48193
              crossdock rerun CS48193 --dry-run --validate
              crossdock rerun CS48193 --from push --reason "looked in the ERP, it isn't there"
              crossdock rerun CS48193 --new-key --reason "cancelled in the ERP by mistake"
            """)

    enum Step: String, ExpressibleByArgument, CaseIterable { case gate, push, mark, number, lines, confirm, despatch, close }

    @OptionGroup var options: CommonOptions
    @OptionGroup var argument: OrderArgument
    @OptionGroup var output: JSONOption

    @Option(name: .long, help: "Where to begin again.")
    var from: Step?

    @Flag(name: .long, help: "Make another ERP order under a new key, for one that was cancelled in the ERP.")
    var newKey = false

    @Flag(name: .long, help: "Read and decide, print what would be sent, and write nothing anywhere.")
    var dryRun = false

    @Flag(
        name: .customLong("validate"),
        help:
            "With --dry-run: ask the ERP what it would refuse, where the sink can; Khumbu's cart is a POST that the POS may see."
    )
    var asksERP = false

    @Option(
        name: .shortAndLong,
        help:
            "Why; needed with --new-key, --from confirm and --from despatch, for an order that somebody skipped, and with --from push where the ERP can't be asked."
    )
    var reason: String?

    func validate() throws {
        try ReasonOption.check(reason)
        if newKey, reason == nil { throw ValidationError("--new-key makes another ERP order: say why with --reason.") }
        if asksERP, !dryRun { throw ValidationError("--validate makes nothing; it goes with --dry-run.") }
        if newKey, from != nil { throw ValidationError("--new-key begins at the beginning; leave --from out.") }
    }

    func perform() async throws -> ExitStatus {
        try await Workplace.use(options, dryRun ? .dryRun : .write) { workplace in try await perform(in: workplace) }
    }

    private func perform(in workplace: Workplace) async throws -> ExitStatus {
        let (row, flow) = try await argument.row(workplace, asksShop: true)
        let progress = OrderProgress(try await workplace.ledger.journal(row.key))
        let decisions = try decisions(progress, flow)
        if asksERP, !flow.sink.capabilities.validates {
            throw CommandFailure(.usage, "sink '\(flow.sinkName)' can't say what the ERP would refuse; leave --validate out")
        }
        var surroundings = workplace.surroundings()
        surroundings.validates = asksERP
        let desk = OrderDesk(flow, surroundings: surroundings)
        let outcome: OrderOutcome
        do throws(OrderDesk.Refusal) { outcome = try await desk.rerun(row.key, decisions) } catch {
            throw CommandFailure(ExitStatus(error), "\(argument.order): \(error.description)")
        }
        RunPrinter(output.json ? .json : .lines, isDryRun: true).settled(outcome)
        return ExitStatus(outcome)
    }

    private func decisions(_ progress: OrderProgress, _ flow: Flow) throws -> [PersonDecision] {
        let by = Person.name
        if newKey { return [PersonDecision(kind: .newKey, by: by, reason: reason ?? "")] }
        if let skip = progress.skip, reason == nil, !dryRun {
            throw CommandFailure(
                .usage,
                "\(skip.by) took it out: \(skip.reason). Where the ERP has it under another key, nothing here can see that: 'adopt' it then, "
                    + "or say with --reason why it is to go on")
        }
        let rerun = PersonDecision(kind: .rerun, by: by, reason: reason ?? "run again by hand")
        switch (from, progress.receipt) {
        case (.gate?, let receipt?), (.push?, let receipt?):
            throw CommandFailure(
                .usage,
                "the ERP has it already, as \(receipt.erpOrderNumber); '--from mark' tells the shop again, '--new-key' makes another"
            )
        case (.mark?, nil), (.number?, nil), (.lines?, nil), (.confirm?, nil), (.despatch?, nil), (.close?, nil):
            throw CommandFailure(.usage, "the ERP doesn't have it yet, so there is nothing to tell the shop; leave --from out")
        case (.confirm?, _): return [rerun] + (try resends(progress, by) { $0.isConfirmation })
        case (.despatch?, _): return [rerun] + (try resends(progress, by) { if case .shipment = $0 { true } else { false } })
        case (.push?, nil) where !flow.policy.sinkClass.canFind || progress.verdict?.reason == .outcomeUnknown:
            guard let reason else {
                throw CommandFailure(
                    .usage,
                    "whether sink '\(flow.sinkName)' has it can't be found out from here: look there first, then say --reason"
                )
            }
            return [rerun, PersonDecision(kind: .createAgain, by: by, reason: reason)]
        default: return [rerun]
        }
    }

    /// One for every such document that is refused or unknown.
    private func resends(
        _ progress: OrderProgress, _ by: String, _ isMeant: (DocumentCause) -> Bool
    ) throws -> [PersonDecision] {
        let open = progress.documents.filter { isMeant($0.record.cause) && ($0.state == .refused || $0.state == .unknown) }
        guard !open.isEmpty else {
            throw CommandFailure(.usage, "it has no such document that was refused, or whose outcome isn't known")
        }
        guard let reason else {
            throw CommandFailure(
                .usage,
                "\(open.map(\.record.number).joined(separator: ", ")) may be with the receiver: ask there, then say --reason")
        }
        return open.map { PersonDecision(kind: .resend(ordinal: $0.record.ordinal), by: by, reason: reason) }
    }
}

extension DocumentCause {
    /// Tells the shop, a trading partner or the buyer what the ERP made of the order.
    fileprivate var isConfirmation: Bool {
        switch self {
        case .confirmation, .orderResponse, .codes: true
        case .shipment, .status: false
        }
    }
}
