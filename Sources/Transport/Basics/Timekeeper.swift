import FoundationEssentials
import Glibc

/// Wall time and waiting, as a value that tests replace.
package protocol Timekeeper: Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    var millisecondsSince1970: Int64 { get }

    /// The same machine's time since it started, which nobody can set.
    var uptime: Uptime { get }

    /// Returns after `milliseconds`, at once when that is zero or less.
    ///
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    func sleep(milliseconds: Int64) async throws
}

/// How long a machine has been running, its sleep included.
package struct Uptime: Sendable, Equatable {
    /// Names the machine and its start; two uptimes compare only where it is the same.
    package var bootID: String
    package var milliseconds: Int64

    package init(bootID: String, milliseconds: Int64) {
        self.bootID = bootID
        self.milliseconds = milliseconds
    }
}

extension Timekeeper {
    /// Of a clock that is never set.
    package var uptime: Uptime { Uptime(bootID: "", milliseconds: millisecondsSince1970) }
}

/// The machine's clock.
package struct SystemTimekeeper: Timekeeper {
    package init() {}

    package var millisecondsSince1970: Int64 {
        Self.milliseconds(CLOCK_REALTIME)
    }

    package var uptime: Uptime {
        // Unlike CLOCK_MONOTONIC, it counts while the machine sleeps (clock_gettime(2)).
        Uptime(bootID: Self.bootID, milliseconds: Self.milliseconds(CLOCK_BOOTTIME))
    }

    private static func milliseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Random, made by the kernel at its start (random(4)).
    private static let bootID =
        (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8))?.filter { !$0.isWhitespace } ?? ""

    package func sleep(milliseconds: Int64) async throws {
        try Task.checkCancellation()
        guard milliseconds > 0 else { return }
        try await Task.sleep(for: .milliseconds(milliseconds))
    }
}

extension Duration {
    /// Whole milliseconds, rounded down, and held within what `Int64` can carry.
    package var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        return product + attoseconds / 1_000_000_000_000_000
    }
}

extension Int64 {
    /// Of so many milliseconds, in seconds, one that has begun counted whole.
    var secondsBegun: Int64 { (self + 999) / 1000 }
}
