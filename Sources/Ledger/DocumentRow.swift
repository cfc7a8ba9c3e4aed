package import OrderFlow
package import Orders

/// A document's line in lists: where it stands, folded from its order's journal.
package struct DocumentRow: Sendable, Equatable {
    /// What people call it by; grows in the order of rendering, and names no other document of this ledger.
    package var id: Int64
    package var order: OrderKey
    package var flow: String
    package var record: DocumentRecord
    package var renderedAt: Timestamp
    package var status: DocumentStatus

    package init(
        id: Int64, order: OrderKey, flow: String, record: DocumentRecord, renderedAt: Timestamp, status: DocumentStatus
    ) {
        self.id = id
        self.order = order
        self.flow = flow
        self.record = record
        self.renderedAt = renderedAt
        self.status = status
    }
}

/// The part of a document's row that changes.
package struct DocumentStatus: Sendable, Equatable {
    package var state: DocumentProgress.State
    /// Since when.
    package var since: Timestamp
    package var tries: Int

    package init(state: DocumentProgress.State, since: Timestamp, tries: Int) {
        self.state = state
        self.since = since
        self.tries = tries
    }

    package init(_ progress: DocumentProgress) {
        self.init(state: progress.state, since: progress.since, tries: progress.tries)
    }
}

package struct DocumentFilter: Sendable {
    package var order: OrderKey?
    package var flow: String?
    package var states: [DocumentProgress.State]

    package init(order: OrderKey? = nil, flow: String? = nil, states: [DocumentProgress.State] = []) {
        self.order = order
        self.flow = flow
        self.states = states
    }
}
