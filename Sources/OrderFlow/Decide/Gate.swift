package import Orders
import SinkKit

/// Whether an order that isn't in the ERP yet may go there: payment, state, data and delays, by one read of it.
package struct Gate: Sendable {
    package enum Judgement: Sendable, Equatable {
        case go
        case stop(Verdict)
        /// The shop says that somebody handled it already: only what the ERP itself says counts.
        case onlyIfTheERPHasIt
    }

    package let policy: FlowPolicy

    package init(policy: FlowPolicy) { self.policy = policy }

    package func judge(_ reading: OrderReading, _ progress: OrderProgress, at now: Timestamp) -> Judgement {
        if let stopped = dismissal(reading) ?? unusable(reading) { return .stop(stopped) }
        let isHandled = reading.state == .processing || reading.state == .done
        // A person who ordered a new key knows that the order was handled before.
        if !policy.selectedStates.contains(reading.state), !(isHandled && progress.generation > 1) {
            if isHandled { return .onlyIfTheERPHasIt }
            let wanted = policy.selectedStates.map { "'\($0.rawValue)'" }.joined(separator: " or ")
            return .stop(
                hold(
                    .notConfirmed,
                    "Its state in the shop is '\(reading.state.rawValue)'; this flow takes orders that are \(wanted).",
                    progress, at: now))
        }
        if let (reason, sentence) = unpaid(reading) { return .stop(hold(reason, sentence, progress, at: now)) }
        // Last what the buyer's last edits may still put right.
        return (settling(reading, progress, at: now) ?? totalMismatch(reading, progress)).map { .stop($0) } ?? .go
    }

    private func dismissal(_ reading: OrderReading) -> Verdict? {
        if reading.isOffline == true {
            return Verdict(.dismissed, .offline, "It was placed elsewhere and is in the shop as history only.")
        }
        if let elsewhere = otherWebshop(reading) { return elsewhere }
        if reading.state == .cancelled {
            return Verdict(.dismissed, .cancelledBeforePush, "It was cancelled in the shop before it went to the ERP.")
        }
        return nil
    }

    func otherWebshop(_ reading: OrderReading) -> Verdict? {
        if let webshop = policy.webshop, let actual = reading.webshop, actual != webshop {
            return Verdict(.dismissed, .otherWebshop, "It belongs to webshop \(actual); this flow handles webshop \(webshop).")
        }
        return nil
    }

    func unusable(_ reading: OrderReading) -> Verdict? {
        if !reading.faults.isEmpty {
            let count = reading.faults.count.counted("fault")
            return Verdict(
                .quarantined, .malformed, "The shop's data for it can't be used: \(count).", faults: reading.faults)
        }
        if !OrderState.known.contains(reading.state), !policy.selectedStates.contains(reading.state) {
            return Verdict(
                .quarantined, .unknownState, "Its state in the shop is '\(reading.state.rawValue)', which Crossdock doesn't know."
            )
        }
        return nil
    }

    private func totalMismatch(_ reading: OrderReading, _ progress: OrderProgress) -> Verdict? {
        guard let totals = reading.totals, !progress.isReleased(.totalMismatch) else { return nil }
        if let difference = totals.stated.subtracting(totals.summed)?.magnitude, difference <= policy.totalsTolerance {
            return nil
        }
        return Verdict(
            .quarantined, .totalMismatch,
            "The shop states a total of \(totals.stated), its lines add up to \(totals.summed); "
                + "a difference of up to \(policy.totalsTolerance) is tolerated.")
    }

    private func unpaid(_ reading: OrderReading) -> (ReasonCode, String)? {
        guard let payment = reading.payment else {
            return (.paymentMissing, "The shop gives no payment_status for it.")
        }
        if policy.acceptedPayments.contains(payment) { return nil }
        switch payment {
        case .started: return (.paymentStarted, "payment_status is 'started': the buyer began to pay and hasn't finished.")
        case .closedCancelled: return (.paymentCancelled, "payment_status is 'closed_canceled': the payment was broken off.")
        case .none:
            return (.unpaid, "payment_status is 'none': nothing was paid, and this flow doesn't take orders without payment.")
        default:
            let known = PaymentStatus.known.contains(payment)
            return (
                .paymentUnknown,
                "payment_status is '\(payment.rawValue)', which \(known ? "this flow doesn't accept" : "Crossdock doesn't know")."
            )
        }
    }

    private func hold(_ reason: ReasonCode, _ sentence: String, _ progress: OrderProgress, at now: Timestamp) -> Verdict {
        let waited = progress.heldSince.map { now - $0 } ?? .zero
        if waited >= policy.giveUpAfter {
            return Verdict(
                .dismissed, .heldTooLong,
                "Given up on after \(waited.inDays) days on hold. \(sentence) A change of payment, state or content reopens it.")
        }
        return Verdict(.held, reason, sentence, until: now + policy.recheck.delay(afterWaiting: waited))
    }

    /// An order that doesn't say when it was confirmed settles from the first time that it was held.
    private func settling(_ reading: OrderReading, _ progress: OrderProgress, at now: Timestamp) -> Verdict? {
        guard policy.settlingDelay > .zero else { return nil }
        let settledAt = (reading.confirmedAt ?? progress.heldSince ?? now) + policy.settlingDelay
        guard settledAt > now else { return nil }
        return Verdict(
            .held, .settling,
            "It was confirmed less than \(policy.settlingDelay.inMilliseconds / 1000) s ago and is left to settle.",
            until: settledAt)
    }
}

extension Duration {
    fileprivate var inDays: Int64 { inMilliseconds / 86_400_000 }
}
