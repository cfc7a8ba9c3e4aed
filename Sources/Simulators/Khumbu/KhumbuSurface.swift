internal import HTTPTypes
internal import Orders

/// The token endpoint and the four calls under `/providers/{provider}/partners/{pos}/markets/{market}`.
struct KhumbuSurface: SimulatedSurface {
    let configuration: KhumbuConfiguration
    private var tokens: KhumbuTokens
    var orders: [KhumbuOrder] = []
    private(set) var positions: [String: Int] = [:]
    var post = KhumbuPost()
    var audit: [String: KhumbuAudit] = [:]
    /// What the POS is working on.
    var tasks: [POSTask] = []

    struct POSTask: Sendable {
        let position: Int
        let isCancellation: Bool
        let dueUnixMicroseconds: Int64
        let fault: KhumbuMessageFault?
    }

    init(configuration: KhumbuConfiguration) {
        self.configuration = configuration
        tokens = KhumbuTokens(configuration: configuration)
    }

    func kind(of request: SimulatedRequest) -> String {
        if request.path == KhumbuSimulator.tokenPath { return "token" }
        return switch Self.call(request.segments.suffix(2)) {
        case .create?: "orders"
        case let call?: call.rawValue
        case nil: "other"
        }
    }

    /// The last two parts of the path: three times `orders`, and `order` for fire, as documented.
    private static func call(_ segments: some Collection<String>) -> KhumbuRequest.Kind? {
        switch segments.joined(separator: "/") {
        case "orders/notification": .create
        case "order/fire": .fire
        case "orders/adjustcart": .cart
        case "orders/cancel": .cancel
        default: nil
        }
    }

    var statistics: [(String, Int)] {
        [
            ("orders", orders.count), ("orders_at_pos", orders.reduce(0) { $0 + $1.timesAtPOS }),
            ("webhooks_waiting", post.waiting.count),
        ]
    }

    mutating func expireTokens() { tokens.expireAll() }

    mutating func reset(at now: Int64) { self = KhumbuSurface(configuration: configuration) }

    mutating func received(_ request: SimulatedRequest) {
        guard let id = (try? request.parsedBody())?["providerOrderId"]?.stringValue else { return }
        switch Self.call(request.segments.suffix(2)) {
        case .create?: audit[id, default: KhumbuAudit()].creates += 1
        case .fire?: audit[id, default: KhumbuAudit()].fires += 1
        case .cancel?: audit[id, default: KhumbuAudit()].cancels += 1
        case .cart?, nil: break
        }
    }

    mutating func answer(_ request: SimulatedRequest, at now: Int64) -> SurfaceAnswer {
        settlePOS(until: now)
        if request.path == KhumbuSimulator.tokenPath { return SurfaceAnswer(tokens.answer(request, at: now), .none) }
        do throws(KhumbuRefusal) {
            return SurfaceAnswer(try answer(try call(request, at: now), request, at: now), .applied)
        } catch { return SurfaceAnswer(error.response(configuration.answers), .notApplied) }
    }

    /// Credentials, path, method and media type.
    private func call(_ request: SimulatedRequest, at now: Int64) throws(KhumbuRefusal) -> KhumbuRequest.Kind {
        guard request.isLate || tokens.isValid(request, at: now) else { throw KhumbuRefusal(gateway: 401, "Unauthorized") }
        guard request.headers[.apiKey] == configuration.apiKey else { throw KhumbuRefusal(gateway: 403, "Forbidden") }
        let segments = request.segments
        guard segments.count == 10, !request.path.hasSuffix("/"),
            segments[0...1].joined(separator: "/") == KhumbuSimulator.basePath.dropFirst(),
            segments[2] == "providers", segments[4] == "partners", segments[6] == "markets", let call = Self.call(segments[8...])
        else { throw KhumbuRefusal(gateway: 404, "Not Found") }
        guard request.method == "POST" else { throw KhumbuRefusal(gateway: 405, "Method Not Allowed") }
        guard request.mediaType == "application/json" else { throw KhumbuRefusal(gateway: 415, "Unsupported Media Type") }
        guard (2...100).contains(segments[3].count) else {
            throw KhumbuRefusal("KS-0002", "The provider name has from 2 to 100 characters.")
        }
        guard segments[3] == configuration.provider else { throw KhumbuRefusal("KS-0003", "The provider is not known.") }
        guard segments[5] == configuration.partner else { throw KhumbuRefusal("KS-0012", "The partner name is not known.") }
        // No code names the market; access to it is what one hasn't got (inferred).
        guard segments[7] == configuration.market else { throw KhumbuRefusal("KS-0008", "Access is denied.") }
        return call
    }

    private mutating func answer(
        _ call: KhumbuRequest.Kind, _ request: SimulatedRequest, at now: Int64
    ) throws(KhumbuRefusal) -> SimulatedResponse {
        let read = try KhumbuRequest(request.body, call, configuration)
        switch call {
        case .create: return accepted(try create(read, at: now))
        case .fire: return accepted(try fire(read, at: now))
        case .cancel: return accepted(try cancel(read, at: now))
        case .cart: return cart(read)
        }
    }

    private func accepted(_ order: KhumbuOrder) -> SimulatedResponse {
        let answers = configuration.answers
        guard answers.acceptedBody == .ids else {
            return SimulatedResponse(status: answers.acceptedStatus, contentType: "application/json", body: [])
        }
        return .json(
            answers.acceptedStatus,
            [
                "ksOrderId": .text(order.ksOrderID), "partnerOrderId": .text(order.partnerOrderID),
                "providerOrderId": .text(order.providerOrderID),
            ])
    }

    // MARK: The four calls

    private mutating func create(_ request: KhumbuRequest, at now: Int64) throws(KhumbuRefusal) -> KhumbuOrder {
        if let position = positions[request.providerOrderID] {
            let hasEnded = [.failed, .cancelled].contains(orders[position].state)
            guard hasEnded, !configuration.answers.endedOrdersKeepTheirID else {
                throw KhumbuRefusal("KS-0018", "The provider order id \(request.providerOrderID) is a duplicate.")
            }
        }
        let position = orders.count
        var random = SeededRandom(seed: configuration.seed, number: position)
        let order = KhumbuOrder(
            providerOrderID: request.providerOrderID, providerStoreID: request.providerStoreID,
            ksOrderID: String(1_000_001 + position), partnerOrderID: "pos-\(String(random.next(), radix: 16))",
            items: request.items, state: request.notification == .hold ? .hold : .atPOS)
        positions[request.providerOrderID] = position
        orders.append(order)
        audit[request.providerOrderID, default: KhumbuAudit()].accepted += 1
        if order.state == .atPOS { handToPOS(position, at: now) }
        if order.state == .hold, configuration.pos.answersHold { tell(order, "SUCCESS", nil, at: now, nil) }
        return order
    }

    /// "checks that the order exists and is in HOLD" (Fire Order, guide); with which code isn't told.
    private mutating func fire(_ request: KhumbuRequest, at now: Int64) throws(KhumbuRefusal) -> KhumbuOrder {
        guard let position = positions[request.providerOrderID], orders[position].state == .hold else {
            throw KhumbuRefusal("KS-0010", "The order \(request.providerOrderID) is not in HOLD.")
        }
        orders[position].state = .atPOS
        handToPOS(position, at: now)
        return orders[position]
    }

    private mutating func cancel(_ request: KhumbuRequest, at now: Int64) throws(KhumbuRefusal) -> KhumbuOrder {
        guard let position = positions[request.providerOrderID] else {
            throw KhumbuRefusal("KS-0020", "The provider order id \(request.providerOrderID) is not known.")
        }
        switch orders[position].state {
        case .cancelled: throw KhumbuRefusal("KS-1005", "The order is already cancelled.")
        case .failed: throw KhumbuRefusal("KS-0020", "The provider order id \(request.providerOrderID) is not known.")
        case .hold, .atPOS, .succeeded, .cancelling:
            let delay = delayMicroseconds(position, of: 2)
            let fault = post.strike()
            tasks.append(
                POSTask(position: position, isCancellation: true, dueUnixMicroseconds: now + delay, fault: fault))
            return orders[position]
        }
    }

    private func cart(_ request: KhumbuRequest) -> SimulatedResponse {
        guard configuration.answers.cart == .direct else {
            return SimulatedResponse(status: configuration.answers.acceptedStatus, contentType: "application/json", body: [])
        }
        let unknown = unknownItems(request.items)
        let valid = request.items.filter { !unknown.contains($0.id) }.map { JSONValue.text($0.id) }
        return .json(
            200,
            [
                "validItems": .array(valid),
                "discrepancies": .array(unknown.map { ["id": .text($0), "reason": "The item is not on the menu."] }),
            ])
    }

    func unknownItems(_ items: [KhumbuOrder.Item]) -> [String] {
        items.flatMap { item in
            (configuration.menu.items.contains(item.id) ? [] : [item.id])
                + item.optionIDs.filter { !configuration.menu.options.contains($0) }
        }
    }

    // MARK: Control

    mutating func control(_ request: SimulatedRequest, at now: Int64) -> SimulatedResponse? {
        settlePOS(until: now)
        let segments = Array(request.segments.dropFirst())
        switch (request.method, segments.first, segments.count) {
        case ("GET", "audit", 1):
            return .json(200, ["orders": .object(JSONObject(audit.keys.sorted().map { ($0, entry($0)) }))])
        case ("POST", "messages", 2) where segments[1] == "faults": return addFault(request)
        case ("DELETE", "messages", 2) where segments[1] == "faults":
            post.clearFaults()
            return .json(200, ["cleared": true])
        case ("POST", "orders", 3) where segments[2] == "cancel":
            return cancelAtPOS(segments[1], at: now) ? .json(200, ["cancelled": true]) : nil
        default: return nil
        }
    }

    private func entry(_ id: String) -> JSONValue {
        var object = audit[id]?.json.objectValue ?? JSONObject()
        if let position = positions[id] { object.append("order", orders[position].json) }
        return .object(object)
    }

    private mutating func addFault(_ request: SimulatedRequest) -> SimulatedResponse {
        let body = try? request.parsedBody()
        let times = body?["times"].map { $0.integerValue ?? 0 } ?? 1
        guard let fault = body?["fault"]?.stringValue.flatMap(KhumbuMessageFault.init(rawValue:)), (1...1_000_000).contains(times)
        else {
            let known = KhumbuMessageFault.allCases.map(\.rawValue).joined(separator: ", ")
            return .detail(400, "'fault' is one of \(known); 'times' a whole number from 1.")
        }
        post.add(fault, times: Int(times))
        return .json(201, ["fault": .text(fault.rawValue), "times": .integer(times)])
    }
}
