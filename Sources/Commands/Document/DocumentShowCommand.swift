import ArgumentParser
import CloudSuite
import Engine
import Foundation
import Ledger
import OrderFlow
import Orders
import Settings

/// Which document a command is about.
struct DocumentArgument: ParsableArguments {
    @Argument(help: "The document's number, as 'crossdock documents' shows it.")
    var number: Int64

    func row(_ workplace: Workplace) async throws -> DocumentRow {
        guard let row = try await workplace.ledger.document(id: number) else {
            throw CommandFailure(.usage, "the ledger has no document \(number); 'crossdock documents --all' lists those it has")
        }
        return row
    }
}

/// `crossdock document show`
struct DocumentShowCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows one document: where it stands, and what it says.",
        discussion: """
            The secret in a cXML document is kept back. With --bytes come the very bytes that are sent, secret included. A document \
            that hands codes over stays sealed; see 'crossdock codes'.

            EXAMPLES
              crossdock document show 17
              crossdock document show 17 --bytes > desadv.xml
            """)

    @OptionGroup var options: CommonOptions
    @OptionGroup var argument: DocumentArgument

    @Flag(name: .long, help: "The document as it is sent, and nothing else.")
    var bytes = false

    func perform() async throws -> ExitStatus {
        try await Workplace.use(options, .read) { workplace in try await perform(in: workplace) }
    }

    private func perform(in workplace: Workplace) async throws -> ExitStatus {
        let row = try await argument.row(workplace)
        let stored = try await workplace.ledger.payload(row.order, digest: row.record.digest)
        if !bytes {
            let shopTime = workplace.time(ofFlow: row.flow)
            let time = { (instant: Timestamp) in shopTime?.text(instant) ?? "\(instant.milliseconds) ms" }
            let reference = try await workplace.ledger.row(row.order)?.state.reference
            let progress = OrderProgress(try await workplace.ledger.journal(row.order)).document(row.record.ordinal)
            Output.line(
                """
                document \(row.id): \(row.record.kind.rawValue) \(row.record.title), about \(row.record.cause.words)
                  order     \(reference ?? "-"), id \(row.order.orderID), flow \(row.flow)
                  made      \(time(row.renderedAt)), sha256 \(row.record.digest)
                  stands    \(row.status.state.rawValue) since \(time(row.status.since)), \(Self.tries(row.status.tries))
                """)
            if let message = progress?.message { Output.line("  because   \(message)") }
            Output.line("")
        }
        guard let stored else {
            throw CommandFailure(
                .usage, "its bytes were erased ('crossdock ledger prune'); sha256 and number prove what was sent")
        }
        if row.record.kind.isSealed {
            Output.line("It holds codes, and is kept sealed. 'crossdock codes' shows them, and writes down who looked.")
        } else if bytes {
            Output.bytes(stored)
        } else {
            let text = DocumentText(stored).text
            Output.line(text.hasSuffix("\n") ? String(text.dropLast()) : text)
        }
        return .done
    }

    private static func tries(_ count: Int) -> String {
        switch count {
        case 0: "not sent yet"
        case 1: "sent once"
        default: "sent \(count) times"
        }
    }
}

/// `crossdock document resend`
struct DocumentResendCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "resend",
        abstract: "Sends the stored bytes of a document once more, after it was refused or its outcome is unknown.",
        discussion: """
            The bytes are those that were made the first time, whatever the order looks like by now. Where it is unknown whether the \
            document arrived, ask its receiver first; 'crossdock release ORDER' says that it did.

            EXAMPLE
              crossdock document resend 17 --reason "the partner says that it never arrived"
            """)

    @OptionGroup var options: CommonOptions
    @OptionGroup var argument: DocumentArgument
    @OptionGroup var why: ReasonOption
    @OptionGroup var output: JSONOption

    func perform() async throws -> ExitStatus {
        try await Workplace.use(options, .write) { workplace in
            let row = try await argument.row(workplace)
            guard let settings = workplace.configuration.flows.first(where: { $0.name == row.flow }) else {
                throw CommandFailure(.usage, "document \(row.id) is of flow '\(row.flow)', which the configuration doesn't have")
            }
            let decision = PersonDecision(kind: .resend(ordinal: row.record.ordinal), by: Person.name, reason: why.reason)
            let desk = OrderDesk(try await workplace.flow(settings), surroundings: workplace.surroundings())
            let outcome: OrderOutcome
            do throws(OrderDesk.Refusal) { outcome = try await desk.rerun(row.order, [decision]) } catch {
                throw CommandFailure(ExitStatus(error), "document \(row.id): \(error.description)")
            }
            RunPrinter(output.json ? .json : .lines, isDryRun: true).settled(outcome)
            return ExitStatus(outcome)
        }
    }
}
