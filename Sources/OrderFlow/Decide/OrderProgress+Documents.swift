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
        let blocking = neededCauses.flatMap { documents(about: $0) }.first { $0.state == .unknown || $0.state == .refused }
        guard let blocking else { return }
        update(blocking.record.ordinal) { $0.release(at: instant) }
    }

    /// A person says that the order goes on without the document that it stands for: the first that it needs and that can't be made.
    mutating func releaseImpossibleDocument() {
        let blocking = neededCauses.compactMap { cause in
            impossibleDocuments.firstIndex { $0.cause == cause && !$0.isReleased }
        }
        if let first = blocking.first { impossibleDocuments[first].isReleased = true }
    }

    /// What the ERP's present order is to be told of, in the order in which it is looked at: the first that stands still is the one that
    /// the verdict names. Texts for the buyer hold nothing up.
    private var neededCauses: [DocumentCause] {
        let number = receipt?.erpOrderNumber ?? ""
        return [.confirmation(erpOrderNumber: number), .orderResponse(erpOrderNumber: number), .codes(erpOrderNumber: number)]
            + (shipments?.shipments.map { .shipment($0.id) } ?? [])
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
