package import Orders
package import Settings
package import SinkKit
package import Transport

/// Reads what an ERP with a JSON API answered, by the declaration of where it holds what. Performs nothing.
package struct RESTAnswerReader: Sendable {
    private let settings: RESTSinkSettings

    package init(_ settings: RESTSinkSettings) { self.settings = settings }

    /// What a create came to.
    ///
    /// - Parameter title: names the call in messages.
    package func created(_ response: HTTPResponse, _ order: SinkOrder, title: String) throws(SinkError) -> SinkAnswer {
        switch response.status {
        case 200, 201:
            guard let json = try? JSONValue(parsing: response.body), let receipt = receipt(json, for: order) else {
                throw SinkError(
                    .unknownOutcome, "\(title) was answered with \(response.status), but without '\(settings.numberPath)'")
            }
            return .accepted(receipt)
        case let status where settings.rejectedStatuses.contains(status): return .rejected(faults(response))
        case let status where settings.conflictStatuses.contains(status): throw SinkError(response, to: title, code: .conflict)
        case let status where settings.notAppliedStatuses.contains(status):
            throw SinkError(response, to: title, code: .notApplied)
        default: throw SinkError(response, to: title, code: .unknownOutcome)
        }
    }

    /// The order that a look-up gave; `nil` only where the ERP said that there is none.
    package func found(_ response: HTTPResponse, _ key: IdempotencyKey, title: String) throws(SinkError) -> SinkReceipt? {
        guard response.status == 200 else { throw SinkError(response, to: title, code: .notApplied) }
        guard let json = try? JSONValue(parsing: response.body), let results = json.value(at: settings.findResults)?.arrayValue
        else {
            throw SinkError(.notApplied, "\(title) was answered with 200, but without a list at '\(settings.findResults)'")
        }
        try refuseOtherKeys(in: results, than: key, title)
        guard let first = results.first else { return nil }
        guard let receipt = receipt(first, for: nil) else {
            throw SinkError(.notApplied, "\(title) gave an order without '\(settings.numberPath)'")
        }
        if results.count > 1 {
            throw SinkError(
                .conflict, "the ERP shows \(results.count) orders under the key \(key); the first is \(receipt.erpOrderNumber)")
        }
        return receipt
    }

    /// What the ERP told of an order's shipments.
    package func shipments(_ response: HTTPResponse, title: String) throws(SinkError) -> SinkShipments {
        guard response.status == 200 else { throw SinkError(response, to: title, code: .notApplied) }
        guard let object = (try? JSONValue(parsing: response.body))?.objectValue, var told = SinkShipments(json: object) else {
            throw SinkError(.notApplied, "\(title) was answered with 200, but not with shipments of the shape that is asked for")
        }
        told.closedLines = told.closedLines.map(Self.lineKey)
        for (index, shipment) in told.shipments.enumerated() {
            for (place, package) in shipment.packages.enumerated() {
                for line in package.lines.indices {
                    told.shipments[index].packages[place].lines[line].lineKey = Self.lineKey(package.lines[line].lineKey)
                }
            }
        }
        return told
    }

    /// Many an API passes over a filter it doesn't know and lists everything: that must not be taken for an answer.
    private func refuseOtherKeys(in results: [JSONValue], than key: IdempotencyKey, _ title: String) throws(SinkError) {
        for result in results {
            guard let shown = result.value(at: settings.keyField)?.plainText, shown != key.text else { continue }
            let number = result.value(at: settings.numberPath)?.plainText ?? "without a number"
            throw SinkError(
                .misconfigured,
                "\(title) gave order \(number), which stands under another '\(settings.keyField)': does the ERP know that filter?"
            )
        }
    }

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
                message: fault.value(at: settings.faultMessagePath)?.plainText ?? fault.outline)
        }
        if !faults.isEmpty { return faults }
        let outline = json?.outline ?? "without a readable reason"
        return [SinkFault(message: "the ERP answered \(response.status): \(outline)")]
    }
}

extension SinkError {
    init(_ response: HTTPResponse, to title: String, code: Code) {
        // Names only: what an ERP says of an order may be about a person, and this text goes into journal and logs.
        let detail = (try? JSONValue(parsing: response.body)).map { ": \($0.outline)" } ?? ", without readable JSON"
        let isOutage = code == .notApplied && [502, 503, 504].contains(response.status)
        self.init(isOutage ? .unavailable : code, "\(title) was answered with \(response.status)\(detail)")
    }
}

extension JSONValue {
    /// The value at a dotted path such as `data.order.number`.
    fileprivate func value(at path: String) -> JSONValue? {
        path.split(separator: ".").reduce(Optional(self)) { value, name in value?[String(name)] }
    }

    /// What there is, without what it says: `an object with 'error', 'detail'`.
    fileprivate var outline: String {
        switch self {
        case .object(let object) where !object.members.isEmpty:
            "an object with " + object.members.prefix(8).map { "'\($0.name.value.prefix(40))'" }.joined(separator: ", ")
        default: kindName
        }
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
