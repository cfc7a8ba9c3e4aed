import CloudSuite
import Engine
import Foundation
import Ledger
import LedgerSQLite
import Logging
import OrderFlow
import Orders
import Settings
import SinkKit
import Sinks
import Transport

/// The parts a configuration names, put together: the ledger, the remotes, the flows.
struct Workplace {
    enum Access {
        case write
        /// The ledger only: nothing is contacted, so no credentials are needed.
        case read
        case dryRun
    }

    let configuration: Configuration
    let ledger: any Ledger
    let remotes: Remotes
    let plugins: Plugins
    let timekeeper: any Timekeeper
    let logger: Logger
    let isDryRun: Bool
    private let assembly: FlowAssembly
    private let stored: any Ledger

    private init(_ options: CommonOptions, _ access: Access) async throws {
        configuration = try options.configuration(contactsRemotes: access != .read)
        logger = options.logger
        timekeeper = SystemTimekeeper()
        isDryRun = access == .dryRun
        let now = Timestamp(milliseconds: timekeeper.millisecondsSince1970)
        stored = try Self.openLedger(configuration.ledgerPath, access, now: now)
        ledger = access == .dryRun ? DryRunLedger(stored) : stored
        let store: any EndpointStateStore =
            switch stored as? any EndpointStateStore {
            case let sqlite?: access == .write ? sqlite : ReadOnlyEndpointStates(sqlite)
            case nil: InMemoryEndpointStateStore()
            }
        // A dry run writes nothing, not even whose turn it is: it keeps to the limit by itself.
        let places =
            access == .dryRun
            ? nil : SharedPlacesFile(path: configuration.ledgerPath, opened: access == .write ? stored as? SQLiteLedger : nil)
        remotes = Remotes(store: store, places: places, timekeeper: timekeeper, logger: logger, onlyReads: access == .dryRun)
        let plugins = Plugins(
            logger: logger, onlyReads: access != .write,
            lockFolder: access == .write ? configuration.ledgerPath + Self.lockFolderSuffix : nil)
        self.plugins = plugins
        assembly = FlowAssembly(
            configuration: configuration, remotes: remotes, plugins: plugins, timekeeper: timekeeper, ledger: stored.identity,
            onlyReads: access != .write, isBeforeFirstRun: access == .dryRun && stored is InMemoryLedger)
    }

    /// Behind the ledger's path: the folder in which locks tell of programs that are still there.
    private static let lockFolderSuffix = "-programs"

    private static func openLedger(_ path: String, _ access: Access, now: Timestamp) throws -> any Ledger {
        do throws(LedgerError) {
            if access == .write { return try SQLiteLedger(path: path, now: now) }
            guard FileManager.default.fileExists(atPath: path) else {
                // Nothing was ever recorded: that is what an empty ledger shows.
                return InMemoryLedger(identity: LedgerIdentity(id: "none", createdAt: now))
            }
            return try SQLiteLedger(readingOnly: path)
        } catch {
            throw CommandFailure(ExitStatus(opening: error), error.description)
        }
    }

    func surroundings(observer: any RunObserver = SilentObserver(), stop: StopRequest = StopRequest()) -> Surroundings {
        Surroundings(
            ledger: ledger, timekeeper: timekeeper, logger: logger, holder: ProcessIdentity.current.description,
            lease: configuration.lease, observer: observer, stop: stop, isDryRun: isDryRun)
    }

    /// The settings of the flows a command is about. Nothing is put together for them.
    func settings(named name: String?) throws -> [FlowSettings] {
        guard let name else { return configuration.flows }
        let chosen = configuration.flows.filter { $0.name == name }
        guard !chosen.isEmpty else {
            let known = configuration.flows.map(\.name).joined(separator: ", ")
            throw CommandFailure(.usage, "there is no flow '\(name)'; there are: \(known)")
        }
        return chosen
    }

    /// The flows a command is about, put together; a sink that is a program is started for that.
    func flows(named name: String?) async throws -> [Flow] {
        var flows: [Flow] = []
        for settings in try settings(named: name) { flows.append(try await flow(settings)) }
        return flows
    }

    func flow(_ settings: FlowSettings) async throws -> Flow { try await assembly.flow(settings) }

    /// The same for who only wants to know how orders are made ready: a sink that is a program isn't started, and of what it requires
    /// nothing is known.
    func flowWithoutProgram(_ settings: FlowSettings) async throws -> Flow { try await assembly.withoutPrograms.flow(settings) }

    /// Time as the shop of that flow tells it; `nil` for a flow that the configuration doesn't have any more.
    func time(ofFlow name: String) -> ShopTime? {
        configuration.flows.first { $0.name == name }.flatMap { configuration.shop($0.shop) }
            .flatMap { ShopClock(zone: $0.zone) }.map(ShopTime.init(clock:))
    }

    private func close() async {
        await remotes.close()
        await plugins.close()
        // Left to the end of the process, SQLite may not come to take its log into the file, and who copies the file then has an older
        // one. What was acknowledged is on disk either way.
        try? await (stored as? SQLiteLedger)?.close()
    }

    /// Puts the parts together for `work`. Whatever becomes of it, what the next process must know of the remotes is kept, and the
    /// connections are ended.
    ///
    /// - Throws: ``CommandFailure``, and whatever `work` throws.
    static func use(
        _ options: CommonOptions, _ access: Access, _ work: (Workplace) async throws -> ExitStatus
    ) async throws -> ExitStatus {
        let workplace = try await Workplace(options, access)
        do {
            let status = try await work(workplace)
            await workplace.close()
            return status
        } catch {
            await workplace.close()
            throw error
        }
    }
}

/// Shows endpoint states and keeps none.
private struct ReadOnlyEndpointStates: EndpointStateStore {
    let base: any EndpointStateStore

    init(_ base: any EndpointStateStore) { self.base = base }

    func load(origin: String) async throws -> EndpointState? { try await base.load(origin: origin) }
    func save(_ state: EndpointState, origin: String) {}
}
