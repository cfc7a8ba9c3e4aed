import OrderFlow
import SinkKit

extension PlantedBug {
    /// Bugs in cancelling in the ERP what the shop cancelled.
    package static let inCancelling: [PlantedBug] = [
        forgetting("a cancellation asked for without a word in the journal") { $0.kind == .cancelAsked },
        inSink("a cancellation that nobody answered taken for done") { sink in
            sink.onCancel = { receipt, key, context, base throws(SinkError) in
                do throws(SinkError) { return try await base.cancel(receipt, key: key, context) } catch { return .cancelled }
            }
        },
        inSink("a refusal to cancel taken for done") { sink in
            sink.onCancel = { receipt, key, context, base throws(SinkError) in
                _ = try await base.cancel(receipt, key: key, context)
                return .cancelled
            }
        },
        inPlanner("an edited order cancelled in the ERP") { decision, progress, _, _ in
            guard case .rest(let verdict) = decision, verdict.reason == .changedAfterPush, let receipt = progress.receipt,
                receipt.state != .cancelled
            else { return decision }
            return .cancel(receipt)
        },
        inPlanner("an order dropped that the ERP was never asked to cancel") { decision, _, _, _ in
            guard case .cancel = decision else { return decision }
            return .rest(Verdict(.dismissed, .cancelledEverywhere, "It is cancelled."))
        },
    ]
}
