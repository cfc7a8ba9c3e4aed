import ArgumentParser
import CloudSuite
import Engine
import Ledger
import OrderFlow
import Orders

extension Verdict.Standing: ExpressibleByArgument {}

/// `crossdock orders`
struct OrdersCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "orders", abstract: "Lists orders and where they stand.",
        discussion: """
            EXAMPLES
              crossdock orders                          all that are not finished
              crossdock orders --state quarantined      what needs a person
              crossdock orders --all --json             every order, a line of JSON each
            """)

    @OptionGroup var options: CommonOptions
    @OptionGroup var output: JSONOption

    @Option(name: .long, help: "Only this flow.")
    var flow: String?

    @Option(
        name: .long, help: "Only orders that stand so: new, waiting, held, quarantined, dismissed or finished; may be repeated.")
    var state: [Verdict.Standing] = []

    @Flag(name: .long, help: "Also those that are finished or dismissed.")
    var all = false

    @OptionGroup var limit: ListLimit

    func perform() async throws -> ExitStatus {
        try await Workplace.use(options, .read) { workplace in try await perform(in: workplace) }
    }

    private func perform(in workplace: Workplace) async throws -> ExitStatus {
        _ = try workplace.settings(named: flow)
        let open: [Verdict.Standing] = [.new, .waiting, .held, .quarantined]
        let filter = OrderFilter(flow: flow, standings: state.isEmpty ? (all ? [] : open) : state)
        var table = Table("REFERENCE", "ID", "FLOW", "STANDS", "REASON", "ERP", "NEXT LOOK", "WHY")
        try await limit.walk(\.position) {
            try await workplace.ledger.rows(filter, after: $0, limit: $1)
        } tell: { row in
            if output.json { Output.json(row.json) } else { add(row, to: &table, workplace) }
        }
        if !output.json { Output.line(table.isEmpty ? "no such orders" : table.text(aligned: Output.isTerminal)) }
        return .done
    }

    private func add(_ row: OrderRow, to table: inout Table, _ workplace: Workplace) {
        let time = workplace.time(ofFlow: row.flow)
        table.add(
            row.state.reference ?? "-", String(row.key.orderID), row.flow, row.state.standing.rawValue, row.state.reason.rawValue,
            row.state.erpOrderNumber ?? "-", row.state.dueAt.flatMap { time?.text($0) } ?? "-", row.state.sentence)
    }
}

extension OrderRow {
    fileprivate var json: JSONValue {
        [
            "reference": .text(state.reference), "order_id": .integer(key.orderID), "shop": .text(key.shop), "flow": .text(flow),
            "webshop": state.webshop.map { .integer($0) } ?? .null, "standing": .text(state.standing.rawValue),
            "reason": .text(state.reason.rawValue), "sentence": .text(state.sentence),
            "erp_order_number": .text(state.erpOrderNumber),
            "next_look_at_ms": state.dueAt.map { .integer($0.milliseconds) } ?? .null,
            "first_listed_at_ms": .integer(firstListedAt.milliseconds), "updated_at_ms": .integer(updatedAt.milliseconds),
        ]
    }
}
