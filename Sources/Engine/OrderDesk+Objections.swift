import Ledger
import OrderFlow
import Orders
import SinkKit

/// Which decisions would do nothing, or harm.
extension OrderDesk {
    func objection(to decision: PersonDecision, _ claimed: ClaimedOrder) async throws(Refusal) -> String? {
        let isOffline = claimed.row.isListedOffline || claimed.progress.isListedOffline
        if isOffline, let why = Self.objection(toPushing: decision) { return why }
        if let why = Self.objection(to: decision, claimed.progress, flow.policy) { return why }
        guard decision.kind == .newKey, flow.policy.sinkClass.canFind else { return nil }
        // The receipt says how the ERP's order stood then; what counts is how it stands now.
        let key = IdempotencyKey(order: claimed.row.key, generation: claimed.progress.generation)
        do throws(SinkError) {
            let found = try await flow.sink.find(key, SinkContext(timeLimit: flow.sinkTimeLimit))
            guard let found, found.state != .cancelled else { return nil }
            // The look-up of such a sink shows a draft whatever became of it; then its last word counts.
            if found.state == .draft, flow.sink.capabilities.deliversSecrets, claimed.progress.receipt?.state == .cancelled {
                return nil
            }
            return "ERP order \(found.erpOrderNumber) isn't cancelled in the ERP"
        } catch { return "the ERP can't be asked whether its order is cancelled: \(error.message)" }
    }

    static func objection(to decision: PersonDecision, _ progress: OrderProgress, _ policy: FlowPolicy) -> String? {
        let verdict = progress.verdict
        switch decision.kind {
        case .release:
            guard let verdict, verdict.standing == .held || verdict.standing == .quarantined || verdict.reason == .heldTooLong
            else {
                return "the order is neither on hold nor in quarantine, so there is nothing to release it from"
            }
            if verdict.reason == .outcomeUnknown {
                return
                    "whether the ERP has it isn't known; look there, then 'adopt' it, or 'rerun --from push' to send it once more"
            }
            return verdict.reason.canBeReleased
                ? nil : "'\(verdict.reason.rawValue)' isn't something to release: \(verdict.sentence)"
        case .adopt(let receipt):
            if let existing = progress.receipt, existing.state != .cancelled {
                return "it already has ERP order \(existing.erpOrderNumber)"
            }
            // What is adopted is left as it is, and nobody delivers a draft.
            if receipt.state == .draft {
                return "the ERP has it as a draft; 'rerun' carries it on, or confirm it there before it is adopted"
            }
            return Self.isNumber(receipt.erpOrderNumber)
                ? nil : "an ERP order number is needed, of printable characters and with no blank at its ends"
        case .createAgain:
            if verdict?.reason == .awaitingERP { return stillWorking }
            return progress.receipt.map { "ERP order \($0.erpOrderNumber) has it; '--new-key' makes another one" }
        case .newKey:
            if progress.receipt != nil { return nil }
            if verdict?.reason == .awaitingERP { return stillWorking }
            // An ERP that can't be asked may keep a key used for what it refused, or for what nobody here can see.
            let mayBeUsed = policy.sinkClass == .neither && (progress.wasCreateIntended || progress.conflict != nil)
            return mayBeUsed ? nil : "it has no ERP order that a new key could stand beside"
        case .resend(let ordinal):
            guard let document = progress.document(ordinal) else { return "it has no document of that number" }
            return document.isDelivered && !document.isGivenUp
                ? "document \(document.record.number) is with its receiver already" : nil
        case .hold, .skip, .rerun: return nil
        }
    }

    private static func isNumber(_ text: String) -> Bool {
        let isPrintable = text.unicodeScalars.allSatisfy {
            ![.control, .format, .lineSeparator].contains($0.properties.generalCategory)
        }
        return !text.isEmpty && isPrintable && text.first?.isWhitespace == false && text.last?.isWhitespace == false
    }

    private static let stillWorking = "the ERP has accepted it and is still working on it"
    static let placedElsewhere = "it was placed elsewhere: the shop lists it as offline, and such orders never go to the ERP"

    /// What would bring an offline order into the ERP, or say that it is there.
    private static func objection(toPushing decision: PersonDecision) -> String? {
        switch decision.kind {
        case .adopt, .createAgain, .newKey:
            placedElsewhere
        case .hold, .release, .skip, .rerun, .resend: nil
        }
    }
}
