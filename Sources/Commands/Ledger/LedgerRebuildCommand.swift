import ArgumentParser
import Foundation
import Ledger
import LedgerSQLite
import OrderFlow
import Orders
import Settings

/// `crossdock ledger rebuild`
struct LedgerRebuildCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Makes a new ledger of a damaged one, or of a backup, that can't cause duplicates.",
        discussion: """
            Takes over what can be read and trusted, order by order. Whatever wasn't finished is looked up in the ERP before anything \
            is sent; where the ERP can't be asked, it waits for a person. The damaged file is kept beside the new one.
            Ends with 0 where everything could be restored, with 1 where something couldn't, with 75 where a run is active.

            EXAMPLES
              crossdock ledger rebuild
              crossdock ledger rebuild --from ledger-backup.db
            """)

    @OptionGroup var options: CommonOptions
    @OptionGroup var output: JSONOption

    @Option(name: .long, help: "A backup to take in place of the ledger's own file.")
    var from: String?

    @Flag(
        name: .long,
        help: "Also where 'ledger verify' finds nothing wrong with the ledger's own file, as after it was copied back by hand.")
    var anyway = false

    func perform() async throws -> ExitStatus {
        let configuration = try options.configuration(contactsRemotes: false)
        let own = configuration.ledgerPath
        if from == nil { try LedgerAccess.requireFile(configuration) }
        if let why = objection(own) { throw CommandFailure(.usage, "\(why); nothing was done") }
        if !anyway, await isSound(own) {
            let loss = from.map { ", and what was done since \($0) was made stands only there" } ?? ""
            throw CommandFailure(
                .usage, "nothing is wrong with \(own)\(loss), so nothing was done; --anyway goes on all the same")
        }
        let shops = Dictionary(configuration.flows.map { ($0.name, $0.shop) }, uniquingKeysWith: { first, _ in first })
        let rebuild = LedgerRebuild(path: configuration.ledgerPath, from: from, shops: shops, now: LedgerAccess.now)
        let report = try await LedgerAccess.answer { () throws(LedgerError) in try rebuild.run() }
        if output.json { Output.json(report.json) } else { print(report, configuration.ledgerPath) }
        return report.isComplete ? .done : .needsPerson
    }

    private func objection(_ own: String) -> String? {
        if let from, let why = RebuildSource(from).objection(asBackup: true) { return why }
        return FileManager.default.fileExists(atPath: own) ? RebuildSource(own).objection(asBackup: false) : nil
    }

    private func isSound(_ path: String) async -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return false }
        do throws(LedgerError) {
            let ledger = try SQLiteLedger(readingOnly: path)
            let found = try await ledger.verify()
            try await ledger.close()
            // For codes a rebuild does nothing.
            return found.faults.allSatisfy(\.isOfCodes)
        } catch { return false }
    }

    private func print(_ report: RebuildReport, _ path: String) {
        for order in report.doubtful {
            Output.line(
                Style.warning("starts anew")
                    + "  order \(order.reference ?? String(order.key.orderID)): \(order.why); it is looked up "
                    + "in the ERP, or left to a person")
        }
        for order in report.lost {
            Output.line(
                Style.bad("lost")
                    + "  the order at position \(order.position)\(order.reference.map { ", \($0)" } ?? ""): \(order.why)")
        }
        for order in report.codesLost {
            Output.line(
                Style.bad("lost")
                    + "  \(order.count.counted("code")) of order \(order.reference ?? String(order.key.orderID)): whoever sold them may "
                    + "tell them again")
        }
        if let why = report.unreadable { Output.line(Style.bad("lost") + "  everything: \(why)") }
        Output.line(
            "\(path): \(report.whole) orders restored whole, \(report.doubtful.count) start anew, \(report.lost.count) lost"
                + (report.messages > 0 ? "; \(report.messages) messages taken over" : "")
                + documents(report)
                + (report.keptAs.map { "; the old file is \($0)" } ?? ""))
        if report.documentsLost > 0 {
            Output.error(
                "crossdock: of documents that are lost nobody knows whether they were sent: for orders that the ERP has, a person is asked "
                    + "before any is sent ('crossdock documents'). Their numbers here and the control references of EDIFACT files don't come again"
            )
        }
        if !report.lost.isEmpty || report.unreadable != nil {
            Output.error(
                "crossdock: lost orders that the shop still lists come back with the next sync; those it shows as processing don't: "
                    + "'crossdock rerun REFERENCE' looks one up in the ERP and carries on, 'crossdock audit --mend' finds and does all"
            )
        }
    }

    private func documents(_ report: RebuildReport) -> String {
        guard report.documents + report.documentsLost > 0 else { return "" }
        return "; \(report.documents) documents keep their numbers, \(report.documentsLost) lost"
    }
}

extension RebuildReport {
    fileprivate var json: JSONValue {
        [
            "whole": .integer(whole),
            "start_anew": .array(
                doubtful.map { order in
                    [
                        "shop": .text(order.key.shop), "order_id": .integer(order.key.orderID),
                        "reference": .text(order.reference),
                        "why": .text(order.why),
                    ]
                }),
            "lost": .array(
                lost.map { ["position": .integer($0.position), "reference": .text($0.reference), "why": .text($0.why)] }),
            "codes_lost": .array(
                codesLost.map { order in
                    [
                        "shop": .text(order.key.shop), "order_id": .integer(order.key.orderID),
                        "reference": .text(order.reference), "codes": .integer(order.count),
                    ]
                }),
            "messages": .integer(messages), "documents": .integer(documents), "documents_lost": .integer(documentsLost),
            "unreadable": .text(unreadable), "kept_as": .text(keptAs),
        ]
    }
}
