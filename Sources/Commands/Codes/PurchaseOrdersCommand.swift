import ArgumentParser
import Engine
import Foundation
import Orders
import Settings
import SinkKit
import Sinks
import Transport

/// `crossdock purchase-orders`
struct PurchaseOrdersCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "purchase-orders",
        abstract: "Lists what was bought from EZ Cards on a day, by the purchase orders that it is invoiced on.",
        discussion: """
            Grouped by EZ Cards' order number where it tells one, else by the day, in the zone of the sink's 'day_zone'. Asks EZ Cards \
            itself, whose list can't be narrowed to a day.

            EXAMPLE
              crossdock purchase-orders --day 2026-11-21
            """)

    @OptionGroup var options: CommonOptions
    @OptionGroup var output: JSONOption

    @Option(name: .long, help: "The day, YYYY-MM-DD; without it, today.") var day: String?
    @Option(name: .long, help: "The sink; needed where several are of type 'ezcards'.") var sink: String?

    func perform() async throws -> ExitStatus {
        try await Workplace.use(options, .read) { workplace in
            let (name, settings, ezcards) = try await chosen(workplace)
            guard let zone = TimeZone(identifier: settings.dayZone) else {
                throw CommandFailure(.badConfiguration, "sink '\(name)': there is no time zone '\(settings.dayZone)'")
            }
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = zone
            let days = Days(calendar: calendar)
            let day = day ?? days.text(Date(timeIntervalSince1970: Double(workplace.timekeeper.millisecondsSince1970) / 1000))
            guard days.isDay(day) else { throw CommandFailure(.usage, "--day '\(day)' is no day; write YYYY-MM-DD") }
            let found: [EZCardsTransaction]
            do throws(SinkError) {
                found = try await ezcards.transactions(SinkContext(timeLimit: .seconds(600))) { days.day(of: $0) == day }
            } catch { throw CommandFailure(error.code == .unauthorized ? .refusedCredentials : .unavailable, error.message) }
            show(PurchaseOrder.grouped(found, day: day))
            return .done
        }
    }

    private func chosen(_ workplace: Workplace) async throws -> (String, EZCardsSinkSettings, EZCardsSink) {
        var found: [(String, EZCardsSinkSettings, EZCardsSink)] = []
        for flow in try await workplace.flows(named: nil) where sink == nil || sink == flow.sinkName {
            guard !found.contains(where: { $0.0 == flow.sinkName }), let ezcards = flow.sink as? EZCardsSink,
                case .ezcards(_, let settings)? = workplace.configuration.sink(flow.sinkName)?.kind
            else { continue }
            found.append((flow.sinkName, settings, ezcards))
        }
        guard let only = found.first else { throw CommandFailure(.usage, "no flow has such a sink of type 'ezcards'") }
        guard found.count == 1 else {
            throw CommandFailure(.usage, "say which with --sink: \(found.map(\.0).joined(separator: ", "))")
        }
        return only
    }

    private func show(_ orders: [PurchaseOrder]) {
        if output.json {
            for order in orders { Output.json(order.json) }
            return
        }
        if orders.isEmpty { return Output.line("nothing was bought on that day") }
        var table = Table("PURCHASE ORDER", "TRANSACTION", "FOR", "TOTAL", "STATUS", "CREATED")
        for order in orders {
            for transaction in order.transactions {
                table.add(
                    order.name, transaction.id, transaction.clientOrderNumber ?? "-", transaction.totalText,
                    transaction.status.word, transaction.createdAt ?? "-")
            }
            table.add(order.name, "\(order.transactions.count) in all", "", order.sums, "", "")
        }
        Output.line(table.text(aligned: Output.isTerminal))
    }
}

/// What is invoiced together.
private struct PurchaseOrder {
    let name: String
    var transactions: [EZCardsTransaction]

    /// In the order in which they were made.
    static func grouped(_ transactions: [EZCardsTransaction], day: String) -> [PurchaseOrder] {
        var orders: [PurchaseOrder] = []
        for transaction in transactions.sorted(by: { ($0.createdAt ?? "", $0.id) < ($1.createdAt ?? "", $1.id) }) {
            let name = transaction.ezOrderNumber ?? day
            if let index = orders.firstIndex(where: { $0.name == name }) {
                orders[index].transactions.append(transaction)
            } else {
                orders.append(PurchaseOrder(name: name, transactions: [transaction]))
            }
        }
        return orders
    }

    /// By currency; what was cancelled counts as it was ordered.
    var sums: String {
        var sums: [(currency: String, amount: ExactDecimal)] = []
        for transaction in transactions {
            guard let currency = transaction.currency, let total = transaction.total.flatMap({ try? ExactDecimal($0) }) else {
                continue
            }
            if let index = sums.firstIndex(where: { $0.currency == currency }) {
                sums[index].amount = sums[index].amount.adding(total) ?? sums[index].amount
            } else {
                sums.append((currency, total))
            }
        }
        return sums.map { "\($0.amount.spelling) \($0.currency)" }.joined(separator: ", ")
    }

    var json: JSONValue {
        let listed = transactions.map { transaction -> JSONValue in
            [
                "transaction": .text(transaction.id), "client_order_number": .text(transaction.clientOrderNumber),
                "total": .text(transaction.total), "currency": .text(transaction.currency),
                "status": .text(transaction.status.word), "created_at": .text(transaction.createdAt),
            ]
        }
        return ["purchase_order": .text(name), "sums": .text(sums), "transactions": .array(listed)]
    }
}

extension EZCardsTransaction {
    fileprivate var totalText: String { [total, currency].compactMap(\.self).joined(separator: " ") }
}

extension EZCardsTransaction.Status {
    fileprivate var word: String {
        switch self {
        case .processing: "processing"
        case .completed: "completed"
        case .cancelled: "cancelled"
        }
    }
}

/// Days of a zone.
private struct Days: Sendable {
    let calendar: Calendar

    func text(_ date: Date) -> String {
        let parts = calendar.dateComponents([.year, .month, .day], from: date)
        return String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
    }

    /// Whether it is a day as it is written.
    func isDay(_ text: String) -> Bool {
        let numbers = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 3, let year = numbers[0], let month = numbers[1], let day = numbers[2],
            let date = calendar.date(from: DateComponents(year: year, month: month, day: day, hour: 12))
        else { return false }
        return self.text(date) == text
    }

    /// `nil` where the transaction doesn't say when it was made.
    func day(of transaction: EZCardsTransaction) -> String? {
        guard let created = transaction.createdAt else { return nil }
        let date =
            (try? Date(created, strategy: .iso8601))
            ?? (try? Date(created, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        return date.map(text)
    }
}
