package import Orders
import Settings
package import SinkKit

extension KhumbuSink {
    /// Asks for a cancellation. What the POS makes of it comes by webhook, so the outcome stays unknown at first; asked again, Khumbu says
    /// that the order is cancelled already (KS-1005).
    package func cancel(
        _ receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkCancellation {
        guard let id = KhumbuOrderID(key) else { return .refused("the key \(key) never went to Khumbu") }
        // All of an order goes to one store, which the webshop decides.
        guard let store = settings.stores.count == 1 ? settings.stores.first : settings.store(ofWebshop: context.webshop) else {
            return .refused("no store is named for its webshop, so it isn't known which one has it; cancel it at the POS")
        }
        let answer = try await client.post(.cancel, cancellation(id, store), budget(for: context))
        let title = "\(KhumbuClient.title(.cancel)) was \(answer.outline)"
        guard let code = answer.code else {
            let fate = answer.isSuccess ? "; what the POS makes of it comes by webhook" : ""
            throw SinkError(.unknownOutcome, title + fate, retryAfter: settings.webhookWait)
        }
        try refuseSettings(answer, .cancel)
        switch KhumbuCode(code)?.kind {
        case .cancelled?: return .cancelled
        case .order?, .mapping?, .unknownOrder?: return .refused(fault(code, answer.reason, nil).message)
        case .closed?: throw SinkError(.notApplied, title)
        case .duplicate?, .ambiguous?, .unresolved?, .settings?, nil:
            throw SinkError(.unknownOutcome, title, retryAfter: settings.webhookWait)
        }
    }

    /// Without `ksOrderId` and `partnerOrderId`, which nothing but the answer to a create may have told; whether Khumbu requires them
    /// isn't documented.
    private func cancellation(_ id: KhumbuOrderID, _ store: KhumbuSinkSettings.Store) -> JSONObject {
        JSONObject([
            ("providerOrderId", .text(id.text)),
            ("storeInformation", .object(JSONObject([("providerStoreId", .text(store.providerStoreID))]))),
            ("cancellationNotes", "cancelled by the webshop"),
        ])
    }
}
