package import Orders

/// What is wrong with a JSON document that was sent to a simulator, all of it at once.
package struct DocumentFaults: Error, Sendable, Equatable {
    package struct Fault: Sendable, Equatable {
        /// Where: a member's name, or a path such as `lines[2].product`.
        package let path: String
        package let message: String
    }

    package var faults: [Fault]

    mutating func add(_ path: String, _ message: String) { faults.append(Fault(path: path, message: message)) }

    /// `{"errors": [{"path": …, "message": …}]}`
    package var json: JSONValue {
        ["errors": .array(faults.map { ["path": .text($0.path), "message": .text($0.message)] })]
    }
}

extension FaultRule {
    /// Reads the control endpoint's form, a flat object:
    ///
    ///     {"action": "late_effect", "milliseconds": 300, "method": "POST", "path": "/orders", "kind": "orders",
    ///      "skip": 2, "times": 1, "probability": 0.01}
    ///
    /// `action` is one of the names in ``FaultAction/name``. Its own members: `milliseconds` (delay, late_effect, lookup_lag),
    /// `when` (`before` or `after`; delay, default `before`), `status` (status, apply_then_status), `retry_after` in seconds (status),
    /// `detail` (error_inside_200), `applied` (html_200, error_inside_200, malformed_json; default `false`), `requests` (outage).
    ///
    /// - Throws: ``DocumentFaults`` with every unknown member and every bad value.
    package init(json: JSONValue) throws(DocumentFaults) {
        guard let object = json.objectValue else {
            throw DocumentFaults(faults: [.init(path: "", message: "a fault rule is an object, not \(json.kindName)")])
        }
        var reader = FaultRuleReader(object: object)
        let action = reader.action()
        let rule = reader.rule(action)
        reader.refuseOthers()
        guard reader.errors.faults.isEmpty, let rule else { throw reader.errors }
        self = rule
    }

    /// The same form, for listing.
    package var json: JSONValue {
        var object = JSONObject([("action", .text(action.name))])
        object["method"] = method.map { .text($0) }
        object["path"] = pathPrefix.map { .text($0) }
        object["kind"] = kind.map { .text($0) }
        object["skip"] = skip == 0 ? nil : .integer(skip)
        object["times"] = times.map { .integer($0) }
        object["probability"] = probability.map { .number(JSONNumber(spelling: String($0))) }
        for (name, value) in action.parameters { object[name] = value }
        return .object(object)
    }
}

extension FaultAction {
    fileprivate var parameters: [(String, JSONValue)] {
        switch self {
        case .dropBeforeApplying, .applyThenDrop, .halfBody, .expireTokens: []
        case .applyThenStatus(let status): [("status", .integer(status))]
        case .status(let status, let retryAfter):
            [("status", .integer(status))] + (retryAfter.map { [("retry_after", .integer($0))] } ?? [])
        case .delay(let milliseconds, let moment): [("milliseconds", .integer(milliseconds)), ("when", .text(moment.rawValue))]
        case .html200(let applied), .malformedJSON(let applied): [("applied", .bool(applied))]
        case .errorInside200(let detail, let applied): [("detail", .text(detail)), ("applied", .bool(applied))]
        case .outage(let requests): requests.map { [("requests", .integer($0))] } ?? []
        case .lateEffect(let milliseconds), .lookupLag(let milliseconds): [("milliseconds", .integer(milliseconds))]
        }
    }
}

private struct FaultRuleReader {
    let object: JSONObject
    var errors = DocumentFaults(faults: [])
    private var read: [String] = []

    init(object: JSONObject) { self.object = object }

    mutating func action() -> FaultAction? {
        guard let name = text("action") else {
            if object["action"] == nil { errors.add("action", "missing") }
            return nil
        }
        switch name {
        case "drop_before_applying": return .dropBeforeApplying
        case "apply_then_drop": return .applyThenDrop
        case "apply_then_status": return .applyThenStatus(integer("status", 200...599) ?? 502)
        case "status": return .status(required("status", 100...599), retryAfterSeconds: integer("retry_after", 0...86_400))
        case "delay": return .delay(milliseconds: required("milliseconds", 0...600_000), moment())
        case "html_200": return .html200(applied: bool("applied"))
        case "half_body": return .halfBody
        case "error_inside_200":
            return .errorInside200(detail: text("detail") ?? "Something went wrong.", applied: bool("applied"))
        case "malformed_json": return .malformedJSON(applied: bool("applied"))
        case "expire_tokens": return .expireTokens
        case "outage": return .outage(requests: integer("requests", 1...1_000_000))
        case "late_effect": return .lateEffect(milliseconds: required("milliseconds", 0...3_600_000))
        case "lookup_lag": return .lookupLag(milliseconds: required("milliseconds", 0...3_600_000))
        default:
            errors.add("action", "'\(name)' is not a fault this simulator knows")
            return nil
        }
    }

    mutating func rule(_ action: FaultAction?) -> FaultRule? {
        let method = text("method"), path = text("path"), kind = text("kind")
        let skip = integer("skip", 0...1_000_000), times = integer("times", 1...1_000_000), probability = probability()
        return action.map {
            FaultRule(
                method: method, pathPrefix: path, kind: kind, skip: skip ?? 0, times: times, probability: probability, action: $0)
        }
    }

    mutating func refuseOthers() {
        for member in object.members where !read.contains(member.name.value) {
            errors.add(member.name.value, "not a member this action takes")
        }
    }

    private mutating func value(_ name: String) -> JSONValue? {
        read.append(name)
        return object[name]
    }

    private mutating func text(_ name: String) -> String? {
        guard let value = value(name) else { return nil }
        if let text = value.stringValue { return text }
        errors.add(name, "a string is wanted, not \(value.kindName)")
        return nil
    }

    private mutating func bool(_ name: String) -> Bool {
        guard let value = value(name) else { return false }
        if let bool = value.boolValue { return bool }
        errors.add(name, "true or false is wanted, not \(value.kindName)")
        return false
    }

    private mutating func integer(_ name: String, _ range: ClosedRange<Int64>) -> Int? {
        guard let value = value(name) else { return nil }
        if let number = value.integerValue, range.contains(number) { return Int(number) }
        errors.add(name, "a whole number from \(range.lowerBound) to \(range.upperBound) is wanted")
        return nil
    }

    private mutating func required(_ name: String, _ range: ClosedRange<Int64>) -> Int {
        if object[name] == nil { errors.add(name, "missing") }
        return integer(name, range) ?? Int(range.lowerBound)
    }

    private mutating func moment() -> FaultAction.Moment {
        guard let text = text("when") else { return .before }
        if let moment = FaultAction.Moment(rawValue: text) { return moment }
        errors.add("when", "'before' or 'after' is wanted")
        return .before
    }

    private mutating func probability() -> Double? {
        guard let value = value("probability") else { return nil }
        if case .number(let number) = value, let share = Double(number.spelling), (0...1).contains(share) { return share }
        errors.add("probability", "a number from 0 to 1 is wanted")
        return nil
    }
}
