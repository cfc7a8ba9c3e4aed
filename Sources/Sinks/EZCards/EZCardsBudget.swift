import SinkKit
import Transport

/// How much time is left to one call of the sink, which is many requests.
struct EZCardsBudget: Sendable {
    private let timekeeper: any Timekeeper
    private let end: Int64
    /// Until when something may be bought, because the read that it relies on grows old.
    private let latestStart: Int64?

    init(_ context: SinkContext, _ timekeeper: any Timekeeper) {
        self.timekeeper = timekeeper
        let now = timekeeper.millisecondsSince1970
        end = now + context.timeLimit.wholeMilliseconds
        latestStart = context.startLimit.map { now + $0.wholeMilliseconds }
    }

    /// - Throws: `notApplied` where the time is up.
    func timeLeft(_ title: String) throws(SinkError) -> Duration {
        let left = Duration.milliseconds(end - timekeeper.millisecondsSince1970)
        guard left > .zero else { throw SinkError(.notApplied, "\(title): the time for it was up before it was sent") }
        return left
    }

    /// How long a purchase may still wait to be sent; `nil`: any time. - Throws: `notSentInTime`.
    func startLimit() throws(SinkError) -> Duration? {
        guard let latestStart else { return nil }
        let left = Duration.milliseconds(latestStart - timekeeper.millisecondsSince1970)
        guard left > .zero else {
            throw SinkError(.notSentInTime, "what was bought before took so long that the rest could not be sent soon enough")
        }
        return left
    }
}
