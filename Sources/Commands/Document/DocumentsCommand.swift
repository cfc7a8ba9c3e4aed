import ArgumentParser
import CloudSuite
import Engine
import Ledger
import OrderFlow
import Orders

extension DocumentProgress.State: ExpressibleByArgument {}

/// `crossdock documents`
struct DocumentsCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "documents", abstract: "Lists the documents that were made, and whether they arrived.",
        discussion: """
            States: rendered (not sent yet), sending, sent (taken, by a receiver that gives no verdict), acknowledged, refused, unknown \
            (whether it arrived can't be known from here).

            EXAMPLES
              crossdock documents                    all that are not with their receiver
              crossdock documents CS48193            one order's, all of them
              crossdock documents --state unknown    what somebody must ask the receiver about
            """)

    @OptionGroup var options: CommonOptions
    @OptionGroup var output: JSONOption

    @Argument(help: "The order's reference, such as CS48193, or the shop's numeric id.")
    var order: String?

    @Option(name: .long, help: "The webshop's id, where a reference is in several.")
    var webshop: Int64?

    @Option(name: .long, help: "Only this flow.")
    var flow: String?

    @Option(name: .long, help: "Only documents in this state; may be repeated.")
    var state: [DocumentProgress.State] = []

    @Flag(name: .long, help: "Also those that are with their receiver.")
    var all = false

    @OptionGroup var limit: ListLimit

    func perform() async throws -> ExitStatus {
        try await Workplace.use(options, .read) { workplace in try await perform(in: workplace) }
    }

    private func perform(in workplace: Workplace) async throws -> ExitStatus {
        _ = try workplace.settings(named: flow)
        var table = Table("NUMBER", "ORDER", "KIND", "RECEIVER KNOWS IT AS", "STATE", "TRIES", "SINCE")
        let filter = try await filter(workplace)
        try await limit.walk(\.id) {
            try await workplace.ledger.documents(filter, after: $0, limit: $1)
        } tell: { row in
            if output.json { Output.json(row.json) } else { try await add(row, to: &table, workplace) }
        }
        if !output.json { Output.line(table.isEmpty ? nothing : table.text(aligned: Output.isTerminal)) }
        return .done
    }

    private var nothing: String {
        state.isEmpty && !all && order == nil
            ? "no documents that aren't with their receiver; --all lists every one" : "no such documents"
    }

    /// Of the one order that is meant, or of all.
    ///
    /// - Throws: ``CommandFailure`` 2 where there is none of that name, or more than one, with all of them listed.
    private func filter(_ workplace: Workplace) async throws -> DocumentFilter {
        let open: [DocumentProgress.State] = [.rendered, .sending, .refused, .unknown]
        let states = state.isEmpty ? (all || order != nil ? [] : open) : state
        guard let order else { return DocumentFilter(flow: flow, states: states) }
        let named = try await workplace.ledger.rows(named: order).filter { flow == nil || $0.flow == flow }
        let rows = try OrderArgument.rows(of: order, named, inWebshop: webshop)
        guard let only = rows.first else { throw CommandFailure(.usage, "the ledger has no order '\(order)'") }
        guard rows.count == 1 else { throw CommandFailure(.usage, OrderArgument.severalFound(order, rows)) }
        return DocumentFilter(order: only.key, flow: flow, states: states)
    }

    private func add(_ row: DocumentRow, to table: inout Table, _ workplace: Workplace) async throws {
        let time = workplace.time(ofFlow: row.flow)
        let reference = try await workplace.ledger.row(row.order)?.state.reference
        table.add(
            String(row.id), reference ?? String(row.order.orderID), row.record.kind.rawValue, row.record.title,
            row.status.state.rawValue, String(row.status.tries), time?.text(row.status.since) ?? "-")
    }
}

extension DocumentRecord {
    /// Its number, with the message's behind it where that is another.
    var title: String { number + (messageNumber.map { " (\($0))" } ?? "") }
}

extension DocumentRow {
    var json: JSONValue {
        [
            "number": .integer(id), "shop": .text(order.shop), "order_id": .integer(order.orderID), "flow": .text(flow),
            "kind": .text(record.kind.rawValue), "document_number": .text(record.number),
            "message_number": .text(record.messageNumber), "sha256": .text(record.digest),
            "state": .text(status.state.rawValue), "since_ms": .integer(status.since.milliseconds),
            "tries": .integer(status.tries), "rendered_at_ms": .integer(renderedAt.milliseconds),
        ]
    }
}
