package import OrderFlow
package import Orders
package import SinkKit
import Synchronization

/// A ledger that forgets when the process ends: for tests, and for a dry run where there is no ledger yet.
package final class InMemoryLedger: Ledger {
    package let identity: LedgerIdentity

    fileprivate struct StoredOrder {
        var row: OrderRow
        var entries: [JournalEntry] = []
        var payloads: [String: [UInt8]] = [:]
        var codes: [CodeName: SealedCode] = [:]
        /// Ids of its documents, by ordinal less one.
        var documents: [Int64] = []
        var token: Int64 = 0
        var holder: String?
        var claimedUntil = Timestamp(milliseconds: 0)
    }

    /// A message with its bytes.
    fileprivate struct KeptMessage {
        var row: MessageRow
        var message: InboundMessage
    }

    fileprivate struct Contents {
        var orders: [OrderKey: StoredOrder] = [:]
        /// Keys in the order of first listing, so that no decision depends on a dictionary's order.
        var keys: [OrderKey] = []
        /// The one with id 1 comes first.
        var documents: [DocumentRow] = []
        var memories: [String: FlowMemory] = [:]
        var clocks: [String: ClockRecord] = [:]
        var registrations: [FlowRegistration] = []
        var runs: [RunRecord] = []
        /// In the order in which they were kept.
        var messages: [KeptMessage] = []
        var pulls: Set<String> = []
    }

    private let contents = Mutex(Contents())

    package init(identity: LedgerIdentity) { self.identity = identity }

    package func register(_ registration: FlowRegistration) throws(LedgerError) {
        try contents.withLock { contents throws(LedgerError) in
            try registration.check(against: contents.registrations)
            if !contents.registrations.contains(registration) { contents.registrations.append(registration) }
        }
    }

    package func tryLockPull(flow: String) -> PullLock? {
        guard contents.withLock({ $0.pulls.insert(flow).inserted }) else { return nil }
        return PullLock { [weak self] in _ = self?.contents.withLock { $0.pulls.remove(flow) } }
    }

    package func clock(bootID: String) -> ClockRecord? { contents.withLock { $0.clocks[bootID] } }

    package func remember(_ clock: ClockRecord) { contents.withLock { $0.clocks[clock.bootID] = clock } }

    package func memory(flow: String) -> FlowMemory { contents.withLock { $0.memories[flow] ?? FlowMemory() } }

    package func remember(_ memory: FlowMemory, flow: String) { contents.withLock { $0.memories[flow] = memory } }

    package func record(_ listed: [ListedOrder], flow: String, shop: String, at now: Timestamp) -> ListingCount {
        contents.withLock { contents in
            var count = ListingCount()
            for order in listed {
                let key = OrderKey(shop: shop, orderID: order.orderID)
                if let known = contents.orders[key] {
                    guard let modified = order.modifiedDate, modified != known.row.state.modifiedDate else { continue }
                    contents.orders[key]?.row.state.dueAt = min(known.row.state.dueAt ?? now, now)
                    contents.orders[key]?.row.state.modifiedDate = modified
                    count.changed += 1
                } else {
                    contents.keys.append(key)
                    contents.orders[key] = StoredOrder(
                        row: OrderRow(
                            position: Int64(contents.keys.count), key: key, flow: flow, firstListedAt: now, updatedAt: now,
                            state: RowState(listed: order, at: now), isListedOffline: order.isOffline))
                    count.new += 1
                }
            }
            return count
        }
    }

    package func wake(flow: String, preparedWith: String, limit: Int, at now: Timestamp) -> Int {
        contents.withLock { contents in
            let keys = contents.keys.filter { key in
                guard let row = contents.orders[key]?.row, row.flow == flow, row.state.dueAt == nil else { return false }
                return row.state.lackedWith.map { $0 != preparedWith } ?? false
            }.prefix(limit)
            for key in keys { contents.orders[key]?.row.state.dueAt = now }
            return keys.count
        }
    }

    package func claimDue(_ request: ClaimRequest) -> [ClaimedOrder] {
        contents.withLock { contents in
            let due = contents.keys.compactMap { key -> (dueAt: Timestamp, position: Int64, key: OrderKey)? in
                guard let order = contents.orders[key], order.row.flow == request.flow, let dueAt = order.row.state.dueAt,
                    !request.inHand.contains(key.orderID)
                else { return nil }
                let isDue = dueAt <= request.dueBy || (order.row.state.standing == .waiting && dueAt <= request.now)
                let isFree = order.holder == nil || order.claimedUntil <= request.leasesEndBy
                return isDue && isFree ? (dueAt, order.row.position, key) : nil
            }
            return due.sorted { ($0.dueAt, $0.position) < ($1.dueAt, $1.position) }.prefix(request.limit).compactMap {
                contents.claim($0.key, by: request.holder, until: request.until)
            }
        }
    }

    package func claim(_ key: OrderKey, by holder: String, leasesEndBy: Timestamp, until: Timestamp) -> ClaimAnswer {
        contents.withLock { contents in
            guard let order = contents.orders[key] else { return .unknownOrder }
            if let other = order.holder, order.claimedUntil > leasesEndBy {
                return .busy(holder: other, until: order.claimedUntil)
            }
            return contents.claim(key, by: holder, until: until).map { .claimed($0) } ?? .unknownOrder
        }
    }

    package func append(_ change: LedgerChange) throws(LedgerError) {
        try contents.withLock { contents throws(LedgerError) in
            guard var order = contents.orders[change.claim.key], order.token == change.claim.token, order.holder != nil else {
                throw .claimLost(change.claim.key)
            }
            try contents.record(change.documents, of: &order, at: change.at)
            order.entries += change.entries
            for payload in change.payloads { order.payloads[payload.digest] = payload.bytes }
            for code in change.codes { order.codes[code.name] = order.codes[code.name] ?? code }
            if let state = change.state { (order.row.state, order.row.updatedAt) = (state, change.at) }
            if change.releasesClaim { order.holder = nil }
            if let until = change.claimedUntil { order.claimedUntil = max(order.claimedUntil, until) }
            contents.orders[change.claim.key] = order
        }
    }

    package func release(_ claims: [Claim]) {
        contents.withLock { contents in
            for claim in claims where contents.orders[claim.key]?.token == claim.token {
                contents.orders[claim.key]?.holder = nil
            }
        }
    }

    package func nextWaiting(flow: String) -> Timestamp? {
        contents.withLock { contents in
            contents.orders.values.filter { $0.row.flow == flow && $0.row.state.standing == .waiting }.compactMap(
                \.row.state.dueAt
            ).min()
        }
    }

    package func row(_ key: OrderKey) -> OrderRow? { contents.withLock { $0.orders[key]?.row } }

    package func rows(named name: String) -> [OrderRow] {
        allRows.filter { $0.state.reference == name || String($0.key.orderID) == name }
    }

    package func rows(_ filter: OrderFilter, after cursor: Int64, limit: Int) -> [OrderRow] {
        let matching = allRows.lazy.filter { row in
            row.position > cursor && (filter.flow == nil || filter.flow == row.flow)
                && (filter.standings.isEmpty || filter.standings.contains(row.state.standing))
        }
        return Array(matching.prefix(limit))
    }

    private var allRows: [OrderRow] {
        contents.withLock { contents in contents.keys.compactMap { contents.orders[$0]?.row } }
    }

    package func journal(_ key: OrderKey) -> [JournalEntry] { contents.withLock { $0.orders[key]?.entries ?? [] } }

    package func payload(_ key: OrderKey, digest: String) -> [UInt8]? { contents.withLock { $0.orders[key]?.payloads[digest] } }

    package func codes(_ key: OrderKey) -> [SealedCode] {
        contents.withLock { Array(($0.orders[key]?.codes ?? [:]).values) }.sorted { left, right in
            let (one, other) = (left.name, right.name)
            return (one.generation, one.lineKey, one.unit, one.label) < (other.generation, other.lineKey, other.unit, other.label)
        }
    }

    package func documents(_ filter: DocumentFilter, after cursor: Int64, limit: Int) -> [DocumentRow] {
        contents.withLock { contents in
            let matching = contents.documents.dropFirst(Int(cursor)).lazy.filter { row in
                (filter.order == nil || filter.order == row.order) && (filter.flow == nil || filter.flow == row.flow)
                    && (filter.states.isEmpty || filter.states.contains(row.status.state))
            }
            return Array(matching.prefix(limit))
        }
    }

    package func document(id: Int64) -> DocumentRow? {
        contents.withLock { contents in contents.documents.indices.contains(Int(id) - 1) ? contents.documents[Int(id) - 1] : nil }
    }

    package func document(flow: String, kind: DocumentKind, number: String) -> DocumentRow? {
        contents.withLock { contents in
            contents.documents.first { $0.flow == flow && $0.record.kind == kind && $0.record.numbers.contains(number) }
        }
    }

    package func counts() -> [StandingCount] {
        var counts: [StandingCount] = []
        for row in allRows {
            let index = counts.firstIndex {
                $0.flow == row.flow && $0.standing == row.state.standing && $0.reason == row.state.reason
            }
            if let index {
                counts[index].count += 1
            } else {
                counts.append(StandingCount(flow: row.flow, standing: row.state.standing, reason: row.state.reason, count: 1))
            }
        }
        return counts.sorted {
            ($0.flow, $0.standing.rawValue, $0.reason.rawValue) < ($1.flow, $1.standing.rawValue, $1.reason.rawValue)
        }
    }

    package func record(_ run: RunRecord) {
        contents.withLock { contents in
            if let index = contents.runs.firstIndex(where: { $0.id == run.id && $0.flow == run.flow }) {
                contents.runs[index] = run
            } else {
                contents.runs.append(run)
            }
        }
    }

    package func runs(limit: Int) -> [RunRecord] {
        // Sorting is stable: runs of one instant keep the order they were recorded in, the latest first.
        Array(contents.withLock { $0.runs }.reversed().sorted { $0.startedAt > $1.startedAt }.prefix(limit))
    }
}

// MARK: Messages

extension InMemoryLedger {
    package func keep(_ message: InboundMessage, flow: String) {
        contents.withLock { contents in
            guard !contents.messages.contains(where: { $0.row.flow == flow && $0.row.id == message.id }) else { return }
            let row = MessageRow(
                position: Int64(contents.messages.count + 1), flow: flow, id: message.id, receivedAt: message.receivedAt,
                bytes: message.body.count)
            contents.messages.append(KeptMessage(row: row, message: message))
        }
    }

    package func waitingMessages(flow: String, at now: Timestamp, limit: Int) -> [WaitingMessage] {
        contents.withLock { contents in
            let due = contents.messages.lazy.filter { $0.row.flow == flow && $0.row.dueAt.map { $0 <= now } ?? false }
            return due.prefix(limit).map { WaitingMessage(message: $0.message, tries: $0.row.tries) }
        }
    }

    package func settle(_ outcome: MessageOutcome) {
        contents.withLock { contents in
            let index = contents.messages.firstIndex { $0.row.flow == outcome.flow && $0.row.id == outcome.id }
            guard let index, contents.messages[index].row.state == .waiting else { return }
            contents.messages[index].row.take(outcome)
        }
    }

    package func nextMessage(flow: String) -> Timestamp? {
        contents.withLock { contents in contents.messages.lazy.filter { $0.row.flow == flow }.compactMap(\.row.dueAt).min() }
    }

    package func messages(_ filter: MessageFilter, after cursor: Int64, limit: Int) -> [MessageRow] {
        contents.withLock { contents in
            let matching = contents.messages.dropFirst(Int(cursor)).lazy.map(\.row).filter { row in
                (filter.flow == nil || filter.flow == row.flow) && (filter.states.isEmpty || filter.states.contains(row.state))
                    && (filter.order == nil || row.findings.contains { $0.order == filter.order })
            }
            return Array(matching.prefix(limit))
        }
    }

    package func messageCounts() -> [MessageCount] {
        let rows = contents.withLock { $0.messages.map(\.row) }
        let flows = Set(rows.map(\.flow)).sorted()
        return flows.flatMap { flow in
            MessageRow.State.allCases.compactMap { state in
                let count = rows.count { $0.flow == flow && $0.state == state }
                return count > 0 ? MessageCount(flow: flow, state: state, count: count) : nil
            }
        }
    }

    package func orders(ticket: String, flow: String) -> [OrderKey] {
        contents.withLock { contents in
            contents.keys.filter { key in
                guard let order = contents.orders[key], order.row.flow == flow else { return false }
                return order.entries.contains { $0.event.ticket == ticket }
            }
        }
    }
}

extension InMemoryLedger.Contents {
    fileprivate mutating func claim(_ key: OrderKey, by holder: String, until: Timestamp) -> ClaimedOrder? {
        guard var order = orders[key] else { return nil }
        order.token += 1
        order.holder = holder
        order.claimedUntil = until
        orders[key] = order
        return ClaimedOrder(
            claim: Claim(key: key, token: order.token), row: order.row, progress: OrderProgress(order.entries))
    }
}

extension InMemoryLedger.Contents {
    fileprivate mutating func record(
        _ changed: [DocumentProgress], of order: inout InMemoryLedger.StoredOrder, at now: Timestamp
    ) throws(LedgerError) {
        for document in changed {
            let record = document.record
            if order.documents.indices.contains(record.ordinal - 1) {
                let index = Int(order.documents[record.ordinal - 1]) - 1
                (documents[index].record, documents[index].status) = (record, DocumentStatus(document))
                continue
            }
            let flow = order.row.flow
            let others = documents.filter { $0.flow == flow && $0.record.kind == record.kind }.flatMap(\.record.numbers)
            if let used = record.numbers.first(where: others.contains) { throw .documentNumberUsed(used) }
            documents.append(
                DocumentRow(
                    id: Int64(documents.count + 1), order: order.row.key, flow: flow, record: record, renderedAt: now,
                    status: DocumentStatus(document)))
            order.documents.append(Int64(documents.count))
        }
    }
}

extension FlowRegistration {
    /// Throws where `known` registrations contradict this one.
    package func check(against known: [FlowRegistration]) throws(LedgerError) {
        // Without a webshop, a flow takes the orders of all.
        for other in known
        where other.origin == origin && (other.webshop == webshop || other.webshop == nil || webshop == nil) {
            if other.shop != shop { throw .shopRenamed(known: other.shop, configured: shop) }
            if other.flow != flow { throw .ownedByOtherFlow(other.flow) }
        }
    }
}
