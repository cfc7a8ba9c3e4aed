import Orders
import SinkKit

/// What is next for an order that the shop cancelled after the ERP had it. Nothing further is written to the shop.
extension AfterPush {
    func cancelledInShop(_ progress: OrderProgress, at now: Timestamp) -> Decision {
        if receipt.state == .cancelled {
            return .rest(
                Verdict(
                    .dismissed, .cancelledEverywhere,
                    "It is cancelled in the shop, and so is ERP order \(receipt.erpOrderNumber)."))
        }
        guard policy.cancel == .erp else { return .rest(toPerson("Cancel it in the ERP, then 'skip' it.")) }
        switch progress.cancelRequest?.end {
        // To ask twice does no harm: what is cancelled already is told as cancelled.
        case nil, .notApplied?, .cancelled?: return .cancel(receipt)
        case .refused(let why)?:
            return .rest(toPerson("The ERP was asked to cancel it and keeps it: \(why). Put it in order there, then 'skip' it."))
        case .unknown(let why, let until)? where now < until:
            return .rest(
                Verdict(
                    .waiting, .cancelling,
                    "It was cancelled in the shop, and the ERP was asked to cancel \(receipt.erpOrderNumber): \(why).",
                    until: until))
        case .unknown(let why, _)?:
            return .rest(
                toPerson(
                    "The ERP was asked to cancel it and never said what came of that: \(why). Look there, then 'skip' it; "
                        + "'rerun' asks once more."))
        }
    }

    private func toPerson(_ what: String) -> Verdict {
        Verdict(
            .quarantined, .cancelledAfterPush,
            "It was cancelled in the shop after it went to the ERP as \(receipt.erpOrderNumber). Nothing further is written to the "
                + "shop. \(what)")
    }
}
