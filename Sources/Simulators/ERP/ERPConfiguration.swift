/// How the simulated ERP is set up.
package struct ERPConfiguration: Sendable {
    /// What the ERP does about a create that comes twice.
    package enum Mode: String, Sendable, CaseIterable {
        /// Enforces a key: the header `Idempotency-Key`, else the body's `external_reference`.
        case key = "K"
        /// Makes an order of every POST, but can be asked by `external_reference`.
        case lookUp = "L"
        /// Makes an order of every POST and can't be asked.
        case neither = "N"
    }

    package var address = "127.0.0.1"
    /// 0 takes a free one.
    package var port = 0
    package var seed: UInt64 = 1
    package var mode = Mode.key
    /// The value of the header `X-Api-Key`.
    package var apiKey = "simulated-key"
    /// `false` refuses product codes that aren't in `products`.
    package var acceptAnyProduct = false
    /// By default the simulated shop's product numbers, with and without their unit, and its service products.
    package var products = Self.productsOfTheShop
    /// Lines whose product code begins so are taken but `backordered`.
    package var backorderedPrefix: String?
    /// Lines whose product code begins so are `rejected`, the order stands.
    package var rejectedPrefix: String?
    /// The state of a new order: `confirmed`, or `draft` in an ERP where confirming is a second call.
    package var stateOfNewOrders = "confirmed"
    /// A look-up doesn't show orders younger than this.
    package var lookupLagMilliseconds = 0
    /// Sends orders out by itself; `nil`: only people do.
    package var shipper: ERPShipper?
    package var rateLimit: RateLimit?
    /// Requests kept in the log.
    package var logCapacity = 5000
    package var clock = SimulatorClock.system

    package init() {}

    private static let productsOfTheShop = Set(
        Catalogue.products.flatMap { [$0.key, String($0.number)] } + Catalogue.serviceKeys)
}
