import Orders
import SinkKit

/// Cancelling.
enum CancelRules {
    static let all = [
        SinkRule("cancel.cancels", "a cancelled order is told as cancelled", cancels),
        SinkRule("cancel.twice", "cancelling twice does no harm", twice),
    ]

    static func cancels(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let (order, receipt) = try await made(trial)
        let answer = try await cancel(order, receipt, trial)
        try trial.expect(
            answer == .success(.cancelled), "a new order is cancelled", seen: answer.words,
            hint: "If this ERP cancels nothing by itself, don't declare 'cancels'.")
        guard try await trial.capabilities().sinkClass.canFind else { return "\(receipt.erpOrderNumber), cancelled" }
        let found = try await trial.foundInTime(order.key)
        try trial.expect(
            found?.state == .cancelled, "find gives \(receipt.erpOrderNumber) as cancelled",
            seen: found.map { "\($0.erpOrderNumber), \($0.state.rawValue)" } ?? "nothing",
            hint: "An order that is cancelled is still there: 'nothing' would have it made again.")
        return "\(receipt.erpOrderNumber), cancelled and told so"
    }

    static func twice(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let (order, receipt) = try await made(trial)
        let first = try await cancel(order, receipt, trial)
        guard first == .success(.cancelled) else { throw .notRun("the first cancellation: \(first.words); see cancel.cancels") }
        let second = try await cancel(order, receipt, trial)
        try trial.expect(
            second == .success(.cancelled), "cancelled", seen: second.words,
            hint: "After a lost answer the cancellation is repeated; what is cancelled already is a success.")
        return "\(receipt.erpOrderNumber), cancelled twice"
    }

    private static func made(_ trial: SinkTrial) async throws(RuleEnd) -> (SinkOrder, SinkReceipt) {
        guard try await trial.capabilities().cancels else { throw .notApplicable("the sink doesn't say that it can cancel") }
        let order = try trial.order()
        return (order, try await trial.made(order))
    }

    private static func cancel(
        _ order: SinkOrder, _ receipt: SinkReceipt, _ trial: SinkTrial
    ) async throws(RuleEnd) -> Result<SinkCancellation, SinkError> {
        let answer = try await trial.call("cancel", key: order.key) { sink, context throws(SinkError) in
            try await sink.cancel(receipt, key: order.key, context)
        }
        if case .success(.refused(let reason)) = answer { trial.transcript.add("a refused cancellation", reason) }
        return answer
    }
}

extension Result where Success == SinkCancellation, Failure == SinkError {
    /// Errors are never what is asked for here.
    fileprivate static func == (left: Self, right: Self) -> Bool {
        if case (.success(let left), .success(let right)) = (left, right) { left == right } else { false }
    }

    fileprivate var words: String {
        switch self {
        case .success(.cancelled): "cancelled"
        case .success(.refused(let reason)): "refused: \(reason)"
        case .failure(let error): "the error \(error.code.words): \(error.message)"
        }
    }
}
