import CloudSuite
import Ledger
import OrderFlow
import Orders
import SinkKit

/// The steps that speak to the shop.
extension OrderWork {
    mutating func read() async throws(Interruption) {
        do throws(ShopError) {
            take(try await flow.shop.order(claimed.row.key.orderID, after: shopOrder))
        } catch {
            try fail("read", error)
        }
    }

    /// Journals a reading that shows something new; one that doesn't only counts as fresh.
    private mutating func take(_ order: ShopOrder) {
        shopOrder = order
        if let known = progress.reading, known.showsTheSame(as: order.reading) {
            progress.refresh(order.reading)
        } else {
            note(.read(order.reading))
        }
    }

    /// Writes the steps in one request. Their evidence needn't be on disk before the next one: each is satisfied by what a
    /// new read shows, so a crash in between costs one read.
    mutating func write(_ steps: [WriteStep]) async throws(Interruption) {
        guard let shopOrder else { return }
        let edit = OrderEdit(steps, receipt: progress.receipt, close: flow.policy.close)
        outcome.writes += 1
        do throws(ShopError) {
            let written = try await flow.shop.write(edit, to: shopOrder, id: claimed.row.key.orderID)
            self.shopOrder = written.order
            note(.wrote(steps, written.order.reading))
            if !written.foreignDifferences.isEmpty {
                let fields = written.foreignDifferences.joined(separator: ", ")
                note(
                    .failed(
                        Failure(
                            activity: "write", failureClass: .conflict,
                            message: "Somebody else changed the order in the shop while it was written: \(fields).")))
            }
        } catch {
            // The loop reads again.
            if error.wasNotSentInTime { return }
            try fail(steps.map(\.rawValue).joined(separator: " and "), error)
        }
    }

    private mutating func fail(_ activity: String, _ error: ShopError) throws(Interruption) {
        try fail(activity, error.failureClass, error.message, retryAfter: error.retryAfter)
    }

    /// Journals what counts for the order, and hands on what doesn't.
    mutating func fail(
        _ activity: String, _ failureClass: FailureClass, _ message: String, retryAfter: Duration?
    ) throws(Interruption) {
        switch failureClass {
        case .outage: throw .outage(message)
        case .unauthorized: throw .flow(.unauthorized(message))
        case .misconfigured: throw .flow(.misconfigured(message))
        case .rejected, .conflict: note(.failed(Failure(activity: activity, failureClass: failureClass, message: message)))
        case .transient, .throttled, .unknown:
            let wait = retryAfter ?? flow.policy.retry.delay(afterFailures: progress.failureCount + 1)
            note(
                .failed(
                    Failure(
                        activity: activity, failureClass: failureClass, message: message, retryAt: surroundings.now + wait)))
        }
    }
}
