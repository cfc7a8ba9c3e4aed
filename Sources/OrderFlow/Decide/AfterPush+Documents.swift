import Orders
import SinkKit

/// What is next for an order's documents: the confirmation, one after the other those of its shipments, and the buyer's texts.
extension AfterPush {
    /// The shop's order doesn't show the ERP's numbers yet, and a document is to tell it.
    func confirm(_ progress: OrderProgress, _ documentPolicy: DocumentPolicy, at now: Timestamp) -> Decision? {
        let cause = DocumentCause.confirmation(erpOrderNumber: receipt.erpOrderNumber)
        if let decision = deliver(cause, progress, documentPolicy, at: now) { return decision }
        if progress.impossibleDocument(about: cause)?.isReleased ?? false { return nil }
        let documents = progress.documents(about: cause)
        guard let last = documents.last, let deliveredAt = last.deliveredAt else { return .render(cause) }
        if last.isReleased { return nil }
        let limit = deliveredAt + policy.confirmationShowsWithin
        guard now < limit else {
            return .doubt(ordinal: last.record.ordinal, why: "the shop took it and doesn't show what it says")
        }
        let next = now + policy.retry.delay(afterWaiting: now - deliveredAt)
        return .rest(
            Verdict(
                .waiting, .retryLater, "The confirmation was taken, and the shop's order doesn't show it yet.",
                until: min(next, limit)))
    }

    /// The shop shows what the confirmation says: whatever was known of it before, it arrived.
    func evidence(_ progress: OrderProgress) -> Decision? {
        let document = progress.documents(about: .confirmation(erpOrderNumber: receipt.erpOrderNumber)).last
        switch document?.state {
        case .sending?, .unknown?, .refused?: return document.map { .recordEvidence(ordinal: $0.record.ordinal) }
        case .rendered?, .sent?, .acknowledged?, nil: return nil
        }
    }

    /// `nil`: the trading partner has been told what became of the order's lines.
    func respond(_ progress: OrderProgress, _ documentPolicy: DocumentPolicy, at now: Timestamp) -> Decision? {
        deliver(.orderResponse(erpOrderNumber: receipt.erpOrderNumber), progress, documentPolicy, at: now)
    }

    /// `nil`: the codes are with whoever gives them to the buyer, or there are none.
    func handOverCodes(_ progress: OrderProgress, _ documentPolicy: DocumentPolicy, at now: Timestamp) -> Decision? {
        guard progress.storedCodes.contains(where: { $0.generation == progress.generation }) else { return nil }
        return deliver(.codes(erpOrderNumber: receipt.erpOrderNumber), progress, documentPolicy, at: now)
    }

    /// `nil`: every shipment has been told of, and none is to come.
    func despatch(_ progress: OrderProgress, _ documentPolicy: DocumentPolicy, at now: Timestamp) -> Decision? {
        guard !progress.mustAskShipments, let known = progress.shipments else { return .askShipments }
        if known.isCancelled { return .rest(cancelledInERP) }
        if let verdict = shipmentConflict(known, progress) { return .rest(verdict) }
        for shipment in known.shipments where !shipment.lines.isEmpty {
            if let decision = deliver(.shipment(shipment.id), progress, documentPolicy, at: now) { return decision }
        }
        if isComplete(known) { return tell(.shipped, progress) }
        return .rest(awaitShipment(known, progress, at: now))
    }

    /// The ERP is asked again for as long as it takes; after a while a person is told as well that nothing comes.
    private func awaitShipment(_ known: KnownShipments, _ progress: OrderProgress, at now: Timestamp) -> Verdict {
        let since = (progress.documents.map(\.since) + [progress.receiptAt].compactMap(\.self)).max() ?? now
        let next = now + min(policy.recheck.delay(afterWaiting: now - since), policy.shipmentRecheckMax)
        let soFar =
            known.shipments.isEmpty
            ? "nothing was sent out yet" : "\(known.shipments.count) sent out and told of, and more is to come"
        guard now - since >= policy.shipmentOverdueAfter, !progress.isReleased(.shipmentOverdue) else {
            return Verdict(.held, .awaitingShipment, "ERP order \(receipt.erpOrderNumber): \(soFar).", until: next)
        }
        return Verdict(
            .quarantined, .shipmentOverdue,
            "ERP order \(receipt.erpOrderNumber): \(soFar), for longer than \(policy.shipmentOverdueAfter.inWords). Look in the ERP: what "
                + "is sent out or closed there yet is told all the same; 'release' lets the order wait without an end.",
            until: next)
    }

    /// A text for the buyer, where one is configured. Whatever becomes of it, the order goes on.
    func tell(_ moment: StatusMoment, _ progress: OrderProgress) -> Decision? {
        // Of an order that another ledger pushed, or after a rebuild, nobody knows what the buyer was told; better nothing than the same
        // text twice.
        guard policy.statusMoments.contains(moment), !progress.wasRestored, progress.wasCreateIntended else { return nil }
        guard let document = progress.documents(about: .status(moment)).last else {
            return progress.impossibleDocument(about: .status(moment)) == nil ? .render(.status(moment)) : nil
        }
        switch document.state {
        case .rendered: return .send(ordinal: document.record.ordinal)
        case .sending: return .settle(ordinal: document.record.ordinal)
        case .sent, .acknowledged, .refused, .unknown:
            return document.isOrderedAgain ? .send(ordinal: document.record.ordinal) : nil
        }
    }

    /// What the documents about one cause need, the first of them first; `nil`: all are with their receiver.
    private func deliver(
        _ cause: DocumentCause, _ progress: OrderProgress, _ documentPolicy: DocumentPolicy, at now: Timestamp
    ) -> Decision? {
        let documents = progress.documents(about: cause)
        let mustMake = documents.isEmpty || documents.contains(where: \.isVoid)
        let impossible = progress.impossibleDocument(about: cause)
        if mustMake, impossible == nil { return .render(cause) }
        // What is sealed may turn out damaged once it is to be sent.
        let isDamaged = documents.contains { $0.record.kind.isSealed && !$0.isDelivered }
        if let impossible, mustMake || isDamaged {
            if impossible.isReleased { return nil }
            return .rest(
                Verdict(
                    .quarantined, .documentImpossible,
                    "The document about \(cause.words) can't be made of what there is. Mend it in the ERP, the shop or the configuration, "
                        + "then 'rerun'; or tell its receiver otherwise, then 'release' lets the order go on without it.",
                    faults: impossible.faults))
        }
        for document in documents {
            if let why = doubt(about: document, progress) { return .doubt(ordinal: document.record.ordinal, why: why) }
            if let decision = next(for: document, documentPolicy, at: now) { return decision }
        }
        return nil
    }

    /// What another ledger, or a lost part of this one, may have sent already.
    private func doubt(about document: DocumentProgress, _ progress: OrderProgress) -> String? {
        guard document.state == .rendered, document.tries == 0, !document.isOrderedAgain else { return nil }
        switch document.record.cause {
        case .shipment(let id):
            return progress.doubtfulShipments.contains(id)
                ? "the ERP's order is older than what this ledger knows of it, so the shipment may have been told of" : nil
        case .confirmation, .codes: return progress.wasRestored ? Self.mayHaveBeenSent : nil
        case .orderResponse:
            if progress.wasRestored { return Self.mayHaveBeenSent }
            return progress.pushedContentDigest == nil
                ? "this ledger didn't bring the order into the ERP, so whoever did may have sent one" : nil
        case .status: return nil
        }
    }

    private static let mayHaveBeenSent = "the ledger was rebuilt, so one may have been sent"

    private func next(for document: DocumentProgress, _ documentPolicy: DocumentPolicy, at now: Timestamp) -> Decision? {
        let record = document.record
        if document.state == .sending { return .settle(ordinal: record.ordinal) }
        if document.isOrderedAgain { return .send(ordinal: record.ordinal) }
        let why = document.message.map { ": \($0)." } ?? "."
        switch document.state {
        case .rendered: return .send(ordinal: record.ordinal)
        case .sending, .sent, .acknowledged: return nil
        case .refused:
            return .rest(
                Verdict(
                    .quarantined, .documentRefused,
                    "\(record.title) about \(record.cause.words) was refused\(why) 'document resend' sends the same bytes again, "
                        + "'release' lets the order go on without it."))
        case .unknown:
            guard documentPolicy.onUnknown == .resend, document.unknownEnds < policy.failuresMax else {
                return .rest(
                    Verdict(
                        .quarantined, .documentUnknown,
                        "\(record.title) about \(record.cause.words) was sent, and whether it arrived isn't known\(why) "
                            + "Ask its receiver; then 'release' it if it arrived, or 'document resend' it."))
            }
            let again = document.since + policy.retry.delay(afterFailures: document.unknownEnds)
            guard now < again else { return .send(ordinal: record.ordinal) }
            return .rest(
                Verdict(
                    .waiting, .retryLater, "Whether \(record.title) arrived isn't known\(why) The same bytes are sent again.",
                    until: again))
        }
    }

    private func shipmentConflict(_ known: KnownShipments, _ progress: OrderProgress) -> Verdict? {
        let changed = known.shipments.filter { shipment in
            progress.documents(about: .shipment(shipment.id)).contains { $0.record.shipmentDigest != shipment.digest }
                && !progress.releasedShipmentDigests.contains(shipment.digest)
        }
        let withdrawn = progress.toldShipments.filter { id in !known.shipments.contains { $0.id == id } }
        if let verdict = withdrawnVerdict(withdrawn, progress) { return verdict }
        if !changed.isEmpty {
            return Verdict(
                .quarantined, .shipmentChanged,
                "The ERP tells of it otherwise than when its documents were made; they stay as they are. Tell the receiver, then "
                    + "'release'.",
                faults: changed.map { SinkFault(path: "shipment \($0.id)", message: "was changed after it was told of") })
        }
        guard !progress.isReleased(.shippedTooMuch) else { return nil }
        let faults = known.ordered.compactMap { line -> SinkFault? in
            guard let shipped = known.shipped(line.key), shipped > line.quantity else { return nil }
            return SinkFault(
                path: "line \(line.key)", message: "\(line.quantity.spelling) ordered, \(shipped.spelling) sent out")
        }
        if faults.isEmpty { return nil }
        return Verdict(
            .quarantined, .shippedTooMuch,
            "More was sent out than ordered; nothing more is told until somebody says 'release'.", faults: faults)
    }

    private func withdrawnVerdict(_ withdrawn: [String], _ progress: OrderProgress) -> Verdict? {
        guard !withdrawn.isEmpty, !progress.isReleased(.shipmentChanged) else { return nil }
        return Verdict(
            .quarantined, .shipmentChanged,
            "The ERP no longer tells of a shipment that documents were made of; they stay as they are. Tell the receiver, then "
                + "'release'.", faults: withdrawn.map { SinkFault(path: "shipment \($0)", message: "isn't told of any more") })
    }

    private func isComplete(_ known: KnownShipments) -> Bool {
        let rejected = receipt.lines.filter { $0.outcome == .rejected }.map(\.lineKey)
        return known.ordered.allSatisfy { line in
            if known.closedLines.contains(line.key) || rejected.contains(line.key) { return true }
            return known.shipped(line.key).map { $0 >= line.quantity } ?? false
        }
    }
}

extension KnownShipments {
    /// How much of the line left so far; `nil` where the sum can't be held.
    func shipped(_ key: String) -> ExactDecimal? {
        shipments.flatMap(\.lines).filter { $0.key == key }.reduce(ExactDecimal?(.zero)) { $0?.adding($1.quantity) }
    }
}

extension DocumentCause {
    /// Names it for a person.
    package var words: String {
        switch self {
        case .confirmation(let number), .orderResponse(let number): "ERP order \(number)"
        case .shipment(let id): "shipment \(id)"
        case .status(let moment): "the status '\(moment.rawValue)'"
        case .codes(let number): "the codes of ERP order \(number)"
        }
    }
}

extension DocumentRecord {
    /// Names it for a person.
    fileprivate var title: String { "Document \(kind.rawValue) \(number)" }
}
