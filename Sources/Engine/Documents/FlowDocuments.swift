package import Documents
package import OrderFlow

/// How a flow's documents are made, and where they go.
package struct FlowDocuments: Sendable {
    package var maker: DocumentMaker
    package var confirmationTarget: (any DocumentTarget)?
    package var despatchTarget: (any DocumentTarget)?
    package var statusTarget: (any DocumentTarget)?
    package var statusTexts: [StatusText] = []
    /// How long one delivery may take.
    package var timeLimit: Duration

    package init(maker: DocumentMaker, timeLimit: Duration = .seconds(30)) {
        self.maker = maker
        self.timeLimit = timeLimit
    }

    func target(for cause: DocumentCause) -> (any DocumentTarget)? {
        switch cause {
        case .confirmation: confirmationTarget
        case .shipment: despatchTarget
        case .status: statusTarget
        }
    }
}
