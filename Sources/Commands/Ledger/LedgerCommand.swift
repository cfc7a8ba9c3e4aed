import ArgumentParser
import Foundation
import Ledger
import LedgerSQLite
import Orders
import Settings
import Transport

/// `crossdock ledger`
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Looks after the ledger's file: verify, backup, prune, rebuild.",
        subcommands: [LedgerVerifyCommand.self, LedgerBackupCommand.self, LedgerPruneCommand.self, LedgerRebuildCommand.self])
}

/// The ledger's file, without anything that its orders need besides.
enum LedgerAccess {
    static var now: Timestamp { Timestamp(milliseconds: SystemTimekeeper().millisecondsSince1970) }

    /// - Throws: ``CommandFailure`` 78 where the file isn't there or can't be used, 75 where it can't be used now.
    static func open(_ configuration: Settings.Configuration, readOnly: Bool) throws -> SQLiteLedger {
        try requireFile(configuration)
        let path = configuration.ledgerPath
        do throws(LedgerError) {
            return readOnly ? try SQLiteLedger(readingOnly: path) : try SQLiteLedger(path: path, now: now)
        } catch { throw CommandFailure(ExitStatus(opening: error), error.description) }
    }

    /// - Throws: ``CommandFailure`` 78 where there is neither a ledger nor what a broken-off rebuild leaves.
    static func requireFile(_ configuration: Settings.Configuration) throws {
        let path = configuration.ledgerPath
        guard [path, path + ".rebuilt"].contains(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw CommandFailure(.badConfiguration, "there is no ledger \(path) yet; 'crossdock sync' makes it")
        }
    }

    /// What the ledger answers, or its failure in words.
    static func answer<Value>(_ body: () async throws(LedgerError) -> Value) async throws -> Value {
        do throws(LedgerError) { return try await body() } catch { throw CommandFailure(.tryLater, error.description) }
    }
}
