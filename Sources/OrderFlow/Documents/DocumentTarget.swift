/// Where documents of one kind go: the shop, an HTTPS endpoint, a folder.
package protocol DocumentTarget: Sendable {
    /// Hands the document over once; the target never tries again by itself.
    ///
    /// - Parameter timeLimit: after which the call has ended.
    func deliver(_ document: OutgoingDocument, timeLimit: Duration) async -> DeliveryAnswer

    /// Whether the document is there, as these very bytes; `nil` where the target can't tell, which is not "no".
    func holds(_ document: OutgoingDocument) async -> Bool?
}

/// A document as it was rendered, on its way out. The same value on every try.
package struct OutgoingDocument: Sendable, Equatable {
    package var kind: DocumentKind
    /// What its receiver knows it by: the DESADV number, the payloadID, the interchange's control reference.
    package var number: String
    /// What the message inside an EDIFACT file is called (BGM 1004); `nil` where ``number`` is all there is.
    package var messageNumber: String?
    package var bytes: [UInt8]

    package init(kind: DocumentKind, number: String, messageNumber: String? = nil, bytes: [UInt8]) {
        self.kind = kind
        self.number = number
        self.messageNumber = messageNumber
        self.bytes = bytes
    }

    /// All that its receiver may know it by.
    package var numbers: [String] { [number] + [messageNumber].compactMap(\.self) }
}

/// What came of handing a document over. Texts in it are ours; nothing of the receiver's answer that could hold personal data.
package enum DeliveryAnswer: Sendable, Equatable {
    /// Taken, by a receiver that gives no verdict of its own: a 2xx of the shop's delivery interface, a file in a folder.
    case sent
    /// The receiver's verdict: it has it.
    case acknowledged
    /// The receiver says that it has one of that number since before.
    case alreadyKnown
    /// The receiver's verdict: it won't have it, and the same bytes won't change that.
    case refused(String)
    /// Certainly not taken, for a reason that is not the document's; may be tried again.
    case notSent(DeliveryFailure)
    /// It may have been taken.
    case unknown(String)
}

package struct DeliveryFailure: Sendable, Equatable {
    package var failureClass: FailureClass
    package var message: String
    package var retryAfter: Duration?

    package init(_ failureClass: FailureClass, _ message: String, retryAfter: Duration? = nil) {
        self.failureClass = failureClass
        self.message = message
        self.retryAfter = retryAfter
    }
}
