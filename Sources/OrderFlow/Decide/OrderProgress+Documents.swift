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

    /// Takes in an answer about shipments that told nothing new.
    package mutating func refreshShipments() {
        mustAskShipments = false
        if lastFailure?.activity == Self.shipmentLookUp { forgetFailures() }
    }

    /// The ``Failure/activity`` of asking the ERP for shipments.
    package static let shipmentLookUp = "look-up of shipments"

    mutating func applyRendering(_ record: DocumentRecord, at instant: Timestamp) {
        documents.append(DocumentProgress(record, at: instant))
        impossibleDocument = nil
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
        let blocking = documents.first { document in
            if case .status = document.record.cause { return false }
            return document.state == .unknown || document.state == .refused
        }
        guard let blocking else { return }
        update(blocking.record.ordinal) { $0.move(to: .sent, at: instant) }
    }

    /// The documents about that, in the order they are to be sent in.
    package func documents(about cause: DocumentCause) -> [DocumentProgress] { documents.filter { $0.record.cause == cause } }

    package func document(_ ordinal: Int) -> DocumentProgress? { documents.first { $0.record.ordinal == ordinal } }
}
