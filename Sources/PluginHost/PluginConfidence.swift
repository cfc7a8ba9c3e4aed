import Orders
import SinkKit

/// Keeps what a plugin was given in confidence out of what is journalled and logged of its answers.
///
/// Words for people are masked. What means something else once it is changed, such as a ticket, is refused: masked, a ticket would no
/// longer lead to its order.
struct PluginConfidence: Sendable {
    /// Of the plugin, for messages.
    let name: String
    let mask: SecretMask

    /// - Throws: ``SinkError/Code/unknownOutcome`` after what may have had an effect, else ``SinkError/Code/unavailable``.
    func journalled(_ result: PluginResult, _ method: PluginCall.Method) throws(SinkError) -> PluginResult {
        switch result {
        case .found(let receipt?): return .found(try journalled(receipt, method))
        case .answer(let answer): return .answer(try journalled(answer, method))
        case .faults(let faults): return .faults(masked(faults))
        case .cancellation(.refused(let why)): return .cancellation(.refused(mask.masked(why)))
        case .events(let events):
            var journalled: [SinkEvent] = []
            for event in events { journalled.append(try self.journalled(event, method)) }
            return .events(journalled)
        case .findings(let lines): return .findings(lines.map { mask.masked($0) })
        case .shipments(let told):
            // Documents for others are made of them.
            if mask.isSeen(in: JSONValue.object(told.json).compactText) { throw exposure("shipments", method) }
            return result
        case .found(nil), .cancellation(.cancelled): return result
        }
    }

    private func journalled(_ answer: SinkAnswer, _ method: PluginCall.Method) throws(SinkError) -> SinkAnswer {
        switch answer {
        case .accepted(let receipt): return .accepted(try journalled(receipt, method))
        case .pending(let ticket):
            if mask.isSeen(in: ticket.text) { throw exposure("a ticket", method) }
            return answer
        case .rejected(let faults): return .rejected(masked(faults))
        }
    }

    private func journalled(_ receipt: SinkReceipt, _ method: PluginCall.Method) throws(SinkError) -> SinkReceipt {
        if mask.isSeen(in: receipt.erpOrderNumber) { throw exposure("an erp_order_number", method) }
        var receipt = receipt
        for index in receipt.lines.indices {
            receipt.lines[index].message = receipt.lines[index].message.map { mask.masked($0) }
        }
        return receipt
    }

    private func journalled(_ event: SinkEvent, _ method: PluginCall.Method) throws(SinkError) -> SinkEvent {
        var event = event
        switch event.kind {
        case .answer(let answer): event.kind = .answer(try journalled(answer, method))
        case .cancelled(let why): event.kind = .cancelled(mask.masked(why))
        case .shipped: break
        }
        return event
    }

    private func masked(_ faults: [SinkFault]) -> [SinkFault] {
        faults.map { SinkFault(path: mask.masked($0.path), message: mask.masked($0.message)) }
    }

    private func exposure(_ what: String, _ method: PluginCall.Method) -> SinkError {
        SinkError(
            method.mayHaveEffect ? .unknownOutcome : .unavailable,
            "plugin '\(name)' answered '\(method.rawValue)' with \(what) in which a value of its settings or of its environment stands "
                + "that is secret; the answer isn't kept. Mend the plugin, then look in the ERP")
    }

    // MARK: Attempts

    /// What a plugin asks of the journal, as it may stand there.
    ///
    /// - Throws: ``SinkError/Code/misconfigured`` where a name holds a secret: nothing was written down, so nothing may be sent.
    func journalled(_ request: PluginAttemptCall) throws(SinkError) -> PluginAttemptCall {
        let attempt = request.attempt
        guard !mask.isSeen(in: attempt.name), !mask.isSeen(in: attempt.key) else {
            throw SinkError(
                .misconfigured,
                "the name of an attempt holds a value of the settings or the environment that is secret; nothing was written down"
            )
        }
        guard case .end(let end) = request.kind else { return request }
        var request = request
        switch end {
        case .finished(let evidence): request.kind = .end(.finished(mask.masked(evidence)))
        case .notApplied(let message): request.kind = .end(.notApplied(mask.masked(message)))
        case .unknown(let message): request.kind = .end(.unknown(mask.masked(message)))
        }
        return request
    }
}
