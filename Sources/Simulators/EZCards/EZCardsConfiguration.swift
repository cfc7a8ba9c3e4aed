package import Orders

/// How the simulated EZ Cards is set up.
package struct EZCardsConfiguration: Sendable {
    package var address = "127.0.0.1"
    /// 0 takes a free one.
    package var port = 0
    package var seed: UInt64 = 1
    /// The value of the header `x-api-key`.
    package var apiKey = "simulated-key"
    /// What stands behind `Authorization: Bearer`.
    package var accessToken = "simulated-token"
    package var products = EZCardsProduct.catalogue
    /// What the account may spend, by currency; it can pay in no other one.
    package var balances: [String: ExactDecimal] = ["EUR": ExactDecimal(100_000)]
    /// What one unit of the first currency is in the second, such as `USD/EUR`.
    package var rates: [String: ExactDecimal] = ["USD/EUR": EZCardsProduct.decimal("0.9200")]
    /// So many get-codes requests of a transaction find nothing, where its codes must be fetched first.
    package var emptyRequests = 1
    /// At the most so many codes get ready by one get-codes request.
    package var codesPerRequestMax = 5
    /// What a repeated `clientOrderNumber` gets; servers of the older documents know no 409.
    package var duplicateStatus = 409
    /// A look-up doesn't show orders younger than this.
    package var lookupLagMilliseconds = 0
    package var rateLimit: RateLimit? = RateLimit(requests: 10)
    /// Requests kept in the log.
    package var logCapacity = 5000
    package var clock = SimulatorClock.system

    package init() {}
}

/// A product of the simulated catalogue.
package struct EZCardsProduct: Sendable, Equatable {
    /// Where its codes come from.
    package enum Supply: Sendable, Equatable {
        /// They are there at once.
        case stock
        /// They are fetched while they are asked for.
        case onDemand
        /// So many come, and the rest is cancelled.
        case atMost(Int)
    }

    /// Three, two and three letters or digits.
    package var sku: String
    package var name: String
    package var currency: String
    package var price: ExactDecimal
    package var faceValue: ExactDecimal
    package var isInstantDeliverySupported: Bool
    package var hasPIN: Bool
    package var supply: Supply

    package init(
        _ sku: String, _ name: String, _ currency: String, price: String, faceValue: String, instant: Bool = true,
        pin: Bool = false, supply: Supply = .stock
    ) {
        self.sku = sku
        self.name = name
        self.currency = currency
        self.price = Self.decimal(price)
        self.faceValue = Self.decimal(faceValue)
        isInstantDeliverySupported = instant
        hasPIN = pin
        self.supply = supply
    }

    package static let catalogue = [
        EZCardsProduct("8PX-UF-Y5U", "Game card 10", "EUR", price: "9.75", faceValue: "10.00"),
        EZCardsProduct("4TR-GH-K2M", "Film card 25", "EUR", price: "24.10", faceValue: "25.00", pin: true, supply: .onDemand),
        EZCardsProduct(
            "2WS-QA-Z9X", "Music card 50", "EUR", price: "48.00", faceValue: "50.00", instant: false, supply: .onDemand),
        EZCardsProduct("7US-DD-C3C", "Game card 10 US", "USD", price: "9.60", faceValue: "10.00"),
        EZCardsProduct("6CA-NC-EL1", "Withdrawn card", "EUR", price: "5.00", faceValue: "5.00", supply: .atMost(0)),
        EZCardsProduct("5SH-RT-AGE", "Scarce card", "EUR", price: "5.00", faceValue: "5.00", supply: .atMost(1)),
    ]

    /// - Precondition: the text is a decimal.
    static func decimal(_ text: String) -> ExactDecimal {
        guard let decimal = try? ExactDecimal(text) else { preconditionFailure("'\(text)' is no decimal") }
        return decimal
    }
}
