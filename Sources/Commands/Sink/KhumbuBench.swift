import Orders
import Settings
import Simulators
import SinkKit
import SinkTesting
import Sinks
import Transport

/// A `khumbu` sink with its settings, and the bundled simulated Khumbu with a POS in the place of the real ones.
///
/// Crossdock's part of the webhooks is played by ``MessagedSink``.
struct KhumbuBench {
    private let sink: SinkSettings
    private let settings: KhumbuSinkSettings
    private let simulator: KhumbuSimulator
    private let inbox = MessageInbox()

    init(_ sink: SinkSettings, _ configured: KhumbuSinkSettings) {
        self.sink = sink
        settings = Self.rehearsed(configured)
        var configuration = KhumbuConfiguration()
        (configuration.provider, configuration.partner) = (settings.provider, settings.partner)
        configuration.market = settings.market
        configuration.stores = settings.stores.map {
            KhumbuStore($0.providerStoreID, partnerStoreID: $0.partnerStoreID ?? "P-1")
        }
        configuration.menu.fulfillmentModes = [settings.fulfillmentMode]
        configuration.menu.paymentMethods = settings.paymentMethods.values.sorted()
        configuration.menu.itemTypes = [settings.itemType]
        configuration.pos.delayMilliseconds = 0...20
        simulator = KhumbuSimulator(configuration: configuration)
    }

    /// With one store, which takes the sample's orders, and methods and sums that those have.
    private static func rehearsed(_ configured: KhumbuSinkSettings) -> KhumbuSinkSettings {
        var settings = configured
        var store = configured.store(ofWebshop: 1) ?? KhumbuSinkSettings.Store(providerStoreID: "S-1")
        store.webshop = nil
        settings.stores = [store]
        settings.total = .lines
        settings.paymentMethods[.paid] = settings.paymentMethods[.paid] ?? "CARD"
        settings.rehearsedShops = [SinkSample(products: []).shop]
        return settings
    }

    static func inSandbox(
        _ remote: RemoteSettings, _ configured: KhumbuSinkSettings, at place: String, key: String?
    ) -> SinkSettings.Kind {
        let simulated = KhumbuConfiguration()
        var (remote, settings) = (remote, rehearsed(configured))
        remote.baseURL = place + KhumbuSimulator.basePath
        remote.credentials = .oauth2(
            tokenURL: place + KhumbuSimulator.tokenPath, clientID: simulated.clientID,
            clientSecret: Secret(simulated.clientSecret), scope: "access/all")
        (remote.rateLimit, remote.certificateAuthoritiesFile) = (nil, nil)
        settings.apiKey = Secret(key ?? "")
        return .khumbu(remote, settings)
    }

    func bench(_ parts: SinkParts) async throws -> SinkBench {
        var sample = SinkSample(
            products: simulator.configuration.menu.items,
            // What isn't an id of a menu is refused before it is sent; any other text only the POS could refuse.
            unknownProduct: settings.itemIDs == .menu ? "NOT-ON-MENU" : nil, firstOrderID: parts.firstOrderID)
        sample.currency = "EUR"
        var bench = try await SinkBench.over(
            simulator, named: "Khumbu", key: simulator.configuration.apiKey, sink, sample, parts)
        bench.notes = ["Khumbu and its POS are the bundled simulated ones", "what its webhooks say is handed to whoever polls"]
        attend(&bench)
        equip(&bench.target)
        return bench
    }

    /// Has webhooks delivered for as long as the bench stands.
    private func attend(_ bench: inout SinkBench) {
        let (simulator, inbox) = (simulator, inbox)
        let courier = Task {
            await simulator.deliver { body in
                inbox.take(body, at: Timestamp(milliseconds: SystemTimekeeper().millisecondsSince1970))
            }
        }
        let (open, close, end, process) = (bench.target.open, bench.target.close, bench.end, bench.target.process)
        bench.target.open = { MessagedSink(try await open(), inbox: inbox) }
        bench.target.close = { sink in await close((sink as? MessagedSink)?.inner ?? sink) }
        bench.target.process = process.map { process in
            SinkProcess(
                open: { MessagedSink(try await process.open(), inbox: inbox) },
                kill: { sink in try await process.kill((sink as? MessagedSink)?.inner ?? sink) },
                close: { sink in await process.close((sink as? MessagedSink)?.inner ?? sink) })
        }
        bench.end = {
            courier.cancel()
            await courier.value
            await end()
        }
    }

    private func equip(_ target: inout SinkUnderTest) {
        let (simulator, settings) = (simulator, settings)
        target.auditor = SinkAuditor(
            orders: { key in
                let id = KhumbuOrderID(key)?.text
                return simulator.orders.filter { $0.providerOrderID == id && $0.state != .failed }.map { order in
                    SinkAuditedOrder(
                        number: settings.orderNumber == .providerOrderID ? order.providerOrderID : order.ksOrderID,
                        lines: order.items.map { item in
                            SinkAuditedOrder.Line(
                                quantity: ExactDecimal(item.quantity),
                                unitPrice: settings.amountUnit == .major ? item.price : nil, description: item.name)
                        })
                }
            }, requests: { key in KhumbuOrderID(key).map { simulator.audit($0.text).creates } ?? 0 })
        target.interference = SinkInterference(simulator, late: SinkClass.neither.lateness)
    }
}
