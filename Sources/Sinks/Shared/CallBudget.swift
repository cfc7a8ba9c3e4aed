import SinkKit
import Transport

/// How much time is left to one call of the sink, which is many calls to the ERP.
struct CallBudget: Sendable {
    private let timekeeper: any Timekeeper
    private let end: Int64
    /// Until when the order may be sent, because the read that it relies on grows old.
    private let latestStart: Int64?
    /// What uses the time up before the order is sent, and what can't be sent then; in words.
    private let haste: Haste

    struct Haste: Sendable {
        let cause: String
        let rest: String
    }

    init(
        _ context: SinkContext, _ timekeeper: any Timekeeper,
        haste: Haste = Haste(cause: "looking up what the order needs", rest: "it")
    ) {
        self.timekeeper = timekeeper
        self.haste = haste
        let now = timekeeper.millisecondsSince1970
        end = now + context.timeLimit.wholeMilliseconds
        latestStart = context.startLimit.map { now + $0.wholeMilliseconds }
    }

    /// - Throws: `notApplied` where the time is up; the call isn't sent then.
    func deadlines(within configured: HTTPDeadlines, title: String) throws(SinkError) -> HTTPDeadlines {
        let left = try timeLeft(title: title)
        return HTTPDeadlines(
            connect: min(configured.connect, left), total: min(configured.total, left), stall: min(configured.stall, left))
    }

    /// - Throws: `notApplied` where there is none.
    func timeLeft(title: String) throws(SinkError) -> Duration {
        let left = Duration.milliseconds(end - timekeeper.millisecondsSince1970)
        guard left > .zero else { throw SinkError(.notApplied, "\(title): the time for it was up before it was sent") }
        return left
    }

    /// How long the order may still wait to be sent.
    ///
    /// - Throws: `notSentInTime`.
    func startLimit() throws(SinkError) -> Duration? {
        guard let latestStart else { return nil }
        let left = Duration.milliseconds(latestStart - timekeeper.millisecondsSince1970)
        guard left > .zero else {
            throw SinkError(.notSentInTime, "\(haste.cause) took so long that \(haste.rest) could not be sent soon enough")
        }
        return left
    }
}
