import Orders
import SinkKit

/// What the ERP tells by itself, folded.
extension OrderProgress {
    mutating func applyMessage(_ entry: MessageEntry, at instant: Timestamp) {
        messages[entry.name] = entry.effect.reason
        messageDigests[entry.digest] = messageDigests[entry.digest] ?? entry.name.message
        switch entry.effect {
        case .answered(let end):
            if case .accepted(let receipt) = end, let skip { objection = .accepted(receipt, after: skip) }
            applyEnd(of: openIntent?.intent.attempt ?? attempts, end, at: instant)
            forgetFailures()
        case .cancelled(let why):
            if receipt == nil { cancellation = why } else { receipt?.state = .cancelled }
            if cancelRequest != nil { applyCancelEnd(.cancelled) }
        case .cancelRefused(let why): applyCancelEnd(.refused(why))
        case .contradicted(let objection): self.objection = objection
        }
    }

    /// What a person decides settles what a message had put into question; to look again doesn't, except where a person had said to leave
    /// the order alone.
    mutating func answerObjection(_ decision: PersonDecision.Kind) {
        switch decision {
        case .skip: objection = nil
        case .adopt, .createAgain, .newKey:
            objection = nil
            cancellation = nil
        case .release where verdict?.reason == objection?.reason: objection = nil
        case .rerun where objection?.reason == .acceptedAfterSkip: objection = nil
        case .hold, .release, .rerun, .resend: break
        }
    }
}

extension MessageObjection {
    fileprivate static func accepted(_ receipt: SinkReceipt, after skip: PersonDecision) -> MessageObjection {
        MessageObjection(
            reason: .acceptedAfterSkip,
            sentence: "\(skip.by) took it out (\(skip.reason)), and then a message said that the ERP has it as "
                + "\(receipt.erpOrderNumber). 'rerun' goes on with it; or put it in order in the ERP and 'skip' it again.")
    }
}

extension MessageEntry.Effect {
    /// What became of the message's word.
    package var reason: MessageReason {
        switch self {
        case .answered(.accepted): .accepted
        case .answered(.pending): .pending
        case .answered: .rejected
        case .cancelled: .cancelled
        case .cancelRefused: .cancelRefused
        case .contradicted: .contradicted
        }
    }
}
