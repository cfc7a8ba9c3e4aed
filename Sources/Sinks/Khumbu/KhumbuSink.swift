package import Orders
package import Settings
package import SinkKit
package import Transport

/// Orders put to a restaurant's POS through Khumbu.
///
/// Class N: Khumbu refuses a `providerOrderId` that it has (KS-0018), but has no call that tells what it holds, so nobody can be asked
/// after a lost answer, and nothing is sent a second time without a person. What it took ends with a ticket; the final word comes by
/// webhook, whether the create was answered or not, and is matched by the `providerOrderId` alone (``KhumbuOrderID``).
///
/// Source: https://developer.khumbu.com/reference/order-apis-documentation, https://developer.khumbu.com/docs/create-order
package final class KhumbuSink: ERPSink {
    package let capabilities: SinkCapabilities
    let settings: KhumbuSinkSettings
    let client: KhumbuClient
    /// The shops whose orders webhooks may tell of.
    let shops: [String]
    let timekeeper: any Timekeeper

    package init(
        _ settings: KhumbuSinkSettings, shops: [String], endpoint: Endpoint, timekeeper: any Timekeeper = SystemTimekeeper()
    ) {
        self.settings = settings
        self.shops = shops
        self.timekeeper = timekeeper
        client = KhumbuClient(endpoint: endpoint, settings: settings)
        capabilities = SinkCapabilities(
            sinkClass: .neither, requiredFields: settings.requiredFields, validates: true, cancels: true, receivesMessages: true)
    }

    package func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
        throw SinkError(.misconfigured, "Khumbu has no call that tells what became of an order")
    }

    /// By the settings, and then by Khumbu's cart, whose answer may come too late to be told here.
    package func validate(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> [SinkFault] {
        let document = KhumbuDocument(order, settings)
        return document.faults.isEmpty ? try await cartFaults(document, order, context) : document.faults
    }

    /// What Khumbu's cart says of the order at once: a POST that makes none, and that the POS may see.
    ///
    /// Source: https://developer.khumbu.com/docs/validate-cart. Another page tells of a direct reply; where there is none, there are no
    /// faults.
    func cartFaults(
        _ document: KhumbuDocument, _ order: SinkOrder, _ context: SinkContext
    ) async throws(SinkError) -> [SinkFault] {
        let answer = try await client.post(.cart, document.body(KhumbuDocument.cart), budget(for: context))
        if let code = answer.code {
            try refuseSettings(answer, .cart)
            return [fault(code, answer.reason, order)]
        }
        guard answer.isSuccess else {
            throw SinkError(.notApplied, "\(KhumbuClient.title(.cart)) was \(answer.outline)")
        }
        return answer.discrepancies.map { SinkFault(path: "lines", message: "Khumbu's cart differs: \($0)") }
    }

    /// Whether Khumbu gives out a token; there is no call without an effect that would prove the rest.
    package func check(_ context: SinkContext) async throws(SinkError) -> [String] {
        do throws(EndpointError) { try await client.endpoint.authenticate() } catch { throw SinkError(error, reads: true) }
        return [
            "Khumbu gave out a token; whether 'api_key', 'provider', 'partner', 'market' and 'stores' fit shows with the first order"
        ]
    }

    func budget(for context: SinkContext) -> CallBudget { CallBudget(context, timekeeper) }

    // MARK: Refusals

    /// A refusal in words, without what it repeats of people. - Parameter order: `nil`: of which order isn't known here.
    func fault(_ code: String, _ reason: String?, _ order: SinkOrder?) -> SinkFault {
        let told = reason.map { Self.withoutContacts(order?.withoutPersonalWords($0) ?? $0) }
        let words = told.map { ": \($0.prefix(Self.reasonLengthMax))" } ?? ""
        let remedy = KhumbuCode(code).map { " (\($0.remedy))" } ?? ""
        return SinkFault(message: "Khumbu says \(code)\(words)\(remedy)")
    }

    /// Longer ones say nothing that helps.
    private static let reasonLengthMax = 300

    /// Addresses and numbers by which people are reached, whoever they are.
    private static func withoutContacts(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            word.contains("@") || word.hasPrefix("+") && word.contains { $0.isNumber } ? "•••" : word
        }.joined(separator: " ")
    }

    /// - Throws: where no order can go before somebody has mended the settings.
    func refuseSettings(_ answer: KhumbuAnswer, _ call: KhumbuClient.Call) throws(SinkError) {
        guard let code = answer.code.flatMap(KhumbuCode.init), code.kind == .settings else { return }
        throw SinkError(.misconfigured, "\(KhumbuClient.title(call)) was \(answer.outline): \(code.remedy)")
    }
}
