package import OrderFlow
package import Orders

/// Is told what a run does, as it happens. Called from many tasks; must not block.
package protocol RunObserver: Sendable {
    func runBegan(flow: String)
    func listed(flow: String, total: Int, new: Int)
    func settled(_ outcome: OrderOutcome)
}

/// How one order was left.
package struct OrderOutcome: Sendable {
    package var flow: String
    package var key: OrderKey
    package var reference: String?
    /// Where it stood before; `nil`: it was new.
    package var before: Verdict?
    package var verdict: Verdict
    package var erpOrderNumber: String?
    /// A create was accepted in this run.
    package var wasPushed: Bool
    /// Requests that changed something in the shop or the ERP.
    package var writes: Int
    /// A document's receiver was out of reach; the order goes on when it is back.
    package var metOutage = false
    /// In a dry run: what would have been sent next.
    package var preview: Preview?

    package var isNewlyQuarantined: Bool {
        verdict.standing == .quarantined && !(before.map { $0.standing == .quarantined && $0.reason == verdict.reason } ?? false)
    }

    package init(flow: String, key: OrderKey, reference: String?, before: Verdict?, verdict: Verdict) {
        self.flow = flow
        self.key = key
        self.reference = reference
        self.before = before
        self.verdict = verdict
        wasPushed = false
        writes = 0
    }
}

/// What a dry run would have sent.
package struct Preview: Sendable, Equatable {
    /// Such as `POST to sink erp` or `PATCH /api/order/12/`.
    package var title: String
    /// `null` where documents are what is sent.
    package var body: JSONValue
    /// In the order they are to be sent in.
    package var documents: [OutgoingDocument]

    package init(title: String, body: JSONValue = .null, documents: [OutgoingDocument] = []) {
        self.title = title
        self.body = body
        self.documents = documents
    }
}

/// Hears nothing.
package struct SilentObserver: RunObserver {
    package init() {}
    package func runBegan(flow: String) {}
    package func listed(flow: String, total: Int, new: Int) {}
    package func settled(_ outcome: OrderOutcome) {}
}
