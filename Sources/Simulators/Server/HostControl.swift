internal import Orders

extension SimulatorHost.State {
    /// `/_simulator/stats`, `log`, `faults` and `reset`, the same for both simulators; the rest is the surface's.
    mutating func control(_ request: SimulatedRequest, at now: Int64, seed: UInt64) -> SimulatedResponse {
        switch (request.method, request.segments.dropFirst().joined(separator: "/")) {
        case ("GET", "stats"): return .json(200, statistics)
        case ("GET", "log"): return logAnswer(request)
        case ("GET", "faults"): return .json(200, faultList)
        case ("POST", "faults"): return addFaults(request)
        case ("DELETE", "faults"), ("POST", "faults/clear"):
            faults.clear()
            return .json(200, faultList)
        case ("POST", "reset"):
            surface.reset(at: now)
            faults = FaultPlan(seed: seed)
            log = RequestLog(capacity: log.capacity)
            counts = [:]
            busiest = BusiestSecond()
            late = []
            return .json(200, ["reset": true])
        default:
            return surface.control(request, at: now) ?? .detail(404, "The simulator has no such control. See its documentation.")
        }
    }

    var statistics: JSONValue {
        let requests = counts.keys.sorted().map { ($0, JSONValue.integer(counts[$0] ?? 0)) }
        var object = JSONObject([
            ("requests_total", .integer(counts.values.reduce(0, +))), ("requests", .object(JSONObject(requests))),
            ("requests_in_busiest_second", .integer(busiest.count)), ("late_effects_pending", .integer(late.count)),
        ])
        for (name, value) in surface.statistics { object[name] = .integer(value) }
        return .object(object)
    }

    private var faultList: JSONValue {
        let rules = zip(faults.rules, faults.strikes).map { rule, strikes in
            var object = rule.json.objectValue ?? JSONObject()
            object["strikes"] = .integer(strikes)
            return JSONValue.object(object)
        }
        return ["rules": .array(rules)]
    }

    /// The body is one rule or an array of rules; either all are taken or none.
    private mutating func addFaults(_ request: SimulatedRequest) -> SimulatedResponse {
        do {
            let document = try request.parsedBody()
            let rules = try (document.arrayValue ?? [document]).map { try FaultRule(json: $0) }
            for rule in rules { faults.add(rule) }
            return .json(201, faultList)
        } catch let faults as DocumentFaults {
            return .json(400, faults.json)
        } catch {
            return .json(400, DocumentFaults(faults: [.init(path: "", message: "not JSON: \(error)")]).json)
        }
    }

    /// `?after=` a sequence number, `?limit=` at most so many (1000 by default), oldest first.
    private func logAnswer(_ request: SimulatedRequest) -> SimulatedResponse {
        let parameters = PercentEncoding.pairs(request.query)
        func number(_ name: String) -> Int? { parameters.first { $0.name == name }.flatMap { Int($0.value) } }
        let after = number("after") ?? 0
        let entries = log.entries.filter { $0.sequence > after }.prefix(max(0, number("limit") ?? 1000))
        return .json(200, ["entries": .array(entries.map(\.json))])
    }
}
