import CloudSuite
package import Documents
package import OrderFlow
package import Orders
package import SinkKit

extension DocumentMaker {
    /// The EDIFACT file that tells a trading partner what became of an order's lines.
    ///
    /// - Parameter control: names the file.
    /// - Throws: ``DocumentFaults`` with all that is missing or doesn't fit.
    package func orderResponse(
        to order: Order, receipt: SinkReceipt, control: ControlReference, at: Timestamp
    ) throws(DocumentFaults) -> OutgoingDocument {
        guard let edifact = style.edifact else { throw Self.missing("edifact") }
        var match = LineMatch(order, receipt)
        let time = self.time(at, "timestamp", &match)
        let identity = match.identity(needsReference: true)
        let lines = order.pushedLines.compactMap { confirmed($0, &match) }
        try match.throwIfAny()
        guard let time else { throw Self.missing("timestamp") }
        var confirmation = OrderConfirmation(
            number: receipt.erpOrderNumber, order: identity, time: time, currency: order.currency ?? "", lines: lines)
        (confirmation.buyer, confirmation.supplier) = (edifact.buyer, edifact.supplier)
        let message = try OrderResponse(confirmation).render(edifact.profile).message
        return OutgoingDocument(
            kind: .orderResponse, number: control.text, messageNumber: receipt.erpOrderNumber,
            bytes: try edifact.file([message], control: control, at: time))
    }
}

extension EDIFACTStyle {
    /// The interchange with these messages, as bytes.
    func file(
        _ messages: [EDIFACTInterchange.Message], control: ControlReference, at time: ZonedTime
    ) throws(DocumentFaults) -> [UInt8] {
        let interchange = EDIFACTInterchange(
            repertoire: profile.repertoire, sender: sender, recipient: recipient, preparation: time,
            controlReference: control.text, isTest: isTest, messages: messages)
        return try interchange.render(layout: layout)
    }
}
