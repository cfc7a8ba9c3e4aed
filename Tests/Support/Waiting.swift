/// Waits for something that another process or task does, by looking for it.
package enum Waiting {
    package struct TooLong: Error {}

    /// Returns as soon as `condition` holds.
    ///
    /// - Throws: ``TooLong`` when it doesn't within the deadline, which is long because it only ends failing tests.
    package static func until(_ deadline: Duration = .seconds(120), _ condition: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + deadline
        while try await !condition() {
            guard ContinuousClock.now < end else { throw TooLong() }
            // There is no signal to wait for across processes; a short pause leaves the core to the one that is watched.
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
