internal import Documents
package import Orders

/// A document that the simulated partner took.
package struct PartnerDocument: Sendable {
    /// `ConfirmationRequest` or `ShipNoticeRequest`.
    package let kind: String
    package let payloadID: String
    /// The `confirmID` or the `shipmentID`.
    package let number: String?
    /// The orders it speaks of, as it spells them.
    package let orders: [String]
    package let receivedUnixMicroseconds: Int64
    package let bytes: [UInt8]

    package var json: JSONValue {
        [
            "kind": .text(kind), "payload_id": .text(payloadID), "number": .text(number),
            "orders": .array(orders.map { .text($0) }), "received_unix_microseconds": .integer(receivedUnixMicroseconds),
            "document": .text(String(decoding: bytes, as: UTF8.self)),
        ]
    }
}

extension PartnerDocument {
    /// - Throws: ``DocumentFault`` for anything but one of the two, as strictly as they are written.
    static func read(_ bytes: [UInt8], at now: Int64) throws(DocumentFault) -> (PartnerDocument, CXMLEnvelope) {
        if let (envelope, notice) = try? ShipNoticeRequest.parse(bytes) {
            let orders = notice.portions.compactMap { $0.order.orderID ?? $0.order.payloadID }
            let document = PartnerDocument(
                kind: "ShipNoticeRequest", payloadID: envelope.payloadID, number: notice.shipmentID, orders: orders,
                receivedUnixMicroseconds: now, bytes: bytes)
            return (document, envelope)
        }
        let (envelope, confirmation) = try ConfirmationRequest.parse(bytes)
        let document = PartnerDocument(
            kind: "ConfirmationRequest", payloadID: envelope.payloadID, number: confirmation.confirmID,
            orders: [confirmation.order.orderID ?? confirmation.order.payloadID], receivedUnixMicroseconds: now, bytes: bytes)
        return (document, envelope)
    }
}
