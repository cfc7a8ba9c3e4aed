package import OrderFlow
package import Orders

/// One order as the shop's list shows it.
package struct ListedOrder: Sendable, Equatable {
    package var orderID: Int64
    package var reference: String?
    /// As the shop spells it.
    package var modifiedDate: String?
    /// It was in the list of orders placed elsewhere, and not in that of the others.
    package var isOffline: Bool

    package init(orderID: Int64, reference: String?, modifiedDate: String?, isOffline: Bool = false) {
        self.orderID = orderID
        self.reference = reference
        self.modifiedDate = modifiedDate
        self.isOffline = isOffline
    }
}

package struct ListingCount: Sendable, Equatable {
    /// Orders the ledger didn't know.
    package var new: Int
    /// Known orders that became due because the list shows them changed.
    package var changed: Int

    package init(new: Int = 0, changed: Int = 0) {
        self.new = new
        self.changed = changed
    }
}

/// Which shop a flow pulls from, under which name.
package struct FlowRegistration: Sendable, Equatable {
    package var flow: String
    package var shop: String
    /// Scheme, host and port of the shop's API.
    package var origin: String
    package var webshop: Int64?

    package init(flow: String, shop: String, origin: String, webshop: Int64?) {
        self.flow = flow
        self.shop = shop
        self.origin = origin
        self.webshop = webshop
    }
}

/// What a flow remembers from run to run.
package struct FlowMemory: Sendable, Equatable {
    /// The start, by the shop's clock, of the last listing that was walked to its end with every id recorded.
    package var watermark: Timestamp?
    /// When a listing without the watermark's bound was last walked to its end.
    package var sweptAt: Timestamp?
    /// ``watermark`` and ``sweptAt`` of the list of offline orders, which is walked by itself.
    package var offlineWatermark: Timestamp?
    package var offlineSweptAt: Timestamp?

    package init(
        watermark: Timestamp? = nil, sweptAt: Timestamp? = nil, offlineWatermark: Timestamp? = nil,
        offlineSweptAt: Timestamp? = nil
    ) {
        self.watermark = watermark
        self.sweptAt = sweptAt
        self.offlineWatermark = offlineWatermark
        self.offlineSweptAt = offlineSweptAt
    }
}

/// The right to work on an order, fenced: a later claim has a higher token and makes this one void.
package struct Claim: Sendable, Equatable {
    package var key: OrderKey
    package var token: Int64

    package init(key: OrderKey, token: Int64) {
        self.key = key
        self.token = token
    }
}

package struct ClaimRequest: Sendable {
    package var flow: String
    package var limit: Int
    package var holder: String
    package var now: Timestamp
    package var until: Timestamp
    /// Orders due by then are handed out; those that wait for a retry, as soon as they are due.
    package var dueBy: Timestamp
    /// A claim that ends by then is over, though its holder may live.
    package var leasesEndBy: Timestamp
    /// Ids of orders that whoever asks is at work on: not handed out, though its lease on them be over.
    package var inHand: [Int64]

    package init(
        flow: String, limit: Int, holder: String, now: Timestamp, until: Timestamp, dueBy: Timestamp, leasesEndBy: Timestamp,
        inHand: [Int64] = []
    ) {
        self.flow = flow
        self.limit = limit
        self.holder = holder
        self.now = now
        self.until = until
        self.dueBy = dueBy
        self.leasesEndBy = leasesEndBy
        self.inHand = inHand
    }
}

package struct ClaimedOrder: Sendable {
    package var claim: Claim
    package var row: OrderRow
    package var progress: OrderProgress

    package init(claim: Claim, row: OrderRow, progress: OrderProgress) {
        self.claim = claim
        self.row = row
        self.progress = progress
    }
}

package enum ClaimAnswer: Sendable {
    case claimed(ClaimedOrder)
    case busy(holder: String, until: Timestamp)
    case unknownOrder
}

/// An order's line in lists: where it stands, folded from its journal.
package struct OrderRow: Sendable, Equatable {
    /// Grows in the order of first listing.
    package var position: Int64
    package var key: OrderKey
    package var flow: String
    package var firstListedAt: Timestamp
    package var updatedAt: Timestamp
    package var state: RowState
    /// ``ListedOrder/isOffline`` of its first listing; never changes.
    package var isListedOffline: Bool

    package init(
        position: Int64, key: OrderKey, flow: String, firstListedAt: Timestamp, updatedAt: Timestamp, state: RowState,
        isListedOffline: Bool = false
    ) {
        self.position = position
        self.key = key
        self.flow = flow
        self.firstListedAt = firstListedAt
        self.updatedAt = updatedAt
        self.state = state
        self.isListedOffline = isListedOffline
    }
}

/// The part of a row that changes.
package struct RowState: Sendable, Equatable {
    package var reference: String?
    package var webshop: Int64?
    package var modifiedDate: String?
    package var erpOrderNumber: String?
    package var standing: Verdict.Standing
    package var reason: ReasonCode
    package var sentence: String
    /// When the order is looked at again; `nil`: not by itself.
    package var dueAt: Timestamp?
    /// ``OrderProgress/lackedWith``.
    package var lackedWith: String?

    package init(
        reference: String?, webshop: Int64? = nil, modifiedDate: String? = nil, erpOrderNumber: String? = nil,
        standing: Verdict.Standing, reason: ReasonCode, sentence: String, dueAt: Timestamp?, lackedWith: String? = nil
    ) {
        self.reference = reference
        self.webshop = webshop
        self.modifiedDate = modifiedDate
        self.erpOrderNumber = erpOrderNumber
        self.standing = standing
        self.reason = reason
        self.sentence = sentence
        self.dueAt = dueAt
        self.lackedWith = lackedWith
    }

    /// A row for an order that was only listed so far.
    package init(listed: ListedOrder, at now: Timestamp) {
        self.init(
            reference: listed.reference, modifiedDate: listed.modifiedDate, standing: .new, reason: .listed,
            sentence: "The shop lists it; it was not looked at yet.", dueAt: now)
    }
}

/// One transaction for one order.
package struct LedgerChange: Sendable {
    package var claim: Claim
    package var at: Timestamp
    package var entries: [JournalEntry]
    /// What becomes of the order's row; `nil`: it stays as it is, which is all that an order in the midst of work needs.
    package var state: RowState?
    package var payloads: [StoredPayload]
    /// Codes that aren't kept yet; one that is kept under the name stays as it is.
    package var codes: [SealedCode]
    /// The order's documents that are new or stand elsewhere than on disk.
    package var documents: [DocumentProgress]
    package var releasesClaim: Bool
    /// How long the claim lasts from now on, where it isn't given back: whoever goes on working on the order, and has its claim
    /// still, can't be taken for gone while a call is under way.
    package var claimedUntil: Timestamp?

    package init(
        claim: Claim, at: Timestamp, entries: [JournalEntry], state: RowState?, payloads: [StoredPayload] = [],
        codes: [SealedCode] = [],
        documents: [DocumentProgress] = [], releasesClaim: Bool,
        claimedUntil: Timestamp? = nil
    ) {
        self.claim = claim
        self.at = at
        self.entries = entries
        self.state = state
        self.payloads = payloads
        self.codes = codes
        self.documents = documents
        self.releasesClaim = releasesClaim
        self.claimedUntil = claimedUntil
    }
}

/// Bytes kept apart from the journal because they hold personal data.
package struct StoredPayload: Sendable, Equatable {
    /// SHA-256, in hexadecimal.
    package var digest: String
    package var bytes: [UInt8]

    package init(digest: String, bytes: [UInt8]) {
        self.digest = digest
        self.bytes = bytes
    }
}

package struct OrderFilter: Sendable {
    package var flow: String?
    package var standings: [Verdict.Standing]

    package init(flow: String? = nil, standings: [Verdict.Standing] = []) {
        self.flow = flow
        self.standings = standings
    }
}

package struct StandingCount: Sendable, Equatable {
    package var flow: String
    package var standing: Verdict.Standing
    package var reason: ReasonCode
    package var count: Int

    package init(flow: String, standing: Verdict.Standing, reason: ReasonCode, count: Int) {
        self.flow = flow
        self.standing = standing
        self.reason = reason
        self.count = count
    }
}

/// One run of one flow.
package struct RunRecord: Sendable, Equatable {
    package var id: String
    package var flow: String
    package var startedAt: Timestamp
    /// `nil` while it runs, and for ever where the process died.
    package var endedAt: Timestamp?
    /// `done`, or why it ended before.
    package var outcome: String?
    package var counts: RunCounts

    package init(
        id: String, flow: String, startedAt: Timestamp, endedAt: Timestamp? = nil, outcome: String? = nil, counts: RunCounts
    ) {
        self.id = id
        self.flow = flow
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.outcome = outcome
        self.counts = counts
    }
}

package struct RunCounts: Sendable, Equatable {
    package var listed = 0
    package var new = 0
    package var lookedAt = 0
    package var pushed = 0
    package var finished = 0
    package var newlyQuarantined = 0
    /// Requests that changed something in the shop or the ERP.
    package var writes = 0

    package init() {}
}

extension OrderRow {
    /// Whether it is an order of that webshop, as far as is known before it was read; `nil`: of any.
    package func mayBe(inWebshop webshop: Int64?) -> Bool {
        webshop == nil || state.webshop == nil || state.webshop == webshop
    }
}
