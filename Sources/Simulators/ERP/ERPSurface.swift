internal import HTTPTypes
internal import Orders

/// A small REST ERP: `POST /orders`, `GET /orders?external_reference=`, `GET /orders/{number}`, `GET /orders/{number}/shipments`,
/// `POST /orders/{number}/cancel`.
struct ERPSurface: SimulatedSurface {
    let configuration: ERPConfiguration
    var orders: [ERPOrder] = []
    private var positions: [String: Int] = [:]
    /// The orders under each external reference, by position.
    private var references: [String: [Int]] = [:]
    /// In key mode: the bytes first sent with a key, and the position of the order they made.
    private var keys: [String: (body: [UInt8], position: Int)] = [:]
    private(set) var audit: [String: ERPAuditEntry] = [:]
    /// Of those that were given an id here.
    var shipmentCount = 0

    init(configuration: ERPConfiguration) { self.configuration = configuration }

    func kind(of request: SimulatedRequest) -> String {
        let segments = request.path.split(separator: "/", maxSplits: 3)
        guard segments.first == "orders" else { return "other" }
        return segments.count == 1 ? "orders" : segments.count == 2 ? "order" : "order-\(segments[2])"
    }

    var statistics: [(String, Int)] {
        [("orders", orders.count), ("references_with_several_orders", references.values.count { $0.count > 1 })]
    }

    /// This ERP's key doesn't expire.
    mutating func expireTokens() {}

    mutating func reset(at now: Int64) { self = ERPSurface(configuration: configuration) }

    mutating func received(_ request: SimulatedRequest) {
        guard request.method == "POST", request.path == "/orders" else { return }
        let reference = (try? request.parsedBody())?["external_reference"]?.stringValue ?? request.headers[.idempotencyKey] ?? ""
        audit[reference, default: ERPAuditEntry()].posts += 1
    }

    mutating func answer(_ request: SimulatedRequest, at now: Int64) -> SurfaceAnswer {
        guard request.headers[.apiKey] == configuration.apiKey else {
            return SurfaceAnswer(.error(401, "unauthorized", "The header X-Api-Key is missing or wrong."), request.refusedEffect)
        }
        let segments = request.segments
        guard segments.first == "orders" else {
            return SurfaceAnswer(.error(404, "not_found", "No such path."), request.refusedEffect)
        }
        switch (request.method, segments.count) {
        case ("POST", 1): return create(request, at: now)
        case ("GET", 1): return SurfaceAnswer(find(request, at: now), .none)
        case ("GET", 2):
            let order = positions[segments[1]].map { orders[$0] }
            return SurfaceAnswer(order.map { .json(200, $0.json) } ?? .error(404, "not_found", "No such order."), .none)
        case ("GET", 3) where segments[2] == "shipments":
            return SurfaceAnswer(shipments(segments[1], at: now) ?? .error(404, "not_found", "No such order."), .none)
        case ("POST", 3) where segments[2] == "cancel":
            guard let order = cancel(segments[1]) else {
                return SurfaceAnswer(.error(404, "not_found", "No such order."), .notApplied)
            }
            return SurfaceAnswer(.json(200, order.json), .applied)
        default: return SurfaceAnswer(.error(405, "method_not_allowed", "Not here."), request.refusedEffect)
        }
    }

    func position(of number: String) -> Int? { positions[number] }

    /// The first order under an external reference.
    func position(ofReference reference: String) -> Int? { references[reference]?.first }

    /// `nil` where there is no such order.
    mutating func cancel(_ number: String) -> ERPOrder? {
        guard let position = positions[number] else { return nil }
        orders[position].state = "cancelled"
        return orders[position]
    }

    private mutating func create(_ request: SimulatedRequest, at now: Int64) -> SurfaceAnswer {
        guard request.mediaType == "application/json" else {
            return SurfaceAnswer(.error(415, "unsupported_media_type", "The body must be application/json."), .notApplied)
        }
        let draft: ERPOrderDraft
        do {
            draft = try ERPOrderDraft(try request.parsedBody(), configuration: configuration)
        } catch let faults as DocumentFaults {
            return SurfaceAnswer(.json(422, faults.json), .notApplied)
        } catch {
            return SurfaceAnswer(.error(400, "invalid_json", "\(error)"), .notApplied)
        }
        guard configuration.mode == .key else { return made(draft, request, key: nil, at: now) }
        guard let key = request.headers[.idempotencyKey] ?? draft.externalReference else {
            return SurfaceAnswer(.error(400, "key_required", "Send Idempotency-Key or external_reference."), .notApplied)
        }
        guard let earlier = keys[key] else { return made(draft, request, key: key, at: now) }
        guard earlier.body == request.body else {
            return SurfaceAnswer(
                .error(409, "conflicting_request", "The key was used with another body for \(orders[earlier.position].number)."),
                .notApplied)
        }
        return SurfaceAnswer(.json(200, orders[earlier.position].json), .none)
    }

    private mutating func made(_ draft: ERPOrderDraft, _ request: SimulatedRequest, key: String?, at now: Int64) -> SurfaceAnswer
    {
        let number = "SO-" + NaiveDateTime.padded(orders.count + 1, 6)
        let order = ERPOrder(number: number, draft: draft, configuration: configuration, at: now)
        positions[number] = orders.count
        if let reference = draft.externalReference { references[reference, default: []].append(orders.count) }
        if let key { keys[key] = (request.body, orders.count) }
        orders.append(order)
        let reference = draft.externalReference ?? request.headers[.idempotencyKey] ?? ""
        audit[reference, default: ERPAuditEntry()].orderNumbers.append(number)
        audit[reference, default: ERPAuditEntry()].createdUnixMicroseconds.append(now)
        return SurfaceAnswer(.json(201, order.json), .applied)
    }

    private func find(_ request: SimulatedRequest, at now: Int64) -> SimulatedResponse {
        guard configuration.mode != .neither else { return .error(404, "not_found", "This ERP has no look-up.") }
        guard let reference = PercentEncoding.pairs(request.query).first(where: { $0.name == "external_reference" })?.value else {
            return .error(400, "filter_required", "Say which external_reference.")
        }
        let lag = Int64(max(configuration.lookupLagMilliseconds, request.lookupLagMilliseconds)) * 1000
        let found = (references[reference] ?? []).map { orders[$0] }.filter {
            lag == 0 || $0.createdUnixMicroseconds <= now - lag
        }
        return .json(200, ["results": .array(found.map(\.json))])
    }

    /// `GET audit`, `GET orders/{number}`, `POST orders/{number}/cancel|ship|close`.
    mutating func control(_ request: SimulatedRequest, at now: Int64) -> SimulatedResponse? {
        let segments = request.segments.dropFirst()
        switch (request.method, segments.first, segments.count) {
        case ("GET", "audit", 1):
            let entries = audit.keys.sorted().map { ($0, audit[$0]?.json ?? .null) }
            return .json(200, ["orders_total": .integer(orders.count), "references": .object(JSONObject(entries))])
        case ("GET", "orders", 2): return segments.last.flatMap { positions[$0] }.map { .json(200, orders[$0].json) }
        case ("POST", "orders", 3) where segments.last == "cancel":
            return cancel(segments[segments.startIndex + 1]).map { .json(200, $0.json) }
        case ("POST", "orders", 3):
            return shippingControl(segments[segments.startIndex + 1], segments[segments.startIndex + 2], request, at: now)
        default: return nil
        }
    }
}

extension SimulatedResponse {
    fileprivate static func error(_ status: Int, _ code: String, _ message: String) -> SimulatedResponse {
        .json(status, ["error": .text(code), "message": .text(message)])
    }
}

extension HTTPField.Name {
    fileprivate static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
}
