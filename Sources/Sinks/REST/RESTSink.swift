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
    private let endpoint: Endpoint

    package init(_ settings: RESTSinkSettings, endpoint: Endpoint) {
        self.settings = settings
        self.endpoint = endpoint
        capabilities = SinkCapabilities(sinkClass: settings.sinkClass, requiredFields: settings.requiredFields)
    }

    package func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
        guard let call = findCall(key, context) else {
            throw SinkError(.misconfigured, "this sink declares no 'find', so the ERP can't be asked")
        }
        let response = try await send(call)
        guard response.status == 200 else { throw SinkError(response, to: call, code: .notApplied) }
        guard let json = try? JSONValue(parsing: response.body), let results = json.value(at: settings.findResults)?.arrayValue
        else {
            throw SinkError(.notApplied, "\(call.title) was answered with 200, but without a list at '\(settings.findResults)'")
        }
        try refuseOtherKeys(in: results, than: key, call)
        guard let first = results.first else { return nil }
        guard let receipt = receipt(first, for: nil) else {
            throw SinkError(.notApplied, "\(call.title) gave an order without '\(settings.numberPath)'")
        }
        if results.count > 1 {
            throw SinkError(
                .conflict, "the ERP shows \(results.count) orders under the key \(key); the first is \(receipt.erpOrderNumber)")
        }
        return receipt
    }

    /// Many an API passes over a filter it doesn't know and lists everything: that must not be taken for an answer.
    private func refuseOtherKeys(in results: [JSONValue], than key: IdempotencyKey, _ call: EndpointCall) throws(SinkError) {
        for result in results {
            guard let shown = result.value(at: settings.keyField)?.plainText, shown != key.text else { continue }
            let number = result.value(at: settings.numberPath)?.plainText ?? "without a number"
            throw SinkError(
                .misconfigured,
                "\(call.title) gave order \(number), which stands under another '\(settings.keyField)': does the ERP know that filter?"
            )
        }
    }

    package func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        var body = order.json
        body[settings.keyField] = .text(order.key.text)
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        if let name = settings.keyHeader { headers[name] = order.key.text }
        let call = EndpointCall(
            .post, settings.createPath, accepts: "application/json", headers: headers, body: JSONValue.object(body).serialized(),
            isRepeatable: false, deadlines: deadlines(context))
        let response = try await send(call)
        switch response.status {
        case 200, 201:
            guard let json = try? JSONValue(parsing: response.body), let receipt = receipt(json, for: order) else {
                throw SinkError(
                    .unknownOutcome, "\(call.title) was answered with \(response.status), but without '\(settings.numberPath)'")
            }
            return .accepted(receipt)
        case let status where settings.rejectedStatuses.contains(status): return .rejected(faults(response))
        case let status where settings.conflictStatuses.contains(status): throw SinkError(response, to: call, code: .conflict)
        case let status where settings.notAppliedStatuses.contains(status): throw SinkError(response, to: call, code: .notApplied)
        default: throw SinkError(response, to: call, code: .unknownOutcome)
        }
    }

    package func check(_ context: SinkContext) async throws(SinkError) -> [String] {
        let key = IdempotencyKey(order: OrderKey(shop: "crossdock-check", orderID: 0))
        guard let call = findCall(key, context) else {
            return ["nothing can be asked without 'find'; the first create will tell"]
        }
        let response = try await send(call)
        guard response.status == 200 else { throw SinkError(response, to: call, code: .misconfigured) }
        return ["\(call.title) was answered with 200"]
    }

    private func findCall(_ key: IdempotencyKey, _ context: SinkContext) -> EndpointCall? {
        guard let path = settings.findPath else { return nil }
        let parts = path.replacing("{key}", with: PercentEncoding.encode(key.text)).split(separator: "?", maxSplits: 1)
        return EndpointCall(
            .get, String(parts[0]), query: parts.count > 1 ? String(parts[1]) : nil, accepts: "application/json",
            deadlines: deadlines(context))
    }

    private func deadlines(_ context: SinkContext) -> HTTPDeadlines {
        HTTPDeadlines(connect: min(.seconds(10), context.timeLimit), total: context.timeLimit, stall: context.timeLimit)
    }

    private func send(_ call: EndpointCall) async throws(SinkError) -> HTTPResponse {
        do throws(EndpointError) { return try await endpoint.send(call) } catch {
            throw SinkError(error, reads: call.method == .get)
        }
    }

    // MARK: Reading answers

    /// - Parameter order: what was sent, so that lines the ERP gives back without our key can be matched by their place.
    private func receipt(_ json: JSONValue, for order: SinkOrder?) -> SinkReceipt? {
        guard let number = json.value(at: settings.numberPath)?.plainText, !number.isEmpty else { return nil }
        let state = settings.statePath.flatMap { json.value(at: $0)?.stringValue }.flatMap(SinkReceipt.State.init(rawValue:))
        let answered = json.value(at: settings.linesPath)?.arrayValue ?? []
        let sent = order?.order.lines ?? []
        let keys = answered.map { $0.value(at: settings.lineKeyPath)?.plainText.map(Self.lineKey) }
        // Lines that the ERP shows without our key are the ones that are left, in their order, if none is missing.
        let left = sent.map(\.key).filter { !keys.contains($0) }
        var unnamed = left.count == keys.count { $0 == nil } ? left[...] : []
        var lines: [SinkReceiptLine] = []
        for (line, shownKey) in zip(answered, keys) {
            guard let key = shownKey ?? unnamed.popFirst() else { continue }
            let outcome = settings.lineOutcomePath.flatMap { line.value(at: $0)?.stringValue }
            lines.append(
                SinkReceiptLine(
                    lineKey: key, erpLineNumber: line.value(at: settings.lineNumberPath)?.plainText.flatMap(Int64.init),
                    outcome: outcome.flatMap(SinkReceiptLine.Outcome.init(rawValue:)) ?? .accepted,
                    message: settings.lineMessagePath.flatMap { line.value(at: $0)?.stringValue }))
        }
        for line in sent where !lines.contains(where: { $0.lineKey == line.key }) && !answered.isEmpty {
            lines.append(
                SinkReceiptLine(
                    lineKey: line.key, erpLineNumber: nil, outcome: .rejected, message: "the ERP's answer doesn't show it"))
        }
        return SinkReceipt(erpOrderNumber: number, state: state ?? .confirmed, lines: lines)
    }

    /// An ERP may give back the whole line key as it was sent, or only the shop's line id in it.
    private static func lineKey(_ text: String) -> String { Int64(text) == nil ? text : "id:\(text)" }

    private func faults(_ response: HTTPResponse) -> [SinkFault] {
        let json = try? JSONValue(parsing: response.body)
        let listed = json?.value(at: settings.faultsPath)?.arrayValue ?? []
        let faults = listed.map { fault in
            SinkFault(
                path: fault.value(at: settings.faultPathPath)?.plainText ?? "",
                message: fault.value(at: settings.faultMessagePath)?.plainText ?? fault.compactText)
        }
        if !faults.isEmpty { return faults }
        let text = json.map(\.compactText) ?? "without a readable reason"
        return [SinkFault(message: "the ERP answered \(response.status): \(text.prefix(300))")]
    }
}

extension SinkError {
    fileprivate init(_ error: EndpointError, reads: Bool) {
        if !reads, error.effect == .unknown {
            self.init(.unknownOutcome, error.message)
            return
        }
        switch error.kind {
        case .throttled(let milliseconds):
            self.init(.throttled, error.message, retryAfter: milliseconds.map { .milliseconds($0) })
        case .unauthorized: self.init(.unauthorized, error.message)
        case .invalidCall, .transport(.tls): self.init(.misconfigured, error.message)
        default: self.init(error.isOutage ? .unavailable : .notApplied, error.message)
        }
    }

    fileprivate init(_ response: HTTPResponse, to call: EndpointCall, code: Code) {
        let detail =
            (try? JSONValue(parsing: response.body)).map { ": " + $0.compactText.prefix(200) } ?? ", without readable JSON"
        let isOutage = code == .notApplied && [502, 503, 504].contains(response.status)
        self.init(isOutage ? .unavailable : code, "\(call.title) was answered with \(response.status)\(detail)")
    }
}

extension JSONValue {
    /// The value at a dotted path such as `data.order.number`.
    fileprivate func value(at path: String) -> JSONValue? {
        path.split(separator: ".").reduce(Optional(self)) { value, name in value?[String(name)] }
    }

    /// A string, or a number in its spelling.
    fileprivate var plainText: String? {
        switch self {
        case .string(let string): string.value
        case .number(let number): number.spelling
        default: nil
        }
    }
}
