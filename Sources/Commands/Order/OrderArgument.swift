import ArgumentParser
import Engine
import Ledger
import OrderFlow
import Orders
import Settings

/// Which order a command is about.
struct OrderArgument: ParsableArguments {
    @Argument(help: "The order's reference, such as CS48193, or the shop's numeric id.")
    var order: String

    @Option(name: .long, help: "The webshop's id, where several have an order of that reference.")
    var webshop: Int64?

    @Option(name: .long, help: "Only this flow.")
    var flow: String?

    /// The one row that is meant, and its flow.
    ///
    /// - Parameter asksShop: whether an order the ledger doesn't know is looked for in the shop; else nothing is contacted, and a sink that is
    ///   a program isn't started.
    /// - Throws: ``CommandFailure`` 2 where there is none, or more than one, with all of them listed.
    func row(_ workplace: Workplace, asksShop: Bool) async throws -> (row: OrderRow, flow: Flow) {
        let settings = try workplace.settings(named: flow)
        let named = try await workplace.ledger.rows(named: order).filter { row in settings.contains { $0.name == row.flow } }
        let rows = try Self.rows(of: order, named, inWebshop: webshop)
        if let only = rows.first, rows.count == 1, let settings = settings.first(where: { $0.name == only.flow }) {
            return (only, try await asksShop ? workplace.flow(settings) : workplace.flowWithoutProgram(settings))
        }
        var found: [(row: OrderRow, flow: Flow)] = []
        var elsewhere: String?
        if rows.isEmpty, asksShop {
            for flow in try await workplace.flows(named: flow) {
                let desk = OrderDesk(flow, surroundings: workplace.surroundings())
                do throws(OrderDesk.Refusal) {
                    let rows = try await desk.rows(named: order, webshop: webshop)
                    found += rows.map { ($0, flow) }
                    if rows.isEmpty, webshop == nil, let other = try await desk.elsewhere(named: order) {
                        elsewhere =
                            "shop '\(flow.shopName)' has '\(order)' as order \(other.id) of webshop \(other.webshop), "
                            + "and no flow of this configuration takes that webshop's orders"
                    }
                } catch { throw CommandFailure(ExitStatus(error), error.description) }
            }
        }
        if let only = found.first, found.count == 1 { return only }
        let several = rows + found.map(\.row)
        throw CommandFailure(.usage, several.isEmpty ? elsewhere ?? nothingFound(asksShop) : Self.severalFound(order, several))
    }

    /// Those that may be of the webshop.
    ///
    /// - Throws: ``CommandFailure`` 2 where all are of others, with all of them listed.
    static func rows(of order: String, _ named: [OrderRow], inWebshop webshop: Int64?) throws -> [OrderRow] {
        let rows = named.filter { $0.mayBe(inWebshop: webshop) }
        if rows.isEmpty, !named.isEmpty, let webshop {
            throw CommandFailure(.usage, "webshop \(webshop) has no '\(order)'; " + severalFound(order, named))
        }
        return rows
    }

    private func nothingFound(_ asksShop: Bool) -> String {
        asksShop
            ? "neither the ledger nor the shop has an order '\(order)' for this configuration"
            : "the ledger has no order '\(order)': the shop hasn't listed it as confirmed since the flow's 'since', or no run has taken "
                + "place since; 'crossdock rerun \(order) --dry-run' asks the shop for it and changes nothing, 'crossdock rerun \(order)' takes it in"
    }

    static func severalFound(_ order: String, _ rows: [OrderRow]) -> String {
        let list = rows.map { row in
            "  id \(row.key.orderID), webshop \(row.state.webshop.map(String.init) ?? "?"), flow \(row.flow): \(row.state.standing.rawValue), "
                + row.state.sentence
        }
        return "'\(order)' names \(rows.count.counted("order")); say which with --webshop or the id:\n"
            + list.joined(separator: "\n")
    }
}

/// Why a person decides something, and who.
struct ReasonOption: ParsableArguments {
    @Option(name: .shortAndLong, help: "Why; kept in the order's journal.")
    var reason: String

    func validate() throws { try Self.check(reason) }

    /// - Throws: where it says nothing.
    static func check(_ reason: String?) throws {
        guard let reason, !reason.contains(where: { !$0.isWhitespace }) else { return }
        throw ValidationError("--reason is empty; say why, for whoever reads the order's story.")
    }
}
