package import Documents
package import OrderFlow

/// How a flow's documents are made, and where they go.
package struct FlowDocuments: Sendable {
    package var maker: DocumentMaker
    package var confirmationTarget: (any DocumentTarget)?
    package var orderResponseTarget: (any DocumentTarget)?
    package var despatchTarget: (any DocumentTarget)?
    package var codeTarget: (any DocumentTarget)?
    package var statusTarget: (any DocumentTarget)?
    package var statusTexts: [StatusText] = []
    /// How long one delivery may take.
    package var timeLimit: Duration

    package init(maker: DocumentMaker, timeLimit: Duration = .seconds(30)) {
        self.maker = maker
        self.timeLimit = timeLimit
    }

    /// `nil` where the flow sends no such documents, or none of that kind any more.
    func target(for record: DocumentRecord) -> (any DocumentTarget)? {
        switch record.cause {
        case .confirmation: maker.confirmationKind == record.kind ? confirmationTarget : nil
        case .orderResponse: orderResponseTarget
        case .shipment: maker.despatchKind == record.kind ? despatchTarget : nil
        case .status: statusTarget
        case .codes: codeTarget
        }
    }
}
