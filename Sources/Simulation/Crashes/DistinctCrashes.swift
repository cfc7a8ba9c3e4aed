/// Which crashes along a way leave behind what one before them left, so that crashes of what follows need only be searched once.
///
/// What a process had in memory is gone with it, so two crashes between which neither the disk nor a remote changed leave the same
/// behind, but for some milliseconds on the clock. The same holds of a write that survives its process and a process that dies after
/// the sync. That alone isn't trusted: both are played, and only where what follows passes the same points in the same order do
/// they count as one.
struct DistinctCrashes {
    /// What a process leaves on the disk and at remotes, by number.
    private typealias Remains = Int

    private var remainsCount = 1
    private var current: Remains = 0
    /// What a process leaves that dies with a write not yet synced, where the write survives.
    private var written: (effect: Effect, remains: Remains)?
    private var recoveries: [Remains: [[Point]]] = [:]
    /// Crashes that should have left the same behind, and after which yet other points were passed.
    private(set) var unlikeCount = 0

    /// The way goes on to this point.
    mutating func pass(_ point: Point) {
        if point.moment == .written {
            written = (point.effect, newRemains())
        } else if point.isLastingChange {
            if let written, written.effect == point.effect { current = written.remains } else { current = newRemains() }
            written = nil
        }
    }

    /// - Parameter recovery: the points that were passed after a crash at the point that was passed last.
    /// - Returns: whether the like of it is still to be searched.
    mutating func insert(_ recovery: ArraySlice<Point>, after crash: Disturbance.Crash, at point: Point) -> Bool {
        let remains = remains(of: crash, at: point)
        let known = recoveries[remains, default: []]
        if known.contains(where: { $0[...] == recovery }) { return false }
        if !known.isEmpty { unlikeCount += 1 }
        recoveries[remains, default: []].append(Array(recovery))
        return true
    }

    private mutating func remains(of crash: Disturbance.Crash, at point: Point) -> Remains {
        switch crash {
        case .losesWrites: current
        case .keepsWrites: written?.remains ?? current
        case .requestEscapes: point.effect.isRemoteWrite ? newRemains() : current
        case .powerLoss: newRemains()
        }
    }

    private mutating func newRemains() -> Remains {
        defer { remainsCount += 1 }
        return remainsCount
    }
}

extension Point {
    /// From here on the disk or a remote is another.
    fileprivate var isLastingChange: Bool {
        switch moment {
        case .synced: effect != .lockPull
        case .applied: effect.isRemoteWrite
        case .before, .written, .answered: false
        }
    }
}

extension Effect {
    /// A call that changes what a remote has; a token or a poll changes nothing that anybody finds.
    fileprivate var isRemoteWrite: Bool {
        switch self {
        case .patch, .put, .create, .confirm, .desadv, .tellBuyer, .confirmDraft, .buy, .cancel: true
        case .register, .lockPull, .rememberClock, .remember, .recordListing, .claimDue, .claimOne, .append, .release, .recordRun,
            .saveEndpoint, .token, .list, .readOrder, .customer, .address, .find, .poll, .askShipments, .findUnit, .keepMessage,
            .settleMessage, .answerMessage:
            false
        }
    }
}
