import CloudSuite
import Documents
import Engine
import Ledger
import Logging
import Mapping
import OrderFlow
import Orders
import Settings
import SinkKit
import Sinks
import Transport

/// What one process works with, put together as the program does it, on the simulated remotes, disk and clock.
struct Office {
    let flow: Flow
    let surroundings: Surroundings
    private let endpoints: [Endpoint]

    static let lease: Duration = .seconds(120)
    static let sinkTimeLimit: Duration = .seconds(10)
    /// How long a call to the shop may take.
    static let shopTimeLimit: Duration = .seconds(15)
    private static let logger = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }

    init(_ world: World, _ worker: Worker) {
        let plant = world.plant
        var exchange: any HTTPExchange = SimulatedExchange(world: world, worker: worker)
        var ledger: any Ledger = SimulatedLedger(world, worker)
        var timekeeper: any Timekeeper = SimulatedTimekeeper(world: world, worker: worker)
        var store: any EndpointStateStore = SimulatedEndpointStore(world: world, worker: worker)
        if let plant {
            exchange = plant.exchange?(exchange) ?? exchange
            ledger = plant.ledger?(ledger) ?? ledger
            timekeeper = plant.timekeeper?(timekeeper) ?? timekeeper
            store = plant.store?(store) ?? store
        }
        let parts = Parts(world: world, exchange: exchange, timekeeper: timekeeper, store: store)
        let shop = parts.shop()
        let (sink, erp) = parts.sink(worker)
        flow = parts.flow(shop, plant?.sink?(sink) ?? sink)
        endpoints = [shop] + (erp.map { [$0] } ?? [])
        surroundings = Surroundings(
            ledger: ledger, timekeeper: timekeeper, logger: Self.logger, holder: worker.holder, lease: Self.lease,
            observer: SilentObserver())
    }

    func close() async { for endpoint in endpoints { await endpoint.close() } }
}

/// Puts endpoints, clients and flows together.
private struct Parts {
    let world: World
    let exchange: any HTTPExchange
    let timekeeper: any Timekeeper
    let store: any EndpointStateStore

    private static let clock = ShopClock(zone: "Europe/Amsterdam")!
    private static let logger = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }
    private static let shopBase = base("http://\(World.shopHost)")
    private static let erpBase = base("http://\(World.erpHost)")
    private static let tokenBase = base("http://\(World.loginHost)/realms/CloudSuite-test/protocol/openid-connect/token")

    private static func base(_ url: String) -> BaseURL { try! BaseURL(url) }

    private func surroundings(_ store: any EndpointStateStore) -> Endpoint.Surroundings {
        Endpoint.Surroundings(
            exchange: exchange, store: store, timekeeper: timekeeper, random: SimulatedRandom(world: world), logger: Self.logger)
    }

    func shop() -> Endpoint {
        let deadlines = HTTPDeadlines(connect: .seconds(5), total: Office.shopTimeLimit, stall: Office.shopTimeLimit)
        let tokens = Endpoint(
            Endpoint.Settings(base: Self.tokenBase, deadlines: deadlines),
            surroundings: surroundings(InMemoryEndpointStateStore()))
        let authorizer = OAuth2ClientCredentials(
            tokens: tokens, client: .init(identifier: "crossdock", secret: World.shopSecret, scope: "openid"),
            timekeeper: timekeeper)
        return Endpoint(
            Endpoint.Settings(base: Self.shopBase, deadlines: deadlines), authorizer: authorizer,
            surroundings: surroundings(store))
    }

    func sink(_ worker: Worker) -> (any ERPSink, Endpoint?) {
        let sinkClass = world.schedule.sinkClass
        guard world.schedule.sink == .rest else {
            return (
                SimulatedSink(
                    world: world, worker: worker,
                    capabilities: SinkCapabilities(
                        sinkClass: sinkClass, tellsShipments: true, cancels: world.schedule.cancelling != nil,
                        receivesMessages: world.schedule.messages != nil)), nil
            )
        }
        let endpoint = Endpoint(
            Endpoint.Settings(base: Self.erpBase), authorizer: FixedAuthorizer.header("X-Api-Key", World.erpKey),
            surroundings: surroundings(store))
        var settings = RESTSinkSettings(sinkClass: sinkClass)
        settings.lineKeyPath = "line_id"
        return (RESTSink(settings, endpoint: endpoint, timekeeper: timekeeper), endpoint)
    }

    func flow(_ shop: Endpoint, _ sink: any ERPSink) -> Flow {
        let schedule = world.schedule
        var parties = PartyDirectory.Settings()
        parties.paths = [.customer: "/api/customer/{id}/", .address: "/api/address/{id}/"]
        var policy = FlowPolicy(sinkClass: schedule.sinkClass, ledgerCreatedAt: world.disk.identity.createdAt)
        policy.webshop = World.webshop
        policy.merge = schedule.merge
        policy.close = schedule.close
        policy.cancel = schedule.cancelling == nil ? .person : .erp
        policy.offline = schedule.offline == nil ? .ignore : .markSent
        if let plan = schedule.despatch {
            policy.despatch = DocumentPolicy(onUnknown: plan.onUnknown)
            if plan.tellsBuyer { policy.statusMoments = StatusMoment.allCases }
            if plan.confirmsByDocument { policy.confirmation = DocumentPolicy(onUnknown: plan.onUnknown) }
        }
        world.plant?.policy?(&policy)
        var flow = Flow(
            name: "main", shopName: World.shopName,
            shop: CloudSuiteClient(
                endpoint: shop,
                settings: .init(clock: Self.clock, pageLimit: schedule.pageLimit, totalField: "total_untaxed"),
                timekeeper: timekeeper),
            parties: PartyDirectory(endpoint: shop, settings: parties, timekeeper: timekeeper), sinkName: "erp", sink: sink,
            policy: policy, pull: PullPolicy(since: schedule.startsAt - .seconds(86_400)), concurrency: schedule.concurrency,
            sinkTimeLimit: Office.sinkTimeLimit)
        if schedule.despatch != nil { flow.documents = documents(shop) }
        let plant = world.plant
        flow.makePlanner = { [world] policy in
            let planner: any Planning = CountingPlanner(base: Planner(policy: policy), world: world)
            return plant?.planner?(planner, policy) ?? planner
        }
        flow.makeMessageJudge = { policy in
            let judge = MessageJudge(policy: policy)
            return plant?.judge?(judge) ?? judge
        }
        return flow
    }

    /// That the shop says "already known" of a number that it has is inferred; a pattern that can't be read is a mistake of ours.
    private static let deliveryRule = try! AnswerRule(expects: .status, alreadyKnown: "^409 .*already known")

    private func documents(_ shop: Endpoint) -> FlowDocuments {
        var style = DocumentStyle()
        style.despatch = .desadv
        style.confirmation = .orderRequest
        let credential = CXMLCredential(domain: "NetworkId", identity: "crossdock")
        style.cxml = CXMLStyle(from: credential, to: credential, sender: credential, host: "crossdock.test")
        style.cxml?.orderRequest.orderIDName = World.feedbackOrderName
        var documents = FlowDocuments(maker: DocumentMaker(style, clock: Self.clock), timeLimit: Office.shopTimeLimit)
        documents.despatchTarget = ShopDocumentTarget(
            .delivery(shop: "1", user: "10"), endpoint: shop, rule: Self.deliveryRule, timekeeper: timekeeper)
        documents.statusTexts = StatusText.Step.allCases.map { StatusText(step: $0, language: "nl_NL", text: $0.rawValue) }
        documents.statusTarget = ShopDocumentTarget(
            .orderStatus(shop: "1"), endpoint: shop, rule: AnswerRule(expects: .status), timekeeper: timekeeper)
        documents.confirmationTarget = ShopDocumentTarget(
            .orderFeedback(user: "10", shop: "1", mode: "update"), endpoint: shop, rule: AnswerRule(expects: .cxml),
            timekeeper: timekeeper)
        return documents
    }
}

extension Schedule {
    var sinkClass: SinkClass {
        switch letter {
        case .key: .key(retention: nil, latestEffect: keyHasLatestEffect ? .milliseconds(latestEffect) : nil)
        case .lookUp: .lookUp(latestEffect: .milliseconds(latestEffect))
        case .neither: .neither
        }
    }

    private var keyHasLatestEffect: Bool { seed % 4 < 2 }
}

/// Counts what the planner decides, so that every branch is known to have been taken.
private struct CountingPlanner: Planning {
    let base: Planner
    let world: World

    func next(_ progress: OrderProgress, at now: Timestamp) -> Decision {
        let decision = base.next(progress, at: now)
        world.countDecision(decision.name)
        return decision
    }
}
