import CloudSuite
import Engine
import Ledger
import OrderFlow
import Orders
import Settings
import SinkKit
import Sinks
import Transport

/// Makes flows of what the configuration says.
struct FlowAssembly {
    let configuration: Configuration
    let remotes: Remotes
    let plugins: Plugins
    let timekeeper: any Timekeeper
    let ledger: LedgerIdentity
    let onlyReads: Bool
    /// A dry run before the first run shows what that one does once it has waited for what an earlier ledger may have sent.
    let isBeforeFirstRun: Bool
    var startsPrograms = true

    /// The same, in which sinks that are programs stand still.
    var withoutPrograms: FlowAssembly {
        var assembly = self
        assembly.startsPrograms = false
        return assembly
    }

    /// - Throws: ``CommandFailure``.
    func flow(_ settings: FlowSettings) async throws -> Flow {
        // The reader has made sure that both names exist.
        guard let shop = configuration.shop(settings.shop), let sinkSettings = configuration.sink(settings.sink),
            let clock = ShopClock(zone: shop.zone), let since = clock.instant(settings.since)
        else {
            throw CommandFailure(
                .badConfiguration, "flow '\(settings.name)' names parts that aren't there, or an impossible date")
        }
        let endpoint = try remotes.endpoint(shop.remote, name: "shop '\(shop.name)'", concurrency: settings.concurrency)
        let client = CloudSuiteClient(
            endpoint: endpoint,
            settings: CloudSuiteClient.Settings(
                clock: clock, pageLimit: shop.pageLimit, totalField: shop.totalField, volatileFields: shop.volatileFields),
            timekeeper: timekeeper)
        let sink = try await sink(sinkSettings, concurrency: settings.concurrency)
        if settings.template.despatch != nil, !sink.capabilities.tellsShipments {
            throw CommandFailure(
                .badConfiguration,
                "flow '\(settings.name)' tells of shipments, and sink '\(sinkSettings.name)' doesn't say what was sent out; "
                    + "set 'despatch: off', or tell the sink where it learns of shipments")
        }
        if settings.template.cancel == .erp, !sink.capabilities.cancels {
            throw CommandFailure(
                .badConfiguration,
                "flow '\(settings.name)' has the ERP cancel orders, and sink '\(sinkSettings.name)' can't; set 'cancel: person'")
        }
        if sink.capabilities.deliversSecrets, configuration.vault == nil {
            throw CommandFailure(
                .badConfiguration,
                "sink '\(sinkSettings.name)' of flow '\(settings.name)' hands out codes, which are kept encrypted; give the key under 'codes'"
            )
        }
        if settings.webhook != nil, !sink.capabilities.receivesMessages {
            throw CommandFailure(
                .badConfiguration,
                "flow '\(settings.name)' has a webhook, and sink '\(sinkSettings.name)' takes no messages; leave 'webhook' off")
        }
        let documents = DocumentAssembly(
            configuration: configuration, remotes: remotes, timekeeper: timekeeper, flow: settings, endpoint: endpoint,
            clock: clock)
        var flow = Flow(
            name: settings.name, shopName: shop.name, shop: client,
            parties: PartyDirectory(endpoint: endpoint, settings: Self.parties(shop), timekeeper: timekeeper),
            sinkName: sinkSettings.name, sink: sink,
            policy: settings.policy(
                sinkClass: waited(Self.sinkClass(of: sink, sinkSettings, settings)), ledgerCreatedAt: ledger.createdAt),
            mapping: settings.mapping,
            pull: PullPolicy(since: since, overlap: settings.overlap, sweepEvery: settings.sweepEvery),
            concurrency: settings.concurrency, sinkTimeLimit: settings.sinkTimeLimit)
        flow.documents = try documents.documents()
        flow.vault = configuration.vault
        return flow
    }

    private func waited(_ sinkClass: SinkClass) -> SinkClass {
        guard isBeforeFirstRun, case .lookUp = sinkClass else { return sinkClass }
        return .lookUp(latestEffect: .zero)
    }

    /// A program that is a sink isn't cut off from its ERP when this one is killed: it may go on with the call it was making for as long
    /// as that could last.
    private static func sinkClass(of sink: any ERPSink, _ settings: SinkSettings, _ flow: FlowSettings) -> SinkClass {
        guard case .plugin = settings.kind else { return sink.capabilities.sinkClass }
        switch sink.capabilities.sinkClass {
        case .lookUp(let latestEffect): return .lookUp(latestEffect: latestEffect + flow.sinkTimeLimit)
        case .key(let retention, let latestEffect?):
            return .key(retention: retention, latestEffect: latestEffect + flow.sinkTimeLimit)
        case .key, .neither: return sink.capabilities.sinkClass
        }
    }

    /// - Parameter concurrency: connections kept open to it.
    func sink(_ settings: SinkSettings, concurrency: Int) async throws -> any ERPSink {
        switch settings.kind {
        case .sqlite(let path, let numberPrefix, let requiredFields):
            do throws(SinkError) {
                return try SQLiteSink(
                    SQLiteSink.Settings(path: path, numberPrefix: numberPrefix, requiredFields: requiredFields),
                    onlyReads: onlyReads)
            } catch { throw CommandFailure(.badConfiguration, error.message) }
        case .rest(let remote, let rest):
            return RESTSink(
                rest, endpoint: try remotes.endpoint(remote, name: "sink '\(settings.name)'", concurrency: concurrency),
                timekeeper: timekeeper)
        case .plugin(let plugin):
            return startsPrograms ? try await plugins.sink(plugin, name: settings.name) : UnstartedSink(name: settings.name)
        case .file(let file): return FileSink(file, onlyReads: onlyReads)
        case .tryton(let remote, let tryton):
            return TrytonSink(
                tryton, endpoint: try remotes.endpoint(remote, name: "sink '\(settings.name)'", concurrency: concurrency),
                timekeeper: timekeeper)
        case .odoo(let remote, let odoo):
            return OdooSink(
                odoo, endpoint: try remotes.endpoint(remote, name: "sink '\(settings.name)'", concurrency: concurrency),
                timekeeper: timekeeper)
        case .ezcards(let remote, let ezcards):
            return EZCardsSink(
                ezcards, endpoint: try remotes.endpoint(remote, name: "sink '\(settings.name)'", concurrency: concurrency),
                timekeeper: timekeeper)
        case .khumbu(let remote, let khumbu):
            return KhumbuSink(
                khumbu, shops: configuration.shops.map(\.name) + khumbu.rehearsedShops,
                endpoint: try remotes.endpoint(remote, name: "sink '\(settings.name)'", concurrency: concurrency),
                timekeeper: timekeeper)
        }
    }

    private static func parties(_ shop: ShopSettings) -> PartyDirectory.Settings {
        var settings = PartyDirectory.Settings()
        settings.paths[.customer] = shop.customerPath
        settings.paths[.address] = shop.addressPath
        settings.listPaths[.customer] = shop.customerListPath
        settings.listPaths[.address] = shop.addressListPath
        settings.tables = [.customer: shop.customers, .address: shop.addresses]
        return settings
    }
}
