package import OrderFlow
package import Posting

/// A trading partner's address that documents are posted to.
package struct HTTPSTarget: DocumentTarget {
    private let post: DocumentPost

    package init(_ post: DocumentPost) { self.post = post }

    package func deliver(_ document: OutgoingDocument, timeLimit: Duration) async -> DeliveryAnswer {
        await post.send(document, timeLimit: timeLimit)
    }

    /// Nobody can be asked.
    package func holds(_ document: OutgoingDocument) async -> Bool? { nil }
}
