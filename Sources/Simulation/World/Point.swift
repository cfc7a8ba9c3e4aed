/// What a worker does that leaves something behind, or asks somebody for something.
package enum Effect: String, Sendable, CaseIterable {
    // The ledger.
    case register, lockPull, rememberClock, remember, recordListing, claimDue, claimOne, append, release, recordRun, saveEndpoint
    // The shop.
    case token, list, readOrder, patch, put, customer, address
    // The ERP.
    case create, find, poll
    // Documents.
    case askShipments, confirm, desadv, tellBuyer
    // The ERP, where a create is several calls.
    case confirmDraft, buy, findUnit
    // Messages of the ERP's.
    case keepMessage, settleMessage, answerMessage
    // The ERP again; last, so that what seeds led to before stays what it was.
    case cancel

    /// A change of the ledger, with a write and a sync.
    package var isDurable: Bool {
        switch self {
        case .register, .rememberClock, .remember, .recordListing, .claimDue, .claimOne, .append, .release, .recordRun,
            .saveEndpoint, .keepMessage, .settleMessage:
            true
        default: false
        }
    }

    package var isCall: Bool { !isDurable && self != .lockPull && self != .answerMessage }

    package var remote: Remote? {
        switch self {
        case .token, .list, .readOrder, .patch, .put, .customer, .address, .confirm, .desadv, .tellBuyer: .shop
        case .create, .find, .poll, .askShipments, .confirmDraft, .buy, .findUnit, .cancel: .erp
        default: nil
        }
    }

    /// Its place in ``allCases``, asked for thousands of times in each schedule.
    package var ordinal: Int { withUnsafeBytes(of: self) { Int($0[0]) } }
}

package enum Remote: String, Sendable, CaseIterable { case shop, erp }

/// A place in the middle of an effect where a process can die.
package struct Point: Sendable, Hashable, CustomStringConvertible {
    package enum Moment: String, Sendable, CaseIterable {
        case before
        /// A durable change is written and not yet synced.
        case written
        /// It is synced, and nobody knows yet.
        case synced
        /// A call has taken effect at the remote.
        case applied
        /// Its answer has come.
        case answered

        var ordinal: Int { withUnsafeBytes(of: self) { Int($0[0]) } }
    }

    package var effect: Effect
    package var moment: Moment

    package var description: String { "\(effect.rawValue).\(moment.rawValue)" }

    package var number: Int { effect.ordinal * Self.momentCount + moment.ordinal }

    private static let momentCount = Moment.allCases.count

    package static let numberMax = Effect.allCases.count * momentCount

    /// Every point there is.
    package static let all: [Point] = Effect.allCases.flatMap { effect in
        let moments: [Moment] =
            effect.isDurable
            ? [.before, .written, .synced] : effect.isCall ? [.before, .applied, .answered] : [.before, .synced]
        return moments.map { Point(effect: effect, moment: $0) }
    }
}
