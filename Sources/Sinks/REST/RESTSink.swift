package import Orders
package import Settings
package import SinkKit
package import Transport

/// A sink by declaration: an ERP with a JSON API over HTTP.
///
/// A create is one POST that nothing below ever repeats. Only answers that are declared to mean so count as "not applied"; a cut
/// connection, a 5xx, a page of HTML or a 2xx without an order number is an unknown outcome.
package final class RESTSink: ERPSink {
    package let capabilities: SinkCapabilities
    let settings: RESTSinkSettings
    let answers: RESTAnswerReader
    let timekeeper: any Timekeeper
    private let endpoint: Endpoint

    package init(_ settings: RESTSinkSettings, endpoint: Endpoint, timekeeper: any Timekeeper = SystemTimekeeper()) {
        self.settings = settings
        self.timekeeper = timekeeper
        answers = RESTAnswerReader(settings)
        self.endpoint = endpoint
        capabilities = SinkCapabilities(
            sinkClass: settings.sinkClass, requiredFields: settings.requiredFields, tellsShipments: settings.shipments != nil,
            validates: settings.products != nil)
    }

    /// Where orders are posted, percent-encoded, without a query.
    package static func createPath(_ settings: RESTSinkSettings) -> String { RESTPath(settings.createPath, []).path }

    /// What is posted for an order, whatever may be wrong with it.
    package func document(for order: SinkOrder) -> JSONValue { settings.body.map { RESTBody($0, order).json } ?? plain(order) }

    package func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
        let budget = CallBudget(context, timekeeper)
        guard let order = try await order(under: key, budget) else { return nil }
        return try answers.receipt(of: order, title: "the look-up")
    }

    package func check(_ context: SinkContext) async throws(SinkError) -> [String] {
        let key = IdempotencyKey(order: OrderKey(shop: "crossdock-check", orderID: 0))
        guard let path = settings.findPath else {
            return ["nothing can be asked without 'find'; the first create will tell"]
        }
        let call = try reading(RESTPath(path, [("key", key.text)]), CallBudget(context, timekeeper))
        let response = try await send(call)
        guard response.status == 200 else { throw SinkError(response, to: call.title, code: .misconfigured) }
        return ["\(call.title) was answered with 200"]
    }

    package func validate(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> [SinkFault] {
        let body = settings.body.map { RESTBody($0, order) }
        return try await (body?.faults ?? []) + unknownProducts(order, CallBudget(context, timekeeper))
    }

    // MARK: Look-ups

    /// The ERP's order under our key, whole; `nil` only where the ERP said that there is none, wherever it was asked.
    func order(under key: IdempotencyKey, _ budget: CallBudget) async throws(SinkError) -> JSONValue? {
        guard let path = settings.findPath else {
            throw SinkError(.misconfigured, "this sink declares no 'find', so the ERP can't be asked")
        }
        let call = try reading(RESTPath(path, [("key", key.text)]), budget)
        if let listed = try answers.listed(try await send(call), key, title: call.title) {
            return try await whole(listed, key, budget)
        }
        for path in settings.elsewherePaths {
            let call = try reading(RESTPath(path, [("key", key.text)]), budget)
            let found = try answers.list(try await send(call), at: settings.findResults, title: call.title)
            guard found.isEmpty else {
                throw SinkError(
                    .conflict,
                    "\(call.title) shows \(found.count) under the key \(key): the order was taken further in the ERP and isn't among its orders any more"
                )
            }
        }
        return nil
    }

    private func whole(_ listed: JSONValue, _ key: IdempotencyKey, _ budget: CallBudget) async throws(SinkError) -> JSONValue {
        guard let path = settings.readPath else { return listed }
        guard let id = answers.orders.id(listed) else {
            throw SinkError(.notApplied, "the look-up gave an order without '\(settings.idPath ?? settings.numberPath)'")
        }
        let call = try reading(RESTPath(path, [("id", id)]), budget)
        let response = try await send(call)
        guard response.status == 200 else { throw SinkError(response, to: call.title, code: .notApplied) }
        guard let order = answers.shown(response), order.objectValue != nil else {
            throw SinkError(.notApplied, "\(call.title) was answered with 200, but without an order at '\(settings.orderPath)'")
        }
        try answers.refuseOtherKeys(in: [order], than: key, call.title)
        return order
    }

    /// A fault for each line whose product the ERP doesn't know; none where it isn't asked.
    func unknownProducts(_ order: SinkOrder, _ budget: CallBudget) async throws(SinkError) -> [SinkFault] {
        guard let products = settings.products else { return [] }
        var known: [String: Bool] = [:]
        var faults: [SinkFault] = []
        for (index, line) in order.order.lines.enumerated() {
            let code = order.item(for: line).productCode
            let isKnown: Bool
            if let before = known[code] { isKnown = before } else { isKnown = try await knows(code, products, budget) }
            known[code] = isKnown
            if !isKnown { faults.append(SinkFault(path: "lines[\(index)].product", message: "the ERP has no product '\(code)'")) }
        }
        return faults
    }

    private func knows(
        _ code: String, _ products: RESTProductSettings, _ budget: CallBudget
    ) async throws(SinkError) -> Bool {
        let call = try reading(RESTPath(products.path, [("product", code)]), budget)
        let response = try await send(call)
        if products.missingStatuses.contains(response.status) { return false }
        guard let results = products.results else {
            guard response.status == 200 else { throw SinkError(response, to: call.title, code: .notApplied) }
            return true
        }
        return try !answers.list(response, at: results, title: call.title).isEmpty
    }

    // MARK: Calls

    func reading(_ path: RESTPath, _ budget: CallBudget) throws(SinkError) -> EndpointCall {
        let deadlines = try budget.deadlines(within: endpoint.deadlines, title: "GET \(path.path)")
        return EndpointCall(
            .get, path.path, query: path.query, accepts: "application/json", headers: headers, deadlines: deadlines,
            timeLimit: try budget.timeLeft(title: path.path))
    }

    func writing(
        _ method: RESTSinkSettings.Method, _ path: RESTPath, _ body: JSONValue?, _ budget: CallBudget
    ) throws(SinkError) -> EndpointCall {
        let deadlines = try budget.deadlines(within: endpoint.deadlines, title: "\(method.rawValue.uppercased()) \(path.path)")
        var headers = headers
        headers["Content-Type"] = "application/json"
        return EndpointCall(
            method.http, path.path, query: path.query, accepts: "application/json", headers: headers,
            body: body?.serialized() ?? [],
            isRepeatable: false, deadlines: deadlines, startLimit: try budget.startLimit(),
            timeLimit: try budget.timeLeft(title: path.path))
    }

    private var headers: HTTPHeaders { HTTPHeaders(settings.headers.map { HTTPHeaders.Field($0.name, $0.value.revealed) }) }

    func send(_ call: EndpointCall) async throws(SinkError) -> HTTPResponse {
        do throws(EndpointError) { return try await endpoint.send(call) } catch {
            throw SinkError(error, reads: call.method == .get)
        }
    }
}

extension RESTSinkSettings.Method {
    fileprivate var http: HTTPMethod {
        switch self {
        case .post: .post
        case .put: .put
        case .patch: .patch
        }
    }
}
