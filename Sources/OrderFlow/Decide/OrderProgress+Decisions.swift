import Orders
import SinkKit

/// What people decide about an order, folded.
extension OrderProgress {
    /// What the order was made ready with that stands still because that didn't suffice; `nil`: it stands for something else.
    package var lackedWith: String? {
        switch verdict?.reason {
        case .rejected?, .mappingQuestion?: rejection?.preparedWith
        default: nil
        }
    }

    mutating func applyDecision(_ decision: PersonDecision, at instant: Timestamp) {
        mustRead = true
        forgetFailures()
        lastWrite = nil
        // Whoever decided may have been in the ERP: it is asked again.
        isKnownAbsent = false
        draft = nil
        openIntent?.absentAt = nil
        answerObjection(decision.kind)
        switch decision.kind {
        case .hold: personHold = decision
        case .release: applyRelease(at: instant)
        case .skip: skip = decision
        case .adopt(let receipt):
            skip = nil
            accept(receipt, at: instant, contentDigest: nil)
        case .rerun:
            rejection = nil
            skip = nil
            // What a person told the receiver by hand isn't sent as well.
            impossibleDocuments.removeAll { !$0.isReleased }
            for index in documents.indices { documents[index].makeAnewIfNobodyHasIt() }
            // What somebody else did in the shop isn't undone by looking again; the ERP may have been put in order.
            if receipt == nil { conflict = nil }
            if cancelRequest?.end != .cancelled { cancelRequest = nil }
        case .createAgain:
            // An open intent stays open: where the ERP can be asked, it is still asked, and late effects are still waited for.
            ticket = nil
            rejection = nil
            mayCreateOnce = true
        case .newKey: applyNewKey()
        case .resend(let ordinal): update(ordinal) { $0.isOrderedAgain = true }
        }
    }

    /// A release undoes one thing, the one the order stands for.
    private mutating func applyRelease(at instant: Timestamp) {
        heldSince = nil
        if personHold != nil {
            personHold = nil
            return
        }
        switch verdict?.reason {
        case .editedMeanwhile?, .keyConflict?: conflict = nil
        case .rejected?: rejection = nil
        case .heldTooLong?: givenUpOn = nil
        case .documentUnknown?, .documentRefused?: releaseDocument(at: instant)
        case .documentImpossible?: releaseImpossibleDocument()
        case .shipmentChanged?:
            releasedShipmentDigests = shipments?.shipments.map(\.digest) ?? []
            releases.append(Release(reason: .shipmentChanged, contentDigest: reading?.contentDigest))
        case let reason? where reason.canBeReleased:
            releases.append(Release(reason: reason, contentDigest: reading?.contentDigest))
        default: break
        }
    }

    private mutating func applyNewKey() {
        generation += 1
        if let receipt { replacedReceipts.append(receipt) }
        receipt = nil
        receiptAt = nil
        pushedContentDigest = nil
        isFinished = false
        forgetShipments()
        clearPush()
        attemptsLostAt = nil
        cancellation = nil
        wasRefused = false
        forgetCancels()
        wasCreateIntended = false
        mayCreateOnce = true
    }
}
