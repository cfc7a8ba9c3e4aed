package import Orders

/// Decides how soon after one look between two runs the next may follow, so that what can't be worked on isn't looked at all the time.
package struct TendingPace: Sendable, Equatable {
    package enum Ending: Sendable, Equatable {
        /// Some order, or message, got further.
        case progress
        case nothing
        /// A remote was out of reach.
        case outage
        /// Nothing can go before somebody has mended something.
        case refused
    }

    private static let shortest: Duration = .seconds(1)
    private static let outageShortest: Duration = .seconds(10)
    private static let longest: Duration = .seconds(300)

    private var pause: Duration = Self.shortest
    private var lookedAt: Timestamp?
    /// Only a run may look again.
    private var waitsForRun = false

    package init() {}

    package func allows(at now: Timestamp) -> Bool {
        guard !waitsForRun, let lookedAt else { return !waitsForRun }
        // Before the last look: somebody set the clock back.
        return now < lookedAt || now >= lookedAt + pause
    }

    package mutating func looked(_ ending: Ending, at now: Timestamp) {
        lookedAt = now
        waitsForRun = ending == .refused
        switch ending {
        case .progress: pause = Self.shortest
        case .nothing: pause = min(pause * 2, Self.longest)
        case .outage: pause = min(max(pause * 2, Self.outageShortest), Self.longest)
        case .refused: break
        }
    }
}
