import ArgumentParser
import Foundation
import Ledger
import LedgerSQLite

/// `crossdock ledger backup`
struct LedgerBackupCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Writes a consistent copy of the ledger while runs go on.",
        discussion: """
            The copy is readable by its owner alone. It isn't a ledger: what was pushed since it was made would be pushed again. \
            'crossdock ledger rebuild --from FILE' makes a ledger of it that knows of the gap.

            EXAMPLE
              crossdock ledger backup ledger-backup.db
            """)

    @OptionGroup var options: CommonOptions

    @Argument(help: "The new file.")
    var file: String

    func perform() async throws -> ExitStatus {
        let folder = URL(filePath: file).deletingLastPathComponent().path(percentEncoded: false)
        if FileManager.default.fileExists(atPath: file) {
            throw CommandFailure(.usage, "the backup \(file) is there already; name a new file")
        }
        guard access(folder, W_OK | X_OK) == 0 else {
            throw CommandFailure(.usage, "the backup \(file) can't be made in its folder: \(String(cString: strerror(errno)))")
        }
        let ledger = try LedgerAccess.open(try options.configuration(contactsRemotes: false), readOnly: true)
        let copied = try await LedgerAccess.answer { () throws(LedgerError) in try await ledger.backup(to: file) }
        Output.line("\(file): \(copied.orders) orders, \(copied.entries) journal entries, \(copied.bytes) bytes")
        return .done
    }
}
