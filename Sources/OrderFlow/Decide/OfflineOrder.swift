import Orders
import SinkKit

/// What is next for an order that was placed elsewhere, and that the shop only shows: it never goes to the ERP, and is marked as sent
/// once at most.
struct OfflineOrder {
    let policy: FlowPolicy

    func next(_ progress: OrderProgress, at now: Timestamp) -> Decision {
        guard policy.offline == .markSent else {
            return .rest(
                Verdict(
                    .dismissed, .offline, "It was placed elsewhere, and this flow leaves such orders in the shop as they are."))
        }
        if let conflict = progress.conflict { return .rest(Verdict(.quarantined, .editedMeanwhile, conflict)) }
        guard let reading = progress.freshReading(at: now), !progress.mustRead else { return .read }
        if let verdict = objection(reading) { return .rest(verdict) }
        if reading.shipment == .sent {
            return .rest(finished("the shop shows it as sent"))
        }
        // Whoever took that back had a reason.
        if progress.isFinished { return .rest(finished("the shop showed it as sent once, and is left to show something else")) }
        if progress.lastWrite?.steps == [.markSent] {
            return .rest(
                Verdict(.quarantined, .writeWithoutEffect, "The shop accepted that it was sent, and doesn't show it."))
        }
        return .write([.markSent])
    }

    private func objection(_ reading: OrderReading) -> Verdict? {
        let gate = Gate(policy: policy)
        if let elsewhere = gate.otherWebshop(reading) { return elsewhere }
        if reading.state == .cancelled {
            return Verdict(.dismissed, .cancelledBeforePush, "It was placed elsewhere, and was cancelled in the shop.")
        }
        if let unusable = gate.unusable(reading) { return unusable }
        if reading.state == .processing || reading.state == .done { return nil }
        return Verdict(
            .quarantined, .unexpectedState,
            "The shop listed it as placed elsewhere and shows it as '\(reading.state.rawValue)'; such orders are "
                + "'\(OrderState.processing.rawValue)' or '\(OrderState.done.rawValue)', so nothing is written.")
    }

    private func finished(_ what: String) -> Verdict {
        Verdict(.finished, .finished, "It was placed elsewhere and never goes to the ERP; \(what).")
    }
}
