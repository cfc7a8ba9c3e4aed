/// Which crashes along a way leave something else behind than those before them.
///
/// What a process had in memory is gone with it, so two crashes between which neither the disk nor a remote changed leave the same
/// behind, but for some milliseconds on the clock. The same holds of a write that survives its process and a process that dies after
/// the sync. Triples of distinct ones are about a hundredth of all, and none of a kind of its own is left out.
struct DistinctCrashes {
    /// What was written when the last process to die there kept its writes, as long as nothing else has changed since.
    private var kept: Effect?

    /// The distinct ones at the next point of the way.
    mutating func next(_ point: Point) -> [Disturbance.Crash] {
        var kinds: [Disturbance.Crash] = []
        if point.moment == .written {
            kinds.append(.keepsWrites)
            kept = point.effect
        } else if point.isLastingChange {
            if kept != point.effect { kinds.append(.losesWrites) }
            kept = nil
        }
        if point.moment == .before, point.effect.isRemoteWrite { kinds.append(.requestEscapes) }
        return kinds
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
