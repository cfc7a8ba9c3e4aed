import FoundationEssentials

/// Wall time and waiting, as a value that tests replace.
package protocol Timekeeper: Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    var millisecondsSince1970: Int64 { get }

    /// Returns after `milliseconds`, at once when that is zero or less.
    ///
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    func sleep(milliseconds: Int64) async throws
}

/// The machine's clock.
package struct SystemTimekeeper: Timekeeper {
    package init() {}

    package var millisecondsSince1970: Int64 {
        Int64((Date().timeIntervalSince1970 * 1000).rounded(.down))
    }

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
