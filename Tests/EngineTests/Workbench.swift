import CloudSuite
import Engine
import Ledger
import Logging
import Mapping
import OrderFlow
import Orders
import Settings
import Simulators
import SinkKit
import Sinks
import Synchronization
import TestSupport
import Transport

/// A real engine between the simulated shop and the simulated ERP, over real sockets, on a ledger in memory.
final class Workbench: Sendable {
    let shop: CloudSuiteSimulator
    let erp: ERPSimulator
    let ledger: InMemoryLedger
    let flow: Flow
    let outcomes = Outcomes()
    private let exchange: CurlExchange
    private let timekeeper: any Timekeeper

    /// Stands still, so that no read grows old however slow the machine is. Nothing may have to wait.
    struct StandingClock: Timekeeper {
        let millisecondsSince1970 = SystemTimekeeper().millisecondsSince1970
        func sleep(milliseconds: Int64) async throws {}
    }

    /// Collects what a run tells.
    final class Outcomes: RunObserver {
        private let all = Mutex<[OrderOutcome]>([])

        func runBegan(flow: String) {}
        func listed(flow: String, total: Int, new: Int) {}
        func settled(_ outcome: OrderOutcome) { all.withLock { $0.append(outcome) } }
        var latest: [Int64: OrderOutcome] {
            all.withLock { Dictionary($0.map { ($0.key.orderID, $0) }, uniquingKeysWith: { _, last in last }) }
        }
    }

    init(
        _ mode: ERPConfiguration.Mode = .key, orders: Int = 1, timekeeper: any Timekeeper = SystemTimekeeper(),
        configureERP: (inout ERPConfiguration) -> Void = { _ in },
        configureShop: (inout CloudSuiteConfiguration) -> Void = { _ in }, policy adjust: (inout FlowPolicy) -> Void = { _ in },
        exchange wrap: (any HTTPExchange) -> any HTTPExchange = { $0 }
    ) async throws {
        var shopConfiguration = CloudSuiteConfiguration()
        shopConfiguration.orders = orders
        configureShop(&shopConfiguration)
        shop = try CloudSuiteSimulator(configuration: shopConfiguration)
        let shopURL = try await shop.start()
        var erpConfiguration = ERPConfiguration()
        erpConfiguration.mode = mode
        erpConfiguration.acceptAnyProduct = true
        configureERP(&erpConfiguration)
        erp = ERPSimulator(configuration: erpConfiguration)
        let erpURL = try await erp.start()
        exchange = try CurlExchange()
        ledger = InMemoryLedger(identity: LedgerIdentity(id: "test", createdAt: Timestamp(milliseconds: 0)))
        self.timekeeper = timekeeper
        flow = try Self.flow(shopURL, erpURL, mode, shopConfiguration, wrap(exchange), timekeeper, adjust)
    }

    private static func flow(
        _ shopURL: String, _ erpURL: String, _ mode: ERPConfiguration.Mode, _ configuration: CloudSuiteConfiguration,
        _ exchange: any HTTPExchange, _ timekeeper: any Timekeeper, _ adjust: (inout FlowPolicy) -> Void
    ) throws -> Flow {
        let surroundings = Endpoint.Surroundings(exchange: exchange)
        var call = CallMachine.Settings()
        call.attemptsMax = 1
        let tokens = Endpoint(
            Endpoint.Settings(base: try BaseURL(shopURL + CloudSuiteSimulator.tokenPath)), surroundings: surroundings)
        let endpoint = Endpoint(
            Endpoint.Settings(base: try BaseURL(shopURL), call: call),
            authorizer: OAuth2ClientCredentials(
                tokens: tokens,
                client: .init(identifier: configuration.clientID, secret: configuration.clientSecret, scope: "openid")),
            surroundings: surroundings)
        let clock = ShopClock(zone: "Europe/Amsterdam")!
        let client = CloudSuiteClient(endpoint: endpoint, settings: .init(clock: clock), timekeeper: timekeeper)
        var parties = PartyDirectory.Settings()
        parties.paths = [.customer: "/api/customer/{id}/", .address: "/api/address/{id}/"]
        let sinkClass: SinkClass =
            switch mode {
            case .key: .key(retention: nil, latestEffect: nil)
            case .lookUp: .lookUp(latestEffect: .milliseconds(600))
            case .neither: .neither
            }
        var sink = RESTSinkSettings(sinkClass: sinkClass)
        sink.lineKeyPath = "line_id"
        let erp = Endpoint(
            Endpoint.Settings(base: try BaseURL(erpURL), call: call),
            authorizer: FixedAuthorizer.header("X-Api-Key", "simulated-key"),
            surroundings: surroundings)
        var policy = FlowPolicy(sinkClass: sinkClass, ledgerCreatedAt: Timestamp(milliseconds: 0))
        policy.retry = OrderBackoff(initial: .milliseconds(20), max: .milliseconds(100))
        adjust(&policy)
        return Flow(
            name: "main", shopName: "test", shop: client,
            parties: PartyDirectory(endpoint: endpoint, settings: parties, timekeeper: timekeeper), sinkName: "erp",
            sink: RESTSink(sink, endpoint: erp), policy: policy, pull: PullPolicy(since: Timestamp(milliseconds: 0)),
            sinkTimeLimit: .seconds(5))
    }

    var surroundings: Surroundings {
        Surroundings(
            ledger: ledger, timekeeper: timekeeper, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            holder: "test", observer: outcomes)
    }

    var desk: OrderDesk { OrderDesk(flow, surroundings: surroundings) }

    /// - Parameter sink: in the ERP's place.
    @discardableResult
    func run(_ sink: (any ERPSink)? = nil) async -> FlowRun.Report {
        var flow = flow
        if let sink {
            flow.sink = sink
            flow.policy.sinkClass = sink.capabilities.sinkClass
        }
        return await FlowRun(flow, surroundings: surroundings).run(id: "run")
    }

    /// The one order of a bench with one.
    var orderID: Int { shop.orderIDs(state: "confirmed").first ?? shop.orderIDs(state: "processing").first ?? 100_001 }

    func reason(_ id: Int) -> ReasonCode? { ledger.row(OrderKey(shop: "test", orderID: Int64(id)))?.state.reason }

    func shopText(_ id: Int, _ member: String) -> String? { shop.order(id)?[member]?.stringValue }

    func stop() async {
        await shop.stop()
        await erp.stop()
        await exchange.shutdown()
    }
}

enum InMemoryLedgerFactory {
    static func empty() -> InMemoryLedger {
        InMemoryLedger(identity: LedgerIdentity(id: "second", createdAt: Timestamp(milliseconds: 1)))
    }
}
