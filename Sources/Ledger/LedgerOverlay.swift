package import OrderFlow
package import Orders

/// A ledger that shows what another one holds; what is changed, and how, is its own.
package protocol LedgerOverlay: Ledger {
    /// The ledger that is read from.
    func readable() throws(LedgerError) -> any Ledger
}

extension LedgerOverlay {
    package func clock(bootID: String) async throws(LedgerError) -> ClockRecord? {
        try await readable().clock(bootID: bootID)
    }

    package func memory(flow: String) async throws(LedgerError) -> FlowMemory { try await readable().memory(flow: flow) }

    package func nextWaiting(flow: String) async throws(LedgerError) -> Timestamp? {
        try await readable().nextWaiting(flow: flow)
    }

    package func row(_ key: OrderKey) async throws(LedgerError) -> OrderRow? { try await readable().row(key) }

    package func rows(named name: String) async throws(LedgerError) -> [OrderRow] { try await readable().rows(named: name) }

    package func rows(_ filter: OrderFilter, after cursor: Int64, limit: Int) async throws(LedgerError) -> [OrderRow] {
        try await readable().rows(filter, after: cursor, limit: limit)
    }

    package func journal(_ key: OrderKey) async throws(LedgerError) -> [JournalEntry] { try await readable().journal(key) }

    package func payload(_ key: OrderKey, digest: String) async throws(LedgerError) -> [UInt8]? {
        try await readable().payload(key, digest: digest)
    }

    package func codes(_ key: OrderKey) async throws(LedgerError) -> [SealedCode] { try await readable().codes(key) }

    package func documents(_ filter: DocumentFilter, after cursor: Int64, limit: Int) async throws(LedgerError) -> [DocumentRow] {
        try await readable().documents(filter, after: cursor, limit: limit)
    }

    package func document(id: Int64) async throws(LedgerError) -> DocumentRow? { try await readable().document(id: id) }

    package func document(flow: String, kind: DocumentKind, number: String) async throws(LedgerError) -> DocumentRow? {
        try await readable().document(flow: flow, kind: kind, number: number)
    }

    package func waitingMessages(flow: String, at now: Timestamp, limit: Int) async throws(LedgerError) -> [WaitingMessage] {
        try await readable().waitingMessages(flow: flow, at: now, limit: limit)
    }

    package func nextMessage(flow: String) async throws(LedgerError) -> Timestamp? {
        try await readable().nextMessage(flow: flow)
    }

    package func messages(_ filter: MessageFilter, after cursor: Int64, limit: Int) async throws(LedgerError) -> [MessageRow] {
        try await readable().messages(filter, after: cursor, limit: limit)
    }

    package func messageCounts() async throws(LedgerError) -> [MessageCount] { try await readable().messageCounts() }

    package func orders(ticket: String, flow: String) async throws(LedgerError) -> [OrderKey] {
        try await readable().orders(ticket: ticket, flow: flow)
    }

    package func counts() async throws(LedgerError) -> [StandingCount] { try await readable().counts() }

    package func runs(limit: Int) async throws(LedgerError) -> [RunRecord] { try await readable().runs(limit: limit) }
}
