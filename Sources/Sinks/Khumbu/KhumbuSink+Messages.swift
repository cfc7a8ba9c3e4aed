import Orders
import Settings
package import SinkKit

/// What Khumbu tells by itself: how a create, a fire or a cancellation ended, and that the POS cancelled.
///
/// Source: https://developer.khumbu.com/reference/order-status-webhook. It names no operation, so the order's own story decides what a
/// message means; a failure may be that of a cancellation.
extension KhumbuSink {
    package func receive(_ message: InboundMessage, _ context: SinkContext) async throws(SinkError) -> [SinkEvent] {
        guard let json = try? JSONValue(parsing: message.body), json.objectValue != nil else {
            throw SinkError(.conflict, "the message is no JSON object")
        }
        guard let id = json["providerOrderId"]?.stringValue, !id.isEmpty else {
            // Khumbu has webhooks for menus and stores, too.
            guard json["orderStatus"] != nil else { return [] }
            throw SinkError(.conflict, "the message has an orderStatus and no providerOrderId")
        }
        guard isOurs(json), let key = KhumbuOrderID.key(of: id, shops: shops) else { return [] }
        guard let kind = try event(json, id, key) else { return [] }
        guard case .answer(.accepted) = kind, settings.sending == .holdAndFire else { return [SinkEvent(.key(key), kind)] }
        // Whether Khumbu also tells that it parked the order isn't documented; that would say nothing of the POS.
        return [SinkEvent(.key(key), kind, concludes: Attempt.fire.name)]
    }

    /// Whether it is of this provider, POS and market, as far as it says.
    private func isOurs(_ json: JSONValue) -> Bool {
        let names = [
            ("providerName", settings.provider), ("partnerName", settings.partner), ("marketName", settings.market),
        ]
        return names.allSatisfy { name, ours in json[name]?.stringValue.map { $0 == ours } ?? true }
    }

    /// `nil`: nothing that is known for certain.
    ///
    /// - Throws: `conflict` for a failure after which the POS may have the order all the same: told as a refusal, it could be sent
    /// again.
    private func event(_ json: JSONValue, _ id: String, _ key: IdempotencyKey) throws(SinkError) -> SinkEvent.Kind? {
        let status = json["orderStatus"]?.stringValue?.uppercased() ?? ""
        let code = KhumbuAnswer.text(json["error"]?["code"])
        let reason = KhumbuAnswer.text(json["error"]?["reason"]) ?? KhumbuAnswer.text(json["error"]?["message"])
        // The sample of a success has an error in it (documented).
        if status == "SUCCESS" { return .answer(.accepted(receipt(json, id))) }
        let kind = code.flatMap { KhumbuCode($0)?.kind }
        if settings.cancelledStatuses.contains(status) || kind == .cancelled {
            return .cancelled(fault(code ?? status, reason, nil).message)
        }
        if [.unresolved, .ambiguous, .duplicate].contains(kind) {
            throw SinkError(.conflict, "of order \(key): \(fault(code ?? status, reason, nil).message)")
        }
        guard settings.failureStatuses.contains(status) || code != nil else { return nil }
        return .answer(.rejected([fault(code ?? status, reason, nil)]))
    }

    /// Of no lines: Khumbu tells none, and gives them no numbers.
    private func receipt(_ json: JSONValue, _ id: String) -> SinkReceipt {
        let number = settings.orderNumber == .providerOrderNumber ? KhumbuAnswer.text(json["providerOrderNumber"]) : nil
        return SinkReceipt(erpOrderNumber: number ?? id, lines: [])
    }
}
