import CloudSuite
import Documents
import Ledger
import OrderFlow
import Orders
import SinkKit

/// The steps that tell of the ERP's numbers and of what left the house.
extension OrderWork {
    mutating func askShipments() async throws(Interruption) {
        guard let receipt = progress.receipt, let order = shopOrder?.order else { return }
        var told: SinkShipments
        do throws(SinkError) { told = try await flow.sink.shipments(for: receipt, key: key, context) } catch {
            return try fail(OrderProgress.shipmentLookUp, error)
        }
        if let complaint = JournalLimit.complaint(told) {
            return try fail(OrderProgress.shipmentLookUp, .transient, complaint, retryAfter: nil)
        }
        let ids = told.shipments.map(\.id)
        guard Set(ids).count == ids.count else {
            return try fail(
                OrderProgress.shipmentLookUp, .transient, "the ERP tells of one shipment twice", retryAfter: nil)
        }
        let factors = progress.factors ?? flow.preparation.factors(of: order)
        note(told.convert(by: factors), of: order)
        sinkShipments = told
        let known = KnownShipments(told, of: order)
        if known == progress.shipments, !progress.mayHaveToldShipments {
            progress.refreshShipments()
        } else {
            note(.shipped(known))
        }
    }

    /// Asking again changes nothing about a quantity that no whole number of the shop's units is: a person is needed at once.
    private mutating func note(_ inexact: [SinkShipments.InexactQuantity], of order: Order) {
        var ids: [String] = []
        for quantity in inexact where !ids.contains(quantity.shipmentID) { ids.append(quantity.shipmentID) }
        for id in ids {
            let faults = inexact.filter { $0.shipmentID == id }.map { quantity in
                let ordered = order.lines.first { $0.key == quantity.lineKey }?.quantity
                return SinkFault(
                    path: "order \(order.reference ?? String(order.id)), line \(quantity.lineKey)",
                    message:
                        "the ERP sent \(quantity.quantity.spelling) of its units out, and \(quantity.factor.spelling) of them are one of "
                        + "the shop's, so that is no exact quantity there"
                        + (ordered.map { "; ordered: \($0.spelling) of the shop's" } ?? "")
                        + ". Mend the quantity in the ERP, then 'rerun'; or tell the buyer by hand, then 'release'")
            }
            if progress.impossibleDocument(about: .shipment(id))?.faults != faults {
                note(.documentImpossible(.shipment(id), faults))
            }
        }
    }

    /// Makes the documents about that, all in one transaction: what is there after a crash is all there will be.
    mutating func render(_ cause: DocumentCause) async throws(Interruption) {
        guard flow.documents != nil, progress.receipt != nil, shopOrder != nil else { return }
        let codes: [OpenedCode]
        switch try await openedCodes(for: cause) {
        case .success(let opened): codes = opened
        case .failure(let unfit): return note(.documentImpossible(cause, unfit.faults))
        }
        let made: [OutgoingDocument]
        do throws(DocumentFaults) { made = try self.made(about: cause, codes) } catch {
            return note(.documentImpossible(cause, error.faults.map(SinkFault.init)))
        }
        if made.isEmpty {
            return note(
                .documentImpossible(cause, [SinkFault(message: "the configuration, or the ERP, has nothing to tell of it")]))
        }
        let existing = progress.documents(about: cause)
        guard existing.isEmpty || existing.count == made.count else {
            return note(
                .documentImpossible(
                    cause, [SinkFault(message: "\(existing.count) documents were made of it, and it would be \(made.count) now")])
            )
        }
        for document in made {
            if let (other, number) = try await holder(of: document, besides: existing) {
                return note(
                    .documentImpossible(
                        cause,
                        [SinkFault(message: "its number \(number) is that of document \(other.id), of order \(other.order)")]))
            }
        }
        let before = self
        for (index, document) in made.enumerated() where existing.isEmpty || existing[index].isVoid {
            let kept = try sealed(document)
            let digest = ContentDigest.sha256(kept)
            payloads.append(StoredPayload(digest: digest, bytes: kept))
            note(
                .documentRendered(
                    DocumentRecord(
                        ordinal: existing.isEmpty ? progress.documents.count + 1 : existing[index].record.ordinal,
                        kind: document.kind, number: document.number, messageNumber: document.messageNumber, cause: cause,
                        digest: digest, shipmentDigest: progress.shipmentDigest(cause))))
        }
        do throws(Interruption) { try await flush() } catch {
            guard case .ledger(.documentNumberUsed) = error else { throw error }
            // Another order took it since it was asked for: asked again, that order is named.
            self = before
        }
    }

    /// A document of the flow that has one of its numbers already, and which: numbers are used once.
    ///
    /// - Parameter existing: documents of this order that it takes the place of.
    func holder(
        of document: OutgoingDocument, besides existing: [DocumentProgress]
    ) async throws(Interruption) -> (row: DocumentRow, number: String)? {
        for number in document.numbers {
            let row: DocumentRow?
            do throws(LedgerError) {
                row = try await surroundings.ledger.document(flow: flow.name, kind: document.kind, number: number)
            } catch { throw .ledger(error) }
            guard let row else { continue }
            let isOwn = row.order == claimed.row.key && existing.contains { $0.record.ordinal == row.record.ordinal }
            if !isOwn { return (row, number) }
        }
        return nil
    }

    /// Nothing is noted of them. Empty where the configuration, or the ERP, has nothing to tell.
    func made(about cause: DocumentCause, _ codes: [OpenedCode]) throws(DocumentFaults) -> [OutgoingDocument] {
        guard let documents = flow.documents, let receipt = progress.receipt, let order = shopOrder?.order else { return [] }
        let now = surroundings.now
        switch cause {
        case .confirmation:
            return [
                try documents.maker.confirmation(
                    of: order, receipt: receipt, shop: flow.shopName, at: now, earlierOnes: confirmations(before: cause))
            ]
        case .shipment(let id):
            guard let shipment = sinkShipments?.shipments.first(where: { $0.id == id }) else { return [] }
            return try documents.maker.despatch(
                shipment, of: order, receipt: receipt, shop: flow.shopName, control: try controlReference(cause), at: now)
        case .orderResponse:
            return [try documents.maker.orderResponse(to: order, receipt: receipt, control: try controlReference(cause), at: now)]
        case .status(let moment):
            guard let text = documents.statusTexts.first(where: { $0.step.rawValue == moment.rawValue }) else { return [] }
            return [documents.maker.status(text, of: order, receipt: receipt, at: now)]
        case .codes:
            return [try documents.maker.codes(codes, of: order, receipt: receipt, shop: flow.shopName, at: now)]
        }
    }

    /// Confirmations of ERP orders that this one's order was before: each has a number of its own.
    private func confirmations(before cause: DocumentCause) -> Int {
        let own = progress.documents(about: cause).first?.record.ordinal ?? .max
        return progress.documents.count { document in
            guard case .confirmation = document.record.cause else { return false }
            return document.record.cause != cause && document.record.ordinal < own
        }
    }

    /// That of the document's own ordinal, also where it is made anew.
    private func controlReference(_ cause: DocumentCause) throws(DocumentFaults) -> ControlReference {
        try ControlReference(
            ledgerMadeAt: surroundings.ledger.identity.createdAt, orderPosition: claimed.row.position,
            ordinal: progress.documents(about: cause).first?.record.ordinal ?? progress.documents.count + 1)
    }

    /// The stored bytes, whatever the order looks like by now; that they are on their way is durable before the first one leaves.
    mutating func send(ordinal: Int) async throws(Interruption) {
        guard let (kept, target) = try await outgoing(ordinal), let cause = progress.document(ordinal)?.record.cause,
            let document = try opened(kept, about: cause)
        else { return }
        note(.documentSending(ordinal: ordinal))
        try await flush()
        outcome.writes += 1
        let limit = flow.documents?.timeLimit ?? flow.sinkTimeLimit
        let answer = await target.deliver(document, timeLimit: limit)
        let end = DocumentEnd(answer, record: progress.document(ordinal))
        note(.documentEnded(ordinal: ordinal, end))
        try await flush()
        // An order with many parcels takes many decisions; each that arrives is a step on its way.
        if end == .sent || end == .acknowledged { decisionsInARow = 0 }
        if case .notSent(let failure) = answer, case .notSent = end {
            try notSent(document, failure, isShop: target is ShopDocumentTarget)
        }
    }

    private mutating func notSent(
        _ document: OutgoingDocument, _ failure: DeliveryFailure, isShop: Bool
    ) throws(Interruption) {
        let activity = "sending of \(document.kind.rawValue) \(document.number)"
        let isPartnersFault = !isShop && [.unauthorized, .misconfigured].contains(failure.failureClass)
        guard failure.failureClass == .outage || isPartnersFault else {
            return try fail(activity, failure.failureClass, failure.message, retryAfter: failure.retryAfter)
        }
        outcome.metOutage = true
        // A partner that is out of reach holds up its documents, and neither counts against the order nor ends the run: other
        // orders have their way to the ERP to go.
        let wait = failure.retryAfter ?? flow.policy.retry.max / 10
        note(
            .failed(
                Failure(
                    activity: activity, failureClass: .outage, message: failure.message,
                    retryAt: surroundings.now + max(wait, flow.policy.retry.initial))))
    }

    /// Whoever sent it is gone, and with it the answer.
    mutating func settle(ordinal: Int) async throws(Interruption) {
        guard let (kept, target) = try await outgoing(ordinal), let cause = progress.document(ordinal)?.record.cause,
            let document = try opened(kept, about: cause)
        else { return }
        let end: DocumentEnd =
            switch await target.holds(document) {
            case true?: .sent
            case false?: .notSent("the process that was to send it ended, and it isn't there")
            case nil: .unknown("the process that sent it ended before the answer was recorded")
            }
        note(.documentEnded(ordinal: ordinal, end))
        try await flush()
    }

    /// Its stored bytes, which may be sealed, and where they go.
    mutating func outgoing(_ ordinal: Int) async throws(Interruption) -> (OutgoingDocument, any DocumentTarget)? {
        guard let record = progress.document(ordinal)?.record else { return nil }
        guard let target = flow.documents?.target(for: record) else {
            note(
                .documentEnded(
                    ordinal: ordinal,
                    .refused("the configuration sends no documents of kind \(record.kind.rawValue) any more, as it did then")))
            return nil
        }
        if let bytes = payloads.first(where: { $0.digest == record.digest })?.bytes {
            return (OutgoingDocument(kind: record.kind, number: record.number, bytes: bytes), target)
        }
        let stored: [UInt8]?
        do throws(LedgerError) { stored = try await surroundings.ledger.payload(claimed.row.key, digest: record.digest) } catch {
            throw .ledger(error)
        }
        guard let stored, ContentDigest.sha256(stored) == record.digest else {
            note(
                .documentEnded(
                    ordinal: ordinal, .refused("its bytes are not in the ledger as they were made, so it can't be sent")))
            return nil
        }
        return (OutgoingDocument(kind: record.kind, number: record.number, bytes: stored), target)
    }
}

extension OrderProgress {
    fileprivate func shipmentDigest(_ cause: DocumentCause) -> String? {
        guard case .shipment(let id) = cause else { return nil }
        return shipments?.shipments.first { $0.id == id }?.digest
    }
}

extension KnownShipments {
    init(_ told: SinkShipments, of order: Order) {
        self.init(
            ordered: order.pushedLines.map { LineQuantity(key: $0.key, quantity: $0.quantity) },
            shipments: told.shipments.map(KnownShipment.init), closedLines: told.closedLines,
            isCancelled: told.isCancelled)
    }
}

extension KnownShipment {
    fileprivate init(_ shipment: SinkShipment) {
        var lines: [LineQuantity] = []
        for line in shipment.packages.flatMap(\.lines) {
            if let index = lines.firstIndex(where: { $0.key == line.lineKey }),
                let sum = lines[index].quantity.adding(line.quantity)
            {
                lines[index].quantity = sum
            } else {
                lines.append(LineQuantity(key: line.lineKey, quantity: line.quantity))
            }
        }
        self.init(
            id: shipment.id, digest: ContentDigest.sha256(JSONValue.object(shipment.json).serialized()), lines: lines)
    }
}

extension DocumentEnd {
    fileprivate init(_ answer: DeliveryAnswer, record document: DocumentProgress?) {
        switch answer {
        case .sent: self = .sent
        case .acknowledged: self = .acknowledged
        case .alreadyKnown where document?.mayHaveArrived ?? false: self = .acknowledged
        case .alreadyKnown:
            self = .refused("its receiver says that it has a document of that number, and none was sent from here before")
        case .refused(let message): self = .refused(message)
        case .notSent(let failure):
            // A text for the buyer holds nothing up; a person can send it again.
            if case .status? = document?.record.cause {
                self = .refused(failure.message)
            } else {
                self = .notSent(failure.message)
            }
        case .unknown(let message): self = .unknown(message)
        }
    }
}

extension SinkFault {
    fileprivate init(_ fault: DocumentFault) {
        self.init(path: fault.place, message: fault.message)
    }
}
