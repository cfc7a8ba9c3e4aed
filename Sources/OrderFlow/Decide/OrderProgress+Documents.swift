import Orders
import SinkKit

/// What becomes of shipments and documents, folded.
extension OrderProgress {
    mutating func applyShipments(_ known: KnownShipments) {
        if mayHaveToldShipments {
            doubtfulShipments = known.shipments.map(\.id).filter { documents(about: .shipment($0)).isEmpty }
            mayHaveToldShipments = false
        }
        shipments = known
        mustAskShipments = false
        forgetFailures()
    }

    /// The ERP's order is another one now.
    mutating func forgetShipments() {
        replacedShipments += toldShipments
        shipments = nil
    }

    /// Takes in an answer about shipments that told nothing new.
    package mutating func refreshShipments() {
        mustAskShipments = false
        if lastFailure?.activity == Self.shipmentLookUp { forgetFailures() }
    }

    /// The ``Failure/activity`` of asking the ERP for shipments.
    package static let shipmentLookUp = "look-up of shipments"

    mutating func applyRendering(_ record: DocumentRecord, at instant: Timestamp) {
        let document = DocumentProgress(record, at: instant)
        if let index = documents.firstIndex(where: { $0.record.ordinal == record.ordinal }) {
            documents[index] = document
        } else {
            documents.append(document)
        }
        impossibleDocuments.removeAll { $0.cause == record.cause }
    }

    mutating func applyImpossible(_ cause: DocumentCause, _ faults: [SinkFault]) {
        impossibleDocuments.removeAll { $0.cause == cause }
        impossibleDocuments.append(ImpossibleDocument(cause: cause, faults: faults))
    }

    /// Why there can be no document about that; `nil`: nobody found so.
    package func impossibleDocument(about cause: DocumentCause) -> ImpossibleDocument? {
        impossibleDocuments.first { $0.cause == cause }
    }

    mutating func applyEnd(ofDocument ordinal: Int, _ end: DocumentEnd, at instant: Timestamp) {
        update(ordinal) { $0.end(end, at: instant) }
        // What the shop showed before says nothing of what it made of the document.
        mustRead = true
        switch end {
        case .sent, .acknowledged: forgetFailures()
        case .refused, .notSent, .unknown: break
        }
    }

    mutating func update(_ ordinal: Int, _ change: (inout DocumentProgress) -> Void) {
        guard let index = documents.firstIndex(where: { $0.record.ordinal == ordinal }) else { return }
        change(&documents[index])
    }

    /// A person says that the document the order stands for needn't be sent any more.
    mutating func releaseDocument(at instant: Timestamp) {
        // In the order in which they are looked at, so that it is the one that the verdict names.
        let confirmations = receipt.map { documents(about: .confirmation(erpOrderNumber: $0.erpOrderNumber)) } ?? []
        let despatches = shipments?.shipments.flatMap { documents(about: .shipment($0.id)) } ?? []
        let blocking = (confirmations + despatches + documents).first { document in
            if case .status = document.record.cause { return false }
            return document.state == .unknown || document.state == .refused
        }
        guard let blocking else { return }
        update(blocking.record.ordinal) { $0.release(at: instant) }
    }

    /// A person says that the order goes on without the document that it stands for: the first that it needs and that can't be made.
    mutating func releaseImpossibleDocument() {
        let number = receipt?.erpOrderNumber ?? ""
        let needed: [DocumentCause] =
            [.confirmation(erpOrderNumber: number), .orderResponse(erpOrderNumber: number), .codes(erpOrderNumber: number)]
            + (shipments?.shipments.map { .shipment($0.id) } ?? [])
        let blocking = needed.compactMap { cause in
            impossibleDocuments.firstIndex { $0.cause == cause && !$0.isReleased }
        }
        if let first = blocking.first { impossibleDocuments[first].isReleased = true }
    }

    /// The documents about that, in the order they are to be sent in.
    package func documents(about cause: DocumentCause) -> [DocumentProgress] { documents.filter { $0.record.cause == cause } }

    /// Ids of shipments of the ERP's present order that documents were made of.
    var toldShipments: [String] {
        var ids: [String] = []
        for document in documents {
            guard case .shipment(let id) = document.record.cause, !ids.contains(id), !replacedShipments.contains(id) else {
                continue
            }
            ids.append(id)
        }
        return ids
    }

    package func document(_ ordinal: Int) -> DocumentProgress? { documents.first { $0.record.ordinal == ordinal } }
}
