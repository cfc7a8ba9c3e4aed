internal import HTTPTypes
internal import Orders

/// The webshop API as far as the reference knows it (sections 1 to 4, 8 and 9); where it is silent, Django REST framework's habits.
struct CloudSuiteSurface: SimulatedSurface {
    let configuration: CloudSuiteConfiguration
    private let fixtures: FixtureFolder
    var orders: OrderStore
    var tokens: TokenBook
    private let parties: PartyBook
    /// PATCH and PUT that took effect.
    var writes = 0
    /// Changes of state against the flow draft, quotation, confirmed, processing, done, or out of cancel.
    var backwardMoves = 0
    var tasks = TaskBook()
    /// What came under `/proxy/` and was taken, oldest first.
    var deliveries: [BookedDelivery] = []
    var feedback: [TakenFeedback] = []
    var orderStatuses: [TakenOrderStatus] = []

    init(configuration: CloudSuiteConfiguration, fixtures: FixtureFolder, at now: Int64) {
        self.configuration = configuration
        self.fixtures = fixtures
        tokens = TokenBook(configuration: configuration)
        parties = PartyBook(fixtures: fixtures)
        orders = Self.openStore(configuration, fixtures, at: now)
    }

    private static func openStore(_ configuration: CloudSuiteConfiguration, _ fixtures: FixtureFolder, at now: Int64)
        -> OrderStore
    {
        var store = OrderStore(
            generator: OrderGenerator(configuration: configuration, openedUnixMicroseconds: now),
            shuffleSeed: configuration.listOrder == .shuffled ? configuration.seed : nil)
        for order in fixtures.orders {
            let body = order.body(now: configuration.zone.naive(unixMicroseconds: now))
            store.put(id: order.id, body: body.serialized(), offline: order.offline)
        }
        return store
    }

    func kind(of request: SimulatedRequest) -> String {
        let segments = request.segments
        switch (segments.first, segments.count) {
        case ("realms", _): return "token"
        case ("proxy", _): return ProxyInterface(segments)?.rawValue ?? "other"
        case ("api", 2): return "\(segments[1])-list"
        case ("api", 3...): return segments[1]
        default: return "other"
        }
    }

    var statistics: [(String, Int)] {
        [
            ("orders", orders.count), ("writes", writes), ("backward_moves", backwardMoves), ("tokens_issued", tokens.issued),
            ("deliveries", deliveries.count), ("order_feedback", feedback.count), ("order_statuses", orderStatuses.count),
        ]
    }

    /// Nothing to note: the host counts.
    mutating func received(_ request: SimulatedRequest) {}

    mutating func expireTokens() { tokens.expireAll() }

    mutating func reset(at now: Int64) {
        self = CloudSuiteSurface(configuration: configuration, fixtures: fixtures, at: now)
    }

    mutating func answer(_ request: SimulatedRequest, at now: Int64) -> SurfaceAnswer {
        let segments = request.segments
        if segments.first == "realms" {
            guard segments.count == 5, segments[1].hasPrefix("CloudSuite"),
                segments[2...] == ["protocol", "openid-connect", "token"]
            else { return SurfaceAnswer(.html(404, title: "Not Found"), .none) }
            return SurfaceAnswer(tokens.answer(request, at: now), .none)
        }
        guard ["api", "proxy"].contains(segments.first), segments.count > 1 else {
            return SurfaceAnswer(.html(404, title: "Not Found"), .none)
        }
        if !request.isLate, let refusal = tokens.refusal(of: request, at: now) {
            return SurfaceAnswer(refusal, request.refusedEffect)
        }
        if segments[0] == "proxy" { return proxyAnswer(request, segments, at: now) }
        switch segments[1] {
        case "order": return orderAnswer(request, segments, at: now)
        case "customer", "address", "origin":
            return SurfaceAnswer(parties.answer(request, segments, configuration: configuration), .none)
        case "task" where segments.count == 3: return SurfaceAnswer(tasks.answer(id: segments[2]), .none)
        default: return SurfaceAnswer(.html(404, title: "Not Found"), .none)
        }
    }

    private mutating func orderAnswer(_ request: SimulatedRequest, _ segments: [String], at now: Int64) -> SurfaceAnswer {
        let isWrite = request.method != "GET"
        if segments.count == 2 {
            guard !isWrite else { return SurfaceAnswer(.notAllowed(request.method, allow: "GET"), .notApplied) }
            guard request.path.hasSuffix("/") else { return SurfaceAnswer(.slashRedirect(request), .none) }
            return SurfaceAnswer(list(request), .none)
        }
        guard segments.count == 3 else { return SurfaceAnswer(.html(404, title: "Not Found"), request.refusedEffect) }
        switch request.method {
        case "GET":
            let body = orderID(segments[2]).flatMap { orders.body(id: $0) }
            return SurfaceAnswer(body.map { .json(bytes: $0) } ?? .detail(404, "Not found."), .none)
        case "PATCH", "PUT":
            guard request.path.hasSuffix("/") else { return SurfaceAnswer(.html(404, title: "Not Found"), .notApplied) }
            return write(request, segments[2], at: now)
        default: return SurfaceAnswer(.notAllowed(request.method, allow: "GET, PUT, PATCH"), .notApplied)
        }
    }

    /// A numeric id, or `ext:` and the order's key.
    private func orderID(_ address: String) -> Int? {
        address.hasPrefix("ext:") ? orders.id(key: String(address.dropFirst(4))) : Int(address)
    }

    private mutating func list(_ request: SimulatedRequest) -> SimulatedResponse {
        do {
            let query = try OrderQuery(request.query, configuration: configuration)
            let (ids, count) = orders.page(query)
            let page = ListPage(
                count: count, limit: query.limit, offset: query.offset, filters: query.filterPairs,
                host: configuration.nextLinkHost ?? request.host, path: request.path)
            return page.response(ids.map { OrderSummary.bytes(of: orders.body(id: $0) ?? []) })
        } catch {
            return error.response
        }
    }
}

extension SimulatedRequest {
    var refusedEffect: RequestEffect { method == "GET" ? .none : .notApplied }
}

extension SimulatedResponse {
    /// Django's answer to a GET that lacks the slash at the end.
    static func slashRedirect(_ request: SimulatedRequest) -> SimulatedResponse {
        var response = html(301, title: "Moved Permanently")
        response.headers = [(.location, request.path + "/" + (request.query.isEmpty ? "" : "?" + request.query))]
        return response
    }
}
