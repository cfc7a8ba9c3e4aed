import Orders
package import SinkKit

/// Believes what settles something open, passes over what is known or past, and leaves what contradicts to a person.
///
/// Messages bear no time and no number, so which of two that contradict each other was meant last can't be told.
package struct MessageJudge: MessageJudging {
    package let policy: FlowPolicy

    package init(policy: FlowPolicy) { self.policy = policy }

    package func judge(
        _ event: SinkEvent.Kind, name: MessageName, generation: Int, digest: String, _ progress: OrderProgress
    ) -> MessageJudgement {
        if let reason = progress.messages[name] {
            return MessageJudgement(reason, "It was taken in before; a crash came between that and its end.")
        }
        if progress.isListedOffline {
            return MessageJudgement(.neverSent, "The order was placed elsewhere and never goes to the ERP.")
        }
        if generation != progress.generation {
            return MessageJudgement(
                .replaced, "It is about key \(generation); a person had the order made anew under another one.")
        }
        switch event {
        case .answer(.accepted(let receipt)): return accepted(receipt, progress)
        case .answer(.pending(let ticket)): return pending(ticket, progress)
        case .answer(.rejected(let faults)): return rejected(faults, name, digest, progress)
        case .cancelled(let why): return cancelled(why, progress)
        case .shipped: return shipped(progress)
        }
    }

    // MARK: Accepted

    private func accepted(_ receipt: SinkReceipt, _ progress: OrderProgress) -> MessageJudgement {
        let number = receipt.erpOrderNumber
        if let known = progress.receipt { return accepted(receipt, knownAs: known, progress) }
        if progress.conflict != nil {
            return MessageJudgement(
                .awaitsPerson,
                "It says that the ERP has the order as \(number), and what the ERP holds under our key is in question.")
        }
        if progress.rejection?.wasSent == true, progress.openIntent == nil {
            return MessageJudgement(
                .contradicted, "It says that the ERP has as \(number) what the ERP refused before.",
                .entry(
                    .contradicted(
                        MessageObjection(
                            reason: .acceptedAfterRefusal,
                            sentence: "The ERP refused it, and then a message said that it has it as \(number). Look in the ERP; "
                                + "then 'adopt' it, 'skip' it, or 'rerun --from push' to send it once more."))))
        }
        return MessageJudgement(.accepted, "The ERP has the order as \(number).", .entry(.answered(.accepted(receipt))))
    }

    private func accepted(_ receipt: SinkReceipt, knownAs known: SinkReceipt, _ progress: OrderProgress) -> MessageJudgement {
        let number = receipt.erpOrderNumber
        if progress.replacedReceipts.contains(where: { $0.erpOrderNumber == number }), known.erpOrderNumber != number {
            return MessageJudgement(.replaced, "ERP order \(number) was replaced by \(known.erpOrderNumber).")
        }
        if number != known.erpOrderNumber {
            let what = "a message says that the ERP has it as \(number), and it is known as \(known.erpOrderNumber)"
            return contradiction(progress, what)
        }
        if receipt.state == .cancelled, known.state != .cancelled {
            return MessageJudgement(.cancelled, "The ERP cancelled its order.", .entry(.cancelled("")))
        }
        // Whoever adopted it said of its lines what there is to say.
        let isAdopted = progress.pushedContentDigest == nil
        if !isAdopted, !receipt.lines.isEmpty, receipt.lines != known.lines {
            return contradiction(progress, "a message tells of the lines of ERP order \(number) otherwise than was known")
        }
        return MessageJudgement(.repeated, "That the ERP has the order as \(number) is known.")
    }

    /// After the ERP has the order. One that a person took out stays out.
    private func contradiction(_ progress: OrderProgress, _ what: String) -> MessageJudgement {
        if progress.skip != nil { return takenOut }
        let sentence = what.prefix(1).uppercased() + what.dropFirst() + "."
        return MessageJudgement(
            .contradicted, sentence,
            .entry(
                .contradicted(
                    MessageObjection(
                        reason: .answersContradict,
                        sentence: sentence + " Look in the ERP; 'release' goes on with what was known, "
                            + "'skip' leaves the order, and where the ERP's order is cancelled 'rerun --new-key' makes another one."
                    ))))
    }

    private var takenOut: MessageJudgement { MessageJudgement(.takenOut, "A person took the order out.") }

    // MARK: Pending

    private func pending(_ ticket: SinkTicket, _ progress: OrderProgress) -> MessageJudgement {
        let isOver = progress.receipt != nil || progress.rejection?.wasSent == true && progress.openIntent == nil
        if isOver {
            return MessageJudgement(.late, "The ERP has said since what became of the order.")
        }
        guard progress.openIntent != nil else { return neverSent }
        // Whatever the message calls it, the create's own ticket is what the sink knows how to ask by.
        if progress.ticket != nil {
            return MessageJudgement(.repeated, "That the ERP works on the order is known.")
        }
        return MessageJudgement(.pending, "The ERP works on the order.", .entry(.answered(.pending(ticket))))
    }

    private var neverSent: MessageJudgement {
        MessageJudgement(.neverSent, "Nothing that it could be about was sent to the ERP under this key.")
    }

    // MARK: Rejected

    private func rejected(
        _ faults: [SinkFault], _ name: MessageName, _ digest: String, _ progress: OrderProgress
    ) -> MessageJudgement {
        // A message that is delivered again says of an earlier create what it said before: the later one is still open.
        if let earlier = progress.messageDigests[digest], earlier != name.message {
            return MessageJudgement(
                .repeated, "The same bytes were taken in before, so it isn't taken for the answer to anything later.")
        }
        let count = faults.count.counted("fault")
        // Of two things that were asked for, only this one is open.
        if progress.receipt != nil, progress.cancelsOpen > 0 {
            let why = faults.map(\.description).joined(separator: "; ")
            return MessageJudgement(.cancelRefused, "The ERP doesn't cancel its order.", .entry(.cancelRefused(why)))
        }
        if let receipt = progress.receipt {
            return contradiction(
                progress, "a message says that the ERP refused the order (\(count)) which it has as \(receipt.erpOrderNumber)")
        }
        if progress.openIntent != nil {
            return MessageJudgement(.rejected, "The ERP refused the order: \(count).", .entry(.answered(.rejected(faults))))
        }
        return progress.rejection?.wasSent == true
            ? MessageJudgement(.repeated, "That the ERP refused the order is known.") : neverSent
    }

    // MARK: Cancelled and shipped

    private func cancelled(_ why: String, _ progress: OrderProgress) -> MessageJudgement {
        let known = progress.receipt.map { $0.state == .cancelled } ?? (progress.cancellation != nil)
        if known { return MessageJudgement(.repeated, "That the ERP cancelled its order is known.") }
        if progress.skip != nil { return takenOut }
        if progress.receipt == nil, progress.openIntent == nil {
            return progress.rejection?.wasSent == true
                ? MessageJudgement(.late, "The ERP had refused the order before.") : neverSent
        }
        return MessageJudgement(.cancelled, "The ERP cancelled its order.", .entry(.cancelled(why)))
    }

    private func shipped(_ progress: OrderProgress) -> MessageJudgement {
        guard policy.despatch != nil else {
            return MessageJudgement(.notAsked, "Something was sent out, and this flow doesn't tell of shipments.")
        }
        guard progress.receipt != nil else {
            return MessageJudgement(.early, "Something was sent out; it is asked for once the ERP is known to have the order.")
        }
        if progress.skip != nil { return takenOut }
        return MessageJudgement(.shipped, "Something was sent out; the ERP is asked what.", .look)
    }
}
