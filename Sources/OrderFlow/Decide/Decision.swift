package import SinkKit

/// What is next for an order. The engine performs it, journals what happened, and asks again.
package enum Decision: Sendable, Equatable {
    /// Read the order from the shop.
    case read
    /// Write down that whoever sent the open create is gone.
    case recordInterruption
    /// Ask the ERP for the order by our key.
    case seek
    /// Send a create as a new attempt, with content from the last reading.
    case create(attempt: Int)
    /// Send the stored bytes of the open create again, under the same key.
    case repeatCreate(CreateIntent)
    case poll(SinkTicket)
    /// Write down that the draft which the ERP was found to have counts as its order.
    case keepDraft
    /// Write these to the shop in one request.
    case write([WriteStep])
    /// Ask the ERP to cancel its order.
    case cancel(SinkReceipt)
    /// Ask the ERP what was sent out.
    case askShipments
    /// Make the documents about that, once and for all.
    case render(DocumentCause)
    /// Send the stored bytes of the order's document with that ordinal.
    case send(ordinal: Int)
    /// Find out what became of a document whose sender is gone.
    case settle(ordinal: Int)
    /// Write down that the shop's order shows what the document says.
    case recordEvidence(ordinal: Int)
    /// Write down that nobody knows whether the document's receiver has it, and why.
    case doubt(ordinal: Int, why: String)
    /// Nothing to do now.
    case rest(Verdict)
}
