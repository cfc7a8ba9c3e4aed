/// What is agreed about cXML documents with their receiver.
package struct CXMLStyle: Sendable, Equatable {
    package var from: CXMLCredential
    package var to: CXMLCredential
    /// Who opens the connection, usually the same as `from`.
    package var sender: CXMLCredential
    package var sharedSecret: CXMLSecret?
    package var userAgent = "Crossdock"
    /// `deploymentMode`.
    package var isTest = false
    /// What stands behind the `@` of payloadIDs: a host name of ours.
    package var host: String
    /// BCP 47.
    package var language = "en"
    /// Of the DTD.
    package var version = "1.2.050"
    package var confirmation = ConfirmationStyle()
    package var orderRequest = OrderRequestStyle()

    package init(from: CXMLCredential, to: CXMLCredential, sender: CXMLCredential, host: String) {
        self.from = from
        self.to = to
        self.sender = sender
        self.host = host
    }

    package func envelope(payloadID: String, at time: ZonedTime) -> CXMLEnvelope {
        CXMLEnvelope(
            payloadID: payloadID, timestamp: time, from: [from], to: [to], sender: [sender], sharedSecret: sharedSecret,
            userAgent: userAgent, isTest: isTest, language: language, version: version)
    }
}

/// How an ``OrderFeedback`` names things. Nothing of it is documented for orders that the shop made itself.
package struct OrderRequestStyle: Sendable, Equatable {
    /// `OrderRequestHeader/@type`; `sync` is no type of the DTD's.
    package var type = "sync"
    /// Whether the payloadID is the shop's order id and nothing else, as the page about offline orders prefers.
    package var payloadIDIsOrderID = false
    /// Extrinsics that carry the shop's numeric id and its reference; `nil`: none.
    package var orderIDName: String?
    package var referenceName: String?

    package init() {}
}
