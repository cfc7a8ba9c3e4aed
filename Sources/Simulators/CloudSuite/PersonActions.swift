internal import Orders

/// What people do in the shop, from its own screens: buyers, operators, the payment provider.
extension CloudSuiteSurface {
    /// Sets header fields to these values, whatever they are, and `modified_date`.
    ///
    /// - Returns: `false` where there is no such order.
    mutating func edit(_ id: Int, _ values: [(String, JSONValue)], at now: Int64) -> Bool {
        guard let body = orders.body(id: id), let facts = orders.facts(id: id) else { return false }
        let date = JSONValue.text(configuration.zone.naive(unixMicroseconds: now).text)
        let all = values + [("modified_date", date)]
        orders.put(
            id: id, body: TopLevelMembers(body).replacing(all.map { ($0.0, $0.1.serialized()) }), offline: facts.offline)
        return true
    }

    /// Adds an order; without an `id` it gets the next. Dates may be `@now`, and `@simulator` may say `offline`, as in fixtures.
    ///
    /// - Returns: its id, or `nil` where that id is taken.
    mutating func add(_ order: JSONObject, at now: Int64) -> Int? {
        var order = order
        if order["id"] == nil { order["id"] = .integer(orders.nextID) }
        guard let fixture = try? FixtureOrder(.object(order), file: ""), orders.facts(id: fixture.id) == nil else { return nil }
        let body = fixture.body(now: configuration.zone.naive(unixMicroseconds: now))
        orders.put(id: fixture.id, body: body.serialized(), offline: fixture.offline)
        return fixture.id
    }

    /// The control endpoint's routes for orders, and for what came under `/proxy/`.
    mutating func control(_ request: SimulatedRequest, at now: Int64) -> SimulatedResponse? {
        let segments = request.segments.dropFirst()
        guard segments.first == "orders" else { return proxyControl(request) }
        if segments.count == 1, request.method == "POST" { return addAnswer(request, at: now) }
        guard let id = segments.dropFirst().first.flatMap({ Int($0) }) else { return nil }
        switch (request.method, segments.dropFirst(2).joined(separator: "/")) {
        case ("GET", ""): return shown(id)
        case ("POST", "edit"): return changed(id, request, at: now) { $0.members.map { ($0.name.value, $0.value) } }
        case ("POST", "pay"):
            return changed(id, request, at: now) { [("payment_status", $0["payment_status"] ?? "closed_success")] }
        case ("POST", "cancel"): return changed(id, request, at: now) { _ in [("state", "cancel")] }
        case ("POST", "reopen"): return changed(id, request, at: now) { _ in [("state", "confirmed")] }
        case ("POST", "delete"), ("DELETE", ""):
            guard orders.facts(id: id) != nil else { return .detail(404, "There is no order \(id).") }
            orders.delete(id: id)
            return .json(200, ["deleted": .integer(id)])
        default: return nil
        }
    }

    private func shown(_ id: Int) -> SimulatedResponse {
        orders.body(id: id).map { .json(bytes: $0) } ?? .detail(404, "There is no order \(id).")
    }

    private mutating func changed(
        _ id: Int, _ request: SimulatedRequest, at now: Int64, _ values: (JSONObject) -> [(String, JSONValue)]
    ) -> SimulatedResponse {
        guard let object = request.controlObject else { return .detail(400, "The body must be a JSON object.") }
        return edit(id, values(object), at: now) ? shown(id) : .detail(404, "There is no order \(id).")
    }

    private mutating func addAnswer(_ request: SimulatedRequest, at now: Int64) -> SimulatedResponse {
        guard let object = request.controlObject, !object.members.isEmpty else {
            return .detail(400, "The body must be an order.")
        }
        guard let id = add(object, at: now) else { return .detail(409, "That id is no number, or taken.") }
        return .json(201, ["id": .integer(id)])
    }
}

extension SimulatedRequest {
    /// The body's object; an empty one where there is no body.
    var controlObject: JSONObject? { body.isEmpty ? JSONObject() : (try? parsedBody())?.objectValue }
}
