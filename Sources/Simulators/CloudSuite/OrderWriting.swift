internal import HTTPTypes
internal import Orders

/// PATCH and PUT of one order (reference, section 4).
extension CloudSuiteSurface {
    mutating func write(_ request: SimulatedRequest, _ address: String, at now: Int64) -> SurfaceAnswer {
        guard request.mediaType == "application/json" else {
            return SurfaceAnswer(.detail(415, "Unsupported media type \"\(request.mediaType)\" in request."), .notApplied)
        }
        guard let id = Int(address) else { return SurfaceAnswer(.detail(404, "Not found."), .notApplied) }
        if request.wantsAsynchronous, !request.isLate { return queue(request, at: now) }
        let object: JSONObject
        do {
            let body = try request.parsedBody()
            guard let parsed = body.objectValue else {
                let text = "Invalid data. Expected a dictionary, but got \(body.kindName)."
                return SurfaceAnswer(.field("non_field_errors", text), .notApplied)
            }
            object = parsed
        } catch {
            return SurfaceAnswer(.detail(400, "JSON parse error - \(error)"), .notApplied)
        }
        let answer = request.method == "PATCH" ? patch(id, object, at: now) : put(id, object, at: now)
        if let taskID = request.taskID { tasks.finish(id: taskID, answer.response) }
        return answer
    }

    private mutating func queue(_ request: SimulatedRequest, at now: Int64) -> SurfaceAnswer {
        let taskID = tasks.begin()
        var response = SimulatedResponse.json(202, .object(["id": .text(taskID), "status": "PENDING"]))
        response.headers = [(.location, "http://\(configuration.nextLinkHost ?? request.host)/api/task/\(taskID)")]
        var queued = request
        queued.taskID = taskID
        let due = now + Int64(configuration.asynchronousMilliseconds) * 1000
        return SurfaceAnswer(response, .pending, later: .init(dueUnixMicroseconds: due, request: queued))
    }

    private mutating func patch(_ id: Int, _ object: JSONObject, at now: Int64) -> SurfaceAnswer {
        guard let facts = orders.facts(id: id), let body = orders.body(id: id) else {
            return SurfaceAnswer(.detail(404, "Not found."), .notApplied)
        }
        var errors = OrderFieldRules.errors(in: object, names: OrderFieldRules.patchable)
        if object["order_lines"] != nil { errors.append(("order_lines", ["This field can't be changed by PATCH."])) }
        if let error = transitionError(from: facts.state, object) { errors.append(("state", error)) }
        guard errors.isEmpty else { return SurfaceAnswer(.json(400, .object(JSONObject(errors))), .notApplied) }
        let fields = OrderFieldRules.patchable.compactMap { name in object[name].map { (name: name, value: $0.serialized()) } }
        let date = configuration.zone.naive(unixMicroseconds: now)
        let changed = TopLevelMembers(body).replacing(fields + [("modified_date", Array("\"\(date.text)\"".utf8))])
        var new = facts
        new.state = object["state"]?.stringValue ?? facts.state
        if object["erp_order_number"] != nil { new.erpOrderNumber = TopLevelMembers(changed).text("erp_order_number") }
        new.modifiedDate = date.microseconds
        return store(new, changed, from: facts, sent: fields.map(\.name), status: 200)
    }

    private mutating func put(_ id: Int, _ object: JSONObject, at now: Int64) -> SurfaceAnswer {
        let facts = orders.facts(id: id)
        var errors = OrderFieldRules.errors(in: object, names: OrderFieldRules.patchable)
        for name in ["state", "currency", "order_lines"] where object[name] == nil {
            errors.append((name, ["This field is required."]))
        }
        if let lines = object["order_lines"], lines.arrayValue == nil {
            errors.append(("order_lines", .text("Expected a list of items but got \(lines.kindName).")))
        } else if let error = OrderFieldRules.lineErrors(object["order_lines"]?.arrayValue ?? []) {
            errors.append(("order_lines", error))
        }
        if let facts, let error = transitionError(from: facts.state, object) { errors.append(("state", error)) }
        guard errors.isEmpty else { return SurfaceAnswer(.json(400, .object(JSONObject(errors))), .notApplied) }
        let date = Array("\"\(configuration.zone.naive(unixMicroseconds: now).text)\"".utf8)
        var replacement = OrderReplacement(mode: configuration.putMode, modifiedDate: date, lineIDLast: orders.lineIDLast)
        let body = replacement.order(object, over: orders.body(id: id) ?? OrderReplacement.empty(id: id, created: date))
        orders.lineIDLast = replacement.lineIDLast
        let new = OrderFacts(id: id, body: TopLevelMembers(body), offline: facts?.offline ?? false)
        return store(new, body, from: facts, sent: object.members.map(\.name.value), status: facts == nil ? 201 : 200)
    }

    private func transitionError(from old: String, _ object: JSONObject) -> JSONValue? {
        guard configuration.strictTransitions, let new = object["state"]?.stringValue, OrderQuery.states.contains(new),
            !OrderTransition.isAllowed(from: old, to: new)
        else { return nil }
        return [.text("Transition from '\(old)' to '\(new)' is not allowed.")]
    }

    private mutating func store(_ new: OrderFacts, _ body: [UInt8], from old: OrderFacts?, sent: [String], status: Int)
        -> SurfaceAnswer
    {
        orders.put(new, body: body)
        writes += 1
        if let old, OrderTransition.isBackward(from: old.state, to: new.state) { backwardMoves += 1 }
        return SurfaceAnswer(writeResponse(body, sent: sent, status: status), .applied)
    }

    private func writeResponse(_ body: [UInt8], sent: [String], status: Int) -> SimulatedResponse {
        switch configuration.writeAnswer {
        case .full: return .json(status, bytes: body)
        case .empty: return SimulatedResponse(status: status, contentType: "application/json", body: [])
        case .partial:
            guard let object = (try? JSONValue(parsing: body))?.objectValue else { return .json(status, bytes: body) }
            let names = ["id"] + sent.filter { $0 != "id" }
            return .json(status, .object(JSONObject(names.compactMap { name in object[name].map { (name, $0) } })))
        }
    }
}

extension SimulatedRequest {
    fileprivate var wantsAsynchronous: Bool {
        guard let name = HTTPField.Name("X-CS-HANDLE-ASYNC"), let value = headers[name] else { return false }
        return ["yes", "1", "true"].contains(value.lowercased())
    }
}
