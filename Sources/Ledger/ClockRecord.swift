package import Orders

/// What is known of one machine's clock since its start: whether somebody set it, and when.
///
/// A wait that began before the clock was set can't be measured with it.
package struct ClockRecord: Sendable, Equatable {
    /// Names the machine and its start.
    package var bootID: String
    /// The time since 1970 less the time since the start, when the clock was set last.
    package var offsetMilliseconds: Int64
    /// By that clock; where nothing is known of it, when it was first looked at.
    package var setAt: Timestamp

    package init(bootID: String, offsetMilliseconds: Int64, setAt: Timestamp) {
        self.bootID = bootID
        self.offsetMilliseconds = offsetMilliseconds
        self.setAt = setAt
    }

    /// Two clocks are looked at one after the other; a difference of so little is no setting. Slewing (adjtimex(2)) moves both.
    private static let toleranceMilliseconds: Int64 = 100

    /// What is known after a look at both clocks.
    package func looked(now: Timestamp, uptimeMilliseconds: Int64) -> ClockRecord {
        let offset = now.milliseconds - uptimeMilliseconds
        guard abs(offset - offsetMilliseconds) > Self.toleranceMilliseconds else { return self }
        return ClockRecord(bootID: bootID, offsetMilliseconds: offset, setAt: now)
    }
}
