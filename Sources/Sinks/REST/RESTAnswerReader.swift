package import Orders
package import Settings
package import SinkKit
package import Transport

/// Reads what an ERP with a JSON API answered, by the declaration of what answers mean. Performs nothing.
package struct RESTAnswerReader: Sendable {
    enum Meaning: Equatable {
        case accepted
        case declared(RESTAnswerRule.Meaning)
    }

    private let settings: RESTSinkSettings
    var orders: RESTOrderReader { RESTOrderReader(settings: settings) }

    package init(_ settings: RESTSinkSettings) { self.settings = settings }

    // MARK: Creates

    /// What an answer to a call that writes means; only what is declared, or a plain success, is more than unknown.
    func meaning(_ response: HTTPResponse) -> Meaning {
        let text = settings.answerRules.isEmpty ? "" : String(decoding: response.body, as: UTF8.self)
        let rule = settings.answerRules.first { rule in
            rule.status == response.status && rule.containing.map { text.contains($0) } ?? true
        }
        if let rule { return .declared(rule.meaning) }
        switch response.status {
        case 200, 201: return .accepted
        case let status where settings.rejectedStatuses.contains(status): return .declared(.rejected)
        case let status where settings.conflictStatuses.contains(status): return .declared(.conflict)
        case let status where settings.notAppliedStatuses.contains(status): return .declared(.notApplied)
        default: return .declared(.unknown)
        }
    }

    /// What a create came to.
    ///
    /// - Parameter title: names the call in messages.
    package func created(_ response: HTTPResponse, _ order: SinkOrder, title: String) throws(SinkError) -> SinkAnswer {
        switch meaning(response) {
        case .accepted:
            guard let json = shown(response), let receipt = orders.receipt(json, for: order) else {
                throw SinkError(
                    .unknownOutcome, "\(title) was answered with \(response.status), but without '\(settings.numberPath)'")
            }
            return .accepted(receipt)
        case .declared(.rejected): return .rejected(RESTRefusal(settings).faults(response, of: order))
        case .declared(let meaning): throw SinkError(response, to: title, meaning)
        }
    }

    /// The order in an answer that shows one.
    func shown(_ response: HTTPResponse) -> JSONValue? {
        (try? JSONValue(parsing: response.body))?.value(at: settings.orderPath)
    }

    // MARK: Look-ups

    /// The order that a look-up gave; `nil` only where the ERP said that there is none.
    package func found(_ response: HTTPResponse, _ key: IdempotencyKey, title: String) throws(SinkError) -> SinkReceipt? {
        guard let order = try listed(response, key, title: title) else { return nil }
        return try receipt(of: order, title: title)
    }

    func receipt(of order: JSONValue, title: String) throws(SinkError) -> SinkReceipt {
        guard let receipt = orders.receipt(order, for: nil) else {
            throw SinkError(.notApplied, "\(title) gave an order without '\(settings.numberPath)'")
        }
        return receipt
    }

    /// The one order in a list.
    func listed(_ response: HTTPResponse, _ key: IdempotencyKey, title: String) throws(SinkError) -> JSONValue? {
        let results = distinct(try list(response, at: settings.findResults, title: title))
        try refuseOtherKeys(in: results, than: key, title)
        guard results.count > 1 else { return results.first }
        let first = try receipt(of: results[0], title: title)
        throw SinkError(
            .conflict, "the ERP shows \(results.count) orders under the key \(key); the first is \(first.erpOrderNumber)")
    }

    func list(_ response: HTTPResponse, at path: String, title: String) throws(SinkError) -> [JSONValue] {
        guard response.status == 200 else { throw SinkError(response, to: title, code: .notApplied) }
        guard let results = (try? JSONValue(parsing: response.body))?.value(at: path)?.arrayValue else {
            throw SinkError(.notApplied, "\(title) was answered with 200, but without a list at '\(path)'")
        }
        return results
    }

    /// An ERP that joins an order with its lines to search it may list it once for each of them.
    private func distinct(_ results: [JSONValue]) -> [JSONValue] {
        var seen: Set<String> = []
        return settings.idPath == nil ? results : results.filter { orders.id($0).map { seen.insert($0).inserted } ?? true }
    }

    /// What the ERP told of an order's shipments, in our own shape.
    package func shipments(_ response: HTTPResponse, title: String) throws(SinkError) -> SinkShipments {
        guard response.status == 200 else { throw SinkError(response, to: title, code: .notApplied) }
        guard let object = (try? JSONValue(parsing: response.body))?.objectValue, var told = SinkShipments(json: object) else {
            throw SinkError(.notApplied, "\(title) was answered with 200, but not with shipments of the shape that is asked for")
        }
        told.closedLines = told.closedLines.map(RESTOrderReader.lineKey)
        for (index, shipment) in told.shipments.enumerated() {
            for (place, package) in shipment.packages.enumerated() {
                for line in package.lines.indices {
                    let key = RESTOrderReader.lineKey(package.lines[line].lineKey)
                    told.shipments[index].packages[place].lines[line].lineKey = key
                }
            }
        }
        return told
    }

    /// Many an API passes over a filter it doesn't know and lists everything: that must not be taken for an answer.
    func refuseOtherKeys(in results: [JSONValue], than key: IdempotencyKey, _ title: String) throws(SinkError) {
        for result in results {
            guard let shown = result.value(at: settings.keyField)?.plainText, shown != key.text else { continue }
            let number = result.value(at: settings.numberPath)?.plainText ?? "without a number"
            throw SinkError(
                .misconfigured,
                "\(title) gave order \(number), which stands under another '\(settings.keyField)': does the ERP know that filter?"
            )
        }
    }
}

extension SinkError {
    init(_ response: HTTPResponse, to title: String, code: Code) {
        // Names only: what an ERP says of an order may be about a person, and this text goes into journal and logs.
        let detail = (try? JSONValue(parsing: response.body)).map { ": \($0.outline)" } ?? ", without readable JSON"
        let isOutage = code == .notApplied && [502, 503, 504].contains(response.status)
        self.init(isOutage ? .unavailable : code, "\(title) was answered with \(response.status)\(detail)")
    }

    /// Of a call that writes.
    init(_ response: HTTPResponse, to title: String, _ meaning: RESTAnswerRule.Meaning) {
        let code: Code =
            switch meaning {
            case .conflict, .duplicate: .conflict
            case .throttled: .throttled
            case .unauthorized: .unauthorized
            case .notApplied, .rejected: .notApplied
            case .unknown: .unknownOutcome
            }
        self.init(response, to: title, code: code)
        // In seconds here: a date would need a clock.
        if meaning == .throttled { retryAfter = response.headers["Retry-After"].flatMap(Int64.init).map { .seconds($0) } }
    }
}
