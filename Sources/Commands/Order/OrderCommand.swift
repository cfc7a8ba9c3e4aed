import ArgumentParser
import Engine
import Ledger
import OrderFlow
import Orders

/// `crossdock order`: one screen that explains an order.
struct OrderCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "order",
        abstract: "One order's whole story: why it stands where it stands, what is next and when.",
        discussion: """
            Reads the ledger only; nothing is contacted.

            EXAMPLES
              crossdock order CS48193
              crossdock order 12345 --json
            """)

    @OptionGroup var options: CommonOptions
    @OptionGroup var argument: OrderArgument
    @OptionGroup var output: JSONOption

    func perform() async throws -> ExitStatus {
        try await Workplace.use(options, .read) { workplace in try await perform(in: workplace) }
    }

    private func perform(in workplace: Workplace) async throws -> ExitStatus {
        let (row, flow) = try await argument.row(workplace, asksShop: false)
        let story = OrderStory(
            row: row, flow: flow, entries: try await workplace.ledger.journal(row.key),
            documents: try await workplace.ledger.documents(DocumentFilter(order: row.key), after: 0, limit: 1000),
            messages: try await workplace.ledger.messages(MessageFilter(order: row.key), after: 0, limit: 1000),
            now: workplace.surroundings().now)
        if output.json { Output.json(story.json) } else { Output.line(story.text) }
        return .done
    }
}
