import Dispatch
import Engine
import Foundation
import Glibc
import Ledger
import LedgerSQLite
import OrderFlow
import Orders
import Settings
import Transport
import WebServer

/// The parts of `crossdock serve`, put together: a loop for each flow, and the listener.
struct Service {
    let workplace: Workplace
    let flows: [ServedFlow]
    let stop: StopRequest
    let printsJSON: Bool

    /// How long requests under way are waited for at the end.
    private static let listenerStopLimit: Duration = .seconds(5)
    /// So many of the ledger's latest runs are looked through for the flows' last ones.
    private static let runsLookedThrough = 1000

    /// - Parameter port: in place of the configuration's.
    /// - Throws: ``CommandFailure`` where the address can't be had.
    func run(port: Int?) async throws -> ExitStatus {
        let board = ServiceBoard()
        for record in try await workplace.ledger.runs(limit: Self.runsLookedThrough).reversed() {
            board.update(record.flow) { $0.lastRun = ServiceBoard.LastRun(record) }
        }
        let printer = ServicePrinter(printsJSON: printsJSON)
        let surroundings = workplace.surroundings(
            observer: RunPrinter(printsJSON ? .json : .lines, isDryRun: false, tellsEmptyLists: false), stop: stop)
        let server = try await listen(port: port, board, printer, surroundings)
        await withTaskGroup(of: Void.self) { group in
            for flow in flows {
                let service = service(flow, board, printer, surroundings)
                group.addTask { await service.run() }
            }
            group.addTask {
                await waitForStop()
                await server.stop(within: Self.listenerStopLimit)
            }
            group.addTask {
                await server.waitForEnd()
                guard !stop.isRequested else { return }
                board.note(fatal: "the listener ended by itself")
                stop.request()
            }
        }
        guard let fault = board.fatalFault else {
            printer.ended()
            return .done
        }
        Output.error("crossdock: \(fault); ending, to be started anew")
        return .tryLater
    }

    private func service(
        _ flow: ServedFlow, _ board: ServiceBoard, _ printer: ServicePrinter, _ surroundings: Surroundings
    ) -> FlowService {
        FlowService(
            name: flow.settings.name, schedule: workplace.configuration.schedule(of: flow.settings), surroundings: surroundings,
            board: board, makeRunID: { UUID().uuidString.lowercased() }, tell: { printer.tell($0) },
            assemble: { [workplace] () async throws(FlowStop) in try await flow.flow(in: workplace) })
    }

    // MARK: Listening

    private func listen(
        port: Int?, _ board: ServiceBoard, _ printer: ServicePrinter, _ surroundings: Surroundings
    ) async throws -> WebServer {
        let settings = workplace.configuration.serve
        let timekeeper = workplace.timekeeper
        let health = ServiceHealth(
            flows: flows.map(\.settings.name), board: board, timekeeper: timekeeper, stop: stop,
            ledger: workplace.ledger as? SQLiteLedger)
        let pages: [any WebPage] = [
            HealthPage(path: settings.healthPath) { await health.report() }, webhooks(board, surroundings),
        ]
        let server = WebServer(
            WebServer.Settings(
                address: settings.address, port: port ?? settings.port, requestTimeLimit: settings.requestTimeLimit,
                keepAlive: settings.keepAlive, connectionsMax: settings.connectionsMax),
            pages: pages, now: { Timestamp(milliseconds: timekeeper.millisecondsSince1970) })
        do throws(WebServerFault) {
            let port = try await server.start()
            printer.listens(at: "http://\(settings.address):\(port)", health: settings.healthPath)
        } catch {
            throw CommandFailure(
                error.isAddressTaken ? .tryLater : .badConfiguration,
                "can't listen on \(settings.address):\(port ?? settings.port): \(error)")
        }
        return server
    }

    /// Messages are kept also for a flow whose sink can't be opened at the moment: nothing that was sent is lost.
    private func webhooks(_ board: ServiceBoard, _ surroundings: Surroundings) -> WebhookPage {
        let doors = flows.compactMap { flow in
            flow.settings.webhook.map { webhook in
                WebhookPage.Door(flow: flow.settings.name, secret: webhook.secret.revealed, header: webhook.header)
            }
        }
        let limit = workplace.configuration.serve.bodyBytesMax
        let intake = MessageIntake(
            receivers: flows.filter { $0.settings.webhook != nil }.map(\.settings.name), surroundings: surroundings,
            bodyBytesMax: limit)
        return WebhookPage(doors: doors, bodyBytesMax: limit) { webhook in
            switch await intake.take(flow: webhook.flow, headers: webhook.headers, body: webhook.body) {
            case .stored:
                board.ring(webhook.flow)
                return .stored
            case .notHere: return .notHere
            case .tooLarge: return .tooLarge
            case .unavailable: return .unavailable
            }
        }
    }

    // MARK: Stopping

    /// Returns once a stop was asked for. From then on the process ends within the configured time, whatever hangs: what is under
    /// way then is picked up from the ledger, as after any crash.
    private func waitForStop() async {
        while !stop.isRequested {
            do { try await workplace.timekeeper.sleep(milliseconds: 100) } catch { return }
        }
        let limit = workplace.configuration.serve.stopTimeLimit
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Int(limit.inMilliseconds))) {
            Output.error("crossdock: orders in flight took longer than 'stop_time_limit'; they go on at the next start")
            _exit(ExitStatus.done.rawValue)
        }
    }
}

/// SIGHUP, which often asks for a configuration to be read anew, and would end the process where nobody listens to it.
final class HangUpSignal: Sendable {
    /// Dispatch's sources are safe from any thread; only the compiler isn't told.
    nonisolated(unsafe) private let source: any DispatchSourceSignal

    init(configPath: String) {
        signal(SIGHUP, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: .global())
        source.setEventHandler {
            Output.error("crossdock: \(configPath) is read at the start only; restart the service to have it read anew")
        }
        source.activate()
    }

    func end() { source.cancel() }
}
