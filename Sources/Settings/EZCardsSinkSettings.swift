/// How codes are bought from EZ Cards.
package struct EZCardsSinkSettings: Sendable, Equatable {
    package enum Ordering: String, Sendable, CaseIterable {
        /// One request for each unit.
        case instant
        /// One request for all lines of one currency.
        case bulk
    }

    /// The header `x-api-key`, beside the bearer token.
    package var apiKey: Secret
    package var ordering = Ordering.instant
    /// A request takes effect, and shows in the look-up, no later than that after its end; at least ``latestEffectMin``.
    package var latestEffect: Duration = .seconds(5)
    /// With what products are paid in whose currency the account has no balance.
    package var payWithCurrency: String?
    /// An IANA name: in which days are counted where EZ Cards gives no number of a purchase order.
    package var dayZone = "UTC"
    package var requiredFields: [String] = []

    package static let latestEffectMin = Duration.seconds(1)

    package init(apiKey: Secret) { self.apiKey = apiKey }
}
