import Ledger
import OrderFlow
import Orders
import SinkKit

extension OrderDesk {
    /// Takes the order for these decisions.
    ///
    /// Whoever orders another create has looked in the ERP before. A create that was sent while the command waited for the order is one
    /// that nobody has looked for: against an ERP without keys, the one ordered would be a second order there.
    func claim(_ key: OrderKey, for decisions: [PersonDecision]) async throws(Refusal) -> ClaimedOrder {
        guard decisions.contains(where: \.kind.ordersCreate) else { return try await claim(key) }
        let seen = try await creates(of: key)
        let claimed = try await claim(key)
        guard Creates(claimed.progress) != seen else { return claimed }
        throw try await refusal(of: claimed, "it went on while this command waited for it; look at it, and in the ERP, once more")
    }

    private func creates(of key: OrderKey) async throws(Refusal) -> Creates {
        try await ledger { ledger throws(LedgerError) in Creates(OrderProgress(try await ledger.journal(key))) }
    }
}

/// How far an order's creates have got.
private struct Creates: Equatable {
    let attempts: Int
    let generation: Int
    let erpOrderNumber: String?
    /// Since when nobody waits for the last one's answer any more; `nil` also while somebody does.
    let uncertainSince: Timestamp?

    init(_ progress: OrderProgress) {
        attempts = progress.attempts
        generation = progress.generation
        erpOrderNumber = progress.receipt?.erpOrderNumber
        uncertainSince = progress.openIntent?.uncertainSince
    }
}

extension PersonDecision.Kind {
    /// Whether it lets a create be sent that the sink's class alone wouldn't.
    fileprivate var ordersCreate: Bool {
        switch self {
        case .createAgain, .newKey: true
        case .hold, .release, .skip, .adopt, .rerun, .resend: false
        }
    }
}
