/// Keeps retries a fraction of the traffic, so that they cannot multiply the load on a remote that is struggling.
///
/// A bucket of tenths: each call puts one in, each retry takes ten out (gRFC A6 and Finagle's `RetryBudget` do the same).
package struct RetryBudget: Sendable, Equatable, Codable {
    package static let tenthsPerRetry = 10
    package static let tenthsMax = 100

    package private(set) var tenths: Int

    /// Full to begin with: ten retries.
    package init(tenths: Int = Self.tenthsMax) {
        self.tenths = min(max(tenths, 0), Self.tenthsMax)
    }

    package mutating func deposit() {
        tenths = min(tenths + 1, Self.tenthsMax)
    }

    /// Whether a retry is paid for.
    package mutating func withdraw() -> Bool {
        guard tenths >= Self.tenthsPerRetry else { return false }
        tenths -= Self.tenthsPerRetry
        return true
    }
}
