import ArgumentParser
import Ledger
import LedgerSQLite
import Orders
import Settings

/// `crossdock ledger verify`
struct LedgerVerifyCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Checks the ledger from end to end, and says what was checked in figures.",
        discussion: """
            SQLite's own structure and references; for every order that its journal has no gap, is what was written, and comes to what \
            its row says; that the bytes kept of every create are those that were sent; that every code that was handed out is kept, and \
            opens where the configuration has its key. Changes nothing; may run beside a sync.
            Ends with 0 where all is well, with 1 where it isn't, with 78 where the file can't be read at all.

            EXAMPLE
              crossdock ledger verify --json
            """)

    @OptionGroup var options: CommonOptions
    @OptionGroup var output: JSONOption

    func perform() async throws -> ExitStatus {
        let configuration = try options.configuration(contactsRemotes: false)
        let path = configuration.ledgerPath
        let ledger = try LedgerAccess.open(configuration, readOnly: true)
        let found = try await LedgerAccess.answer { () throws(LedgerError) in try await ledger.verify(configuration.vault) }
        if output.json { Output.json(found.json) } else { print(found, path) }
        return found.isWhole ? .done : .needsPerson
    }

    /// Nothing where there are none.
    private static func codes(_ found: LedgerVerification) -> String {
        if found.codes == 0 { return "" }
        let unopened = found.codes - found.codesOpened
        return unopened == 0 ? "\(found.codes) codes, " : "\(found.codes) codes (\(unopened) of them not opened), "
    }

    private func print(_ found: LedgerVerification, _ path: String) {
        for fault in found.faults {
            let order = fault.order.map { "order \(fault.reference ?? String($0.orderID)): " } ?? ""
            Output.line(Style.bad("damaged") + "  \(order)\(fault.message)")
        }
        Output.line(
            "\(path): \(found.orders) orders, \(found.entries) journal entries, \(found.payloads) payloads, "
                + "\(found.messages) messages, \(Self.codes(found))\(found.bytes) bytes checked; "
                + (found.isWhole ? Style.good("all well") : Style.bad("\(found.faults.count) faults")))
        if found.faults.contains(where: \.isOfCodes) {
            Output.error(
                "crossdock: codes that are gone or damaged may be had from whoever sold them, or from a backup; a rebuild doesn't bring them "
                    + "back, and one from a backup gives up what was bought since. Their orders' buyers get none of them until then"
            )
        }
        if found.faults.contains(where: { !$0.isOfCodes }) {
            Output.error(
                "crossdock: 'crossdock ledger rebuild' makes a new ledger of what can be trusted; the damaged file is kept")
        }
    }
}

extension LedgerVerification {
    fileprivate var json: JSONValue {
        [
            "whole": .bool(isWhole), "orders": .integer(orders), "entries": .integer(entries), "payloads": .integer(payloads),
            "messages": .integer(messages), "codes": .integer(codes), "codes_opened": .integer(codesOpened),
            "bytes": .integer(bytes),
            "faults": .array(
                faults.map { fault in
                    [
                        "shop": .text(fault.order?.shop), "order_id": fault.order.map { .integer($0.orderID) } ?? .null,
                        "reference": .text(fault.reference), "message": .text(fault.message), "of_codes": .bool(fault.isOfCodes),
                    ]
                }),
        ]
    }
}
