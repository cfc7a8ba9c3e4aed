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
    private let settings: RESTSinkSettings
    private let answers: RESTAnswerReader
    private let endpoint: Endpoint

    package init(_ settings: RESTSinkSettings, endpoint: Endpoint) {
        self.settings = settings
        answers = RESTAnswerReader(settings)
        self.endpoint = endpoint
        capabilities = SinkCapabilities(
            sinkClass: settings.sinkClass, requiredFields: settings.requiredFields, tellsShipments: settings.shipmentsPath != nil)
    }

    package func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
        guard let call = findCall(key, context) else {
            throw SinkError(.misconfigured, "this sink declares no 'find', so the ERP can't be asked")
        }
        return try answers.found(try await send(call), key, title: call.title)
    }

    package func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        var body = order.json
        body[settings.keyField] = .text(order.key.text)
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        if let name = settings.keyHeader { headers[name] = order.key.text }
        let call = EndpointCall(
            .post, settings.createPath, accepts: "application/json", headers: headers, body: JSONValue.object(body).serialized(),
            isRepeatable: false, deadlines: deadlines(context), startLimit: context.startLimit, timeLimit: context.timeLimit)
        return try answers.created(try await send(call), order, title: call.title)
    }

    package func shipments(
        for receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkShipments {
        guard let path = settings.shipmentsPath else {
            throw SinkError(.misconfigured, "this sink declares no 'shipments', so the ERP can't be asked")
        }
        let call = reading(path, [("{number}", receipt.erpOrderNumber), ("{key}", key.text)], context)
        return try answers.shipments(try await send(call), title: call.title)
    }

    package func check(_ context: SinkContext) async throws(SinkError) -> [String] {
        let key = IdempotencyKey(order: OrderKey(shop: "crossdock-check", orderID: 0))
        guard let call = findCall(key, context) else {
            return ["nothing can be asked without 'find'; the first create will tell"]
        }
        let response = try await send(call)
        guard response.status == 200 else { throw SinkError(response, to: call.title, code: .misconfigured) }
        return ["\(call.title) was answered with 200"]
    }

    private func findCall(_ key: IdempotencyKey, _ context: SinkContext) -> EndpointCall? {
        settings.findPath.map { reading($0, [("{key}", key.text)], context) }
    }

    /// - Parameter values: what is put into the path, encoded.
    private func reading(_ path: String, _ values: [(mark: String, text: String)], _ context: SinkContext) -> EndpointCall {
        let filled = values.reduce(path) { $0.replacing($1.mark, with: PercentEncoding.encode($1.text)) }
        let parts = filled.split(separator: "?", maxSplits: 1)
        return EndpointCall(
            .get, String(parts[0]), query: parts.count > 1 ? String(parts[1]) : nil, accepts: "application/json",
            deadlines: deadlines(context), timeLimit: context.timeLimit)
    }

    private func deadlines(_ context: SinkContext) -> HTTPDeadlines {
        let configured = endpoint.deadlines
        return HTTPDeadlines(
            connect: min(configured.connect, context.timeLimit), total: min(configured.total, context.timeLimit),
            stall: min(configured.stall, context.timeLimit))
    }

    private func send(_ call: EndpointCall) async throws(SinkError) -> HTTPResponse {
        do throws(EndpointError) { return try await endpoint.send(call) } catch {
            throw SinkError(error, reads: call.method == .get)
        }
    }
}
