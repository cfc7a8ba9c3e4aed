package import OrderFlow
package import Orders
package import SinkKit

/// What a ledger must do: keep every order's journal, hand out claims on orders, and lose nothing it has acknowledged.
///
/// A method that returns has made its effect durable: it survives the death of the process and of the machine.
/// All throw ``LedgerError``.
package protocol Ledger: Sendable {
    var identity: LedgerIdentity { get }

    /// Makes sure that a flow's shop is the one this ledger knows under that name.
    func register(_ registration: FlowRegistration) async throws(LedgerError)

    /// Takes the right to pull a flow's list; `nil` where another run has it.
    func tryLockPull(flow: String) async throws(LedgerError) -> PullLock?

    /// What is known of the clock of the machine that started so named.
    func clock(bootID: String) async throws(LedgerError) -> ClockRecord?
    func remember(_ clock: ClockRecord) async throws(LedgerError)

    func memory(flow: String) async throws(LedgerError) -> FlowMemory
    func remember(_ memory: FlowMemory, flow: String) async throws(LedgerError)

    /// Gives every listed order a row. Known ones become due where the list shows another `modified_date` than was read last.
    func record(_ listed: [ListedOrder], flow: String, shop: String, at: Timestamp) async throws(LedgerError) -> ListingCount

    /// Makes orders due that stand still because what they were made ready with didn't suffice, and that was something else
    /// than `preparedWith` names; at most `limit` of them.
    ///
    /// - Returns: how many. Orders that nothing has changed for cost nothing.
    func wake(flow: String, preparedWith: String, limit: Int, at: Timestamp) async throws(LedgerError) -> Int

    /// Claims orders that are due, those that have waited longest first. A claim whose holder is known to be dead counts as expired.
    func claimDue(_ request: ClaimRequest) async throws(LedgerError) -> [ClaimedOrder]

    /// Claims one order, due or not.
    ///
    /// - Parameter leasesEndBy: another's claim that ends by then is over, though its holder may live.
    func claim(
        _ key: OrderKey, by holder: String, leasesEndBy: Timestamp, until: Timestamp
    ) async throws(LedgerError) -> ClaimAnswer

    /// Appends to an order's journal and updates its row, in one transaction with the check of the claim's token.
    /// - Throws: ``LedgerError/claimLost(_:)`` where somebody else has the order by now; nothing is written then.
    func append(_ change: LedgerChange) async throws(LedgerError)

    /// Gives claims back without changing the orders.
    func release(_ claims: [Claim]) async throws(LedgerError)

    /// When the next order that goes on by itself is due; `nil`: none.
    func nextWaiting(flow: String) async throws(LedgerError) -> Timestamp?

    func row(_ key: OrderKey) async throws(LedgerError) -> OrderRow?
    /// Rows whose reference, or whose numeric id, is that text.
    func rows(named name: String) async throws(LedgerError) -> [OrderRow]
    /// Rows in the order they were first listed, after `cursor` (a row's ``OrderRow/position``).
    func rows(_ filter: OrderFilter, after cursor: Int64, limit: Int) async throws(LedgerError) -> [OrderRow]
    func journal(_ key: OrderKey) async throws(LedgerError) -> [JournalEntry]
    func payload(_ key: OrderKey, digest: String) async throws(LedgerError) -> [UInt8]?
    /// The order's codes, sealed, by generation, line, unit and label.
    func codes(_ key: OrderKey) async throws(LedgerError) -> [SealedCode]
    /// Documents in the order of their rendering, after `cursor` (a row's ``DocumentRow/id``).
    func documents(_ filter: DocumentFilter, after cursor: Int64, limit: Int) async throws(LedgerError) -> [DocumentRow]
    func document(id: Int64) async throws(LedgerError) -> DocumentRow?
    /// The document that its receiver knows by that number, which may be the message's.
    func document(flow: String, kind: DocumentKind, number: String) async throws(LedgerError) -> DocumentRow?
    /// Keeps what the ERP of a flow sent by itself, to be handled at once. One that is kept under that id already stays as it is.
    func keep(_ message: InboundMessage, flow: String) async throws(LedgerError)
    /// Messages that wait to be handled and are due, in the order in which they were kept.
    func waitingMessages(flow: String, at: Timestamp, limit: Int) async throws(LedgerError) -> [WaitingMessage]
    /// Writes down what became of a message. One that is done with stays as it is.
    func settle(_ outcome: MessageOutcome) async throws(LedgerError)
    /// When the next message that waits is due; `nil`: none waits.
    func nextMessage(flow: String) async throws(LedgerError) -> Timestamp?
    /// Messages in the order in which they were kept, after `cursor` (a row's ``MessageRow/position``), without their bytes.
    func messages(_ filter: MessageFilter, after cursor: Int64, limit: Int) async throws(LedgerError) -> [MessageRow]
    /// How many messages stand where, by flow and state.
    func messageCounts() async throws(LedgerError) -> [MessageCount]
    /// The orders of a flow of whose creates the journal says that messages call them by that ticket.
    func orders(ticket: String, flow: String) async throws(LedgerError) -> [OrderKey]

    /// How many orders stand where, by flow, standing and reason.
    func counts() async throws(LedgerError) -> [StandingCount]

    func record(_ run: RunRecord) async throws(LedgerError)
    /// The latest runs, newest first.
    func runs(limit: Int) async throws(LedgerError) -> [RunRecord]
}

/// Names a ledger, so that a new or another one isn't taken for it.
package struct LedgerIdentity: Sendable, Equatable {
    package var id: String
    package var createdAt: Timestamp

    package init(id: String, createdAt: Timestamp) {
        self.id = id
        self.createdAt = createdAt
    }
}

/// The right to pull one flow; given back when the value goes away.
package final class PullLock: Sendable {
    private let onRelease: @Sendable () -> Void

    package init(onRelease: @escaping @Sendable () -> Void) { self.onRelease = onRelease }

    deinit { onRelease() }
}

package enum LedgerError: Error, Sendable, CustomStringConvertible, Equatable {
    /// Somebody else holds the order now; what was to be appended isn't.
    case claimLost(OrderKey)
    /// Another document of the flow has that number already; what was to be appended isn't.
    case documentNumberUsed(String)
    /// The configuration calls a known shop by another name; its orders would be taken for new ones.
    case shopRenamed(known: String, configured: String)
    /// The shop and webshop belong to another flow.
    case ownedByOtherFlow(String)
    /// The file can't be read or written; no call may be made whose outcome couldn't be recorded.
    case unusable(String)
    /// The same for now only: the disk is full, or another process holds the file. Nothing that was configured is wrong.
    case unusableNow(String)

    package var description: String {
        switch self {
        case .claimLost(let key): "order \(key) was taken over by another worker"
        case .documentNumberUsed(let number): "another document of this flow already has the number \(number)"
        case .shopRenamed(let known, let configured):
            "the ledger knows this shop as '\(known)', the configuration calls it '\(configured)'; a shop's name never changes, "
                + "because its orders' keys derive from it: set it back to '\(known)'"
        case .ownedByOtherFlow(let flow):
            "the ledger has this shop and webshop under flow '\(flow)'; one webshop belongs to one flow"
        case .unusable(let why), .unusableNow(let why): why
        }
    }
}
