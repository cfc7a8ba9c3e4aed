import Engine
import Foundation
import Ledger
import LedgerSQLite
import Orders
import Synchronization
import Transport
import WebServer

/// What `/health` tells: whether the service can take and record things, and how each flow's last run went.
///
/// Ready says nothing of remotes: a webhook is taken while the ERP is down, and a proxy must go on sending it here.
final class ServiceHealth: Sendable {
    private struct Proof {
        var at: Int64
        var isWritable: Bool
    }

    /// An answer about the ledger holds so long, so that asking often costs no more commits than this.
    private static let proofHoldsFor: Duration = .seconds(10)

    private let flows: [String]
    private let board: ServiceBoard
    private let timekeeper: any Timekeeper
    private let stop: StopRequest
    private let ledger: SQLiteLedger?
    private let proof = Mutex<Proof?>(nil)

    init(flows: [String], board: ServiceBoard, timekeeper: any Timekeeper, stop: StopRequest, ledger: SQLiteLedger?) {
        self.flows = flows
        self.board = board
        self.timekeeper = timekeeper
        self.stop = stop
        self.ledger = ledger
    }

    func report() async -> HealthReport {
        let now = Timestamp(milliseconds: timekeeper.millisecondsSince1970)
        let isWritable = await isWritable(at: timekeeper.uptime.milliseconds)
        let isStopping = stop.isRequested
        let flows: [JSONValue] = flows.map { name in Self.json(name, board.flow(name), now) }
        return HealthReport(
            isReady: isWritable && !isStopping,
            details: [
                "alive": true, "ready": .bool(isWritable && !isStopping), "stopping": .bool(isStopping),
                "ledger": .text(isWritable ? "writable" : "not_writable"), "version": .text(Version.current),
                "flows": .array(flows),
            ])
    }

    private func isWritable(at uptime: Int64) async -> Bool {
        if let known = proof.withLock({ $0 }), uptime - known.at < Self.proofHoldsFor.inMilliseconds {
            return known.isWritable && board.fatalFault == nil
        }
        let isWritable = await proveLedger()
        proof.withLock { $0 = Proof(at: uptime, isWritable: isWritable) }
        return isWritable
    }

    /// Ends the service where nothing can be recorded any more.
    private func proveLedger() async -> Bool {
        guard board.fatalFault == nil, let ledger else { return false }
        do throws(LedgerError) {
            try await ledger.proveWritable()
            return true
        } catch {
            board.note(fatal: error.description)
            stop.request()
            return false
        }
    }

    private static func json(_ name: String, _ state: ServiceBoard.FlowState, _ now: Timestamp) -> JSONValue {
        var object = JSONObject([
            ("flow", .text(name)), ("running", .bool(state.isRunning)),
            ("next_tick", state.nextTick.map { .text(text($0)) } ?? .null),
            ("skipped_ticks", .integer(state.skippedTicks)), ("missed_ticks", .integer(state.missedTicks)),
        ])
        object["last_run"] =
            state.lastRun.map { run in
                let age = (now - (run.endedAt ?? run.beganAt)).inMilliseconds / 1000
                return [
                    "outcome": .text(run.outcome.rawValue), "began_at": .text(text(run.beganAt)),
                    "ended_at": run.endedAt.map { .text(text($0)) } ?? .null, "age_seconds": .integer(age),
                ]
            } ?? .null
        return .object(object)
    }

    /// `2026-11-21T09:12:33Z`
    private static func text(_ instant: Timestamp) -> String {
        Date(timeIntervalSince1970: Double(instant.milliseconds / 1000)).formatted(.iso8601)
    }
}
