import ArgumentParser
import CloudSuite
import Engine
import Ledger
import Mapping
import OrderFlow
import Orders
import Settings
import SinkKit

/// `crossdock map missing`
struct MapMissingCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "missing",
        abstract: "Prints the entries that orders stand still for, as CSV to fill in; writes nothing anywhere.",
        discussion: """
            Reads every order that stands still because it lacks something from the shop again. Once the entries are in the tables, the \
            next run takes the orders up by itself. Several tables are parted by an empty line.

            Ends with 1 where the shop doesn't give an order that can be read: each is named on standard error, and the others count.

            EXAMPLES
              crossdock map missing
              crossdock map missing --table products > more-products.csv
            """)

    @OptionGroup var options: CommonOptions

    @Option(name: .long, help: "Only this table: products, units, taxes or customers.")
    var table: String?

    @Option(name: .long, help: "Only this flow.")
    var flow: String?

    func validate() throws {
        if let table, MissingEntry.Table(rawValue: table) == nil { throw ValidationError("There is no table '\(table)'.") }
    }

    func perform() async throws -> ExitStatus {
        try await Workplace.use(options, .dryRun) { workplace in
            var missing: Set<MissingEntry> = []
            var isWhole = true
            for settings in try workplace.settings(named: flow) {
                let found = try await entries(try await workplace.flowWithoutProgram(settings), workplace.ledger)
                missing.formUnion(found.entries)
                for line in found.unreadable { Output.error("crossdock: \(line)") }
                isWhole = isWhole && found.unreadable.isEmpty
            }
            let tables = MissingEntry.Table.allCases.filter { table == nil || table == $0.rawValue }
            let texts = tables.compactMap { table in Self.csv(table, missing.filter { $0.table == table }) }
            if !texts.isEmpty { Output.line(texts.joined(separator: "\n\n")) }
            return isWhole ? .done : .needsPerson
        }
    }

    /// - Returns: what is missing, and a line for each order that couldn't be read.
    /// - Throws: ``CommandFailure`` where the fault is the shop's as a whole, so that no other order could be read either.
    private func entries(_ flow: Flow, _ ledger: any Ledger) async throws -> (entries: Set<MissingEntry>, unreadable: [String]) {
        var missing: Set<MissingEntry> = []
        var unreadable: [String] = []
        var cursor: Int64 = 0
        while true {
            let rows = try await ledger.rows(OrderFilter(flow: flow.name, standings: [.quarantined]), after: cursor, limit: 256)
            guard let last = rows.last else { return (missing, unreadable) }
            cursor = last.position
            for row in rows where row.state.lackedWith != nil {
                do throws(ShopError) {
                    let read = try await flow.shop.order(row.key.orderID)
                    guard let order = read.order else {
                        throw ShopError(.rejected, read.reading.faults.map(\.description).joined(separator: "; "))
                    }
                    let report = MappingReport(order, flow, try await flow.resolvedParties(of: order), isReleased: false)
                    missing.formUnion(report.prepared.mapped?.faults.compactMap(\.missing) ?? [])
                } catch {
                    let name = row.state.reference ?? "\(row.key)"
                    switch error.failureClass {
                    case .rejected, .transient, .conflict, .unknown: unreadable.append("\(name) is left out: \(error.message)")
                    case .throttled, .outage, .unauthorized, .misconfigured:
                        throw CommandFailure(ExitStatus(FlowStop(error)), "\(name): \(error.message)")
                    }
                }
            }
        }
    }

    /// With a header, in the order of what is known; `nil` where there is none.
    private static func csv(_ table: MissingEntry.Table, _ entries: Set<MissingEntry>) -> String? {
        guard !entries.isEmpty else { return nil }
        let columns = MappingReader.columns(of: table)
        let rows = entries.map { entry in
            columns.map { column in quoted(entry.cells.first { $0.column == column }?.text ?? "") }.joined(separator: ",")
        }
        return ([columns.joined(separator: ",")] + rows.sorted()).joined(separator: "\n")
    }

    /// RFC 4180. Blanks at the ends count too, so they are quoted.
    private static func quoted(_ text: String) -> String {
        let isPlain =
            !text.contains { ",;\"\n\r".contains($0) } && text.first?.isWhitespace != true && text.last?.isWhitespace != true
        return isPlain ? text : "\"\(text.replacing("\"", with: "\"\""))\""
    }
}
