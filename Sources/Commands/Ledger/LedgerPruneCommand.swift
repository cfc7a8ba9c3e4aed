import ArgumentParser
import Foundation
import Ledger
import LedgerSQLite
import Orders
import Settings

/// `crossdock ledger prune`
struct LedgerPruneCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Erases captured payloads, which hold personal data; the proof of handling stays.",
        discussion: """
            Payloads are the bytes that were sent to the ERP, messages that it sent by itself, and orders whose data couldn't be used. \
            Those of a create whose outcome isn't known yet are never erased: it may have to be repeated with them. Nor is a message \
            that wasn't taken in yet.

            EXAMPLES
              crossdock ledger prune                       older than 'keep_payloads' in the configuration
              crossdock ledger prune --older-than 30d
              crossdock ledger prune --order CS48193       all of one order's, whatever their age
            """)

    @OptionGroup var options: CommonOptions

    @Option(name: .long, help: "Those stored longer ago than that, such as 30d.")
    var olderThan: String?

    @Option(name: .long, help: "The reference, or the shop's numeric id, of the one order whose payloads are erased.")
    var order: String?

    @Option(name: .long, help: "The webshop's id, where several have an order of that reference.")
    var webshop: Int64?

    func perform() async throws -> ExitStatus {
        let configuration = try options.configuration(contactsRemotes: false)
        let age = try age(configuration)
        let ledger = try LedgerAccess.open(configuration, readOnly: false)
        var key: OrderKey?
        if let order { key = try await self.key(named: order, ledger) }
        let now = LedgerAccess.now
        let report = try await LedgerAccess.answer { [key] () throws(LedgerError) in
            try await ledger.prune(storedBefore: now - age, order: key)
        }
        Output.line(
            "\(report.erased) payloads erased\(report.messages > 0 ? ", \(report.messages) messages" : ""), \(report.bytes) bytes"
                + (report.keptForOpenCreates > 0
                    ? "; \(report.keptForOpenCreates) kept, because the outcome of their creates isn't known yet" : "")
                + (report.keptForOpenDocuments > 0
                    ? "; \(report.keptForOpenDocuments) kept, because their receivers don't have them yet" : "")
                + (report.keptWaitingMessages > 0
                    ? "; \(report.keptWaitingMessages) messages kept, because they weren't taken in yet" : ""))
        return .done
    }

    private func age(_ configuration: Settings.Configuration) throws -> Duration {
        // One order's are erased because somebody asks for it, so their age doesn't count.
        guard let olderThan else { return order == nil ? configuration.keepPayloads : .milliseconds(-1) }
        guard let age = DurationText.parse(olderThan) else {
            throw CommandFailure(.usage, "'\(olderThan)' is no duration; write 12h or 30d")
        }
        return age
    }

    private func key(named name: String, _ ledger: SQLiteLedger) async throws -> OrderKey {
        let rows = try await LedgerAccess.answer { () throws(LedgerError) in try await ledger.rows(named: name) }.filter {
            webshop == nil || $0.state.webshop == nil || $0.state.webshop == webshop
        }
        guard let only = rows.first, rows.count == 1 else {
            throw CommandFailure(
                .usage,
                rows.isEmpty
                    ? "the ledger has no order '\(name)'"
                    : "'\(name)' names \(rows.count) orders; say which with --webshop or the shop's numeric id")
        }
        return only.key
    }
}
