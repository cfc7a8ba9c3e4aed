/// What a sink may be tried with by `crossdock sink check`.
package struct SandboxSettings: Sendable, Equatable {
    /// The sink that stands in for it: over a test database, say. `nil`: what the kit brings along.
    package var sink: String?
    /// Codes that the sandbox's ERP knows.
    package var products: [String] = []
    /// A code that it refuses.
    package var unknownProduct: String?
    package var currency: String?
    /// The ERP's code of the customer that orders are made for.
    package var customerCode: String?

    package init() {}
}

extension SandboxSettings {
    /// - Parameter reader: of a sink's section.
    static func read(_ reader: SettingsReader) -> SandboxSettings? {
        reader.section("sandbox", "what 'crossdock sink check' tries the sink with") { section in
            var sandbox = SandboxSettings()
            sandbox.sink = section.optionalText("sink", "the sink that is tried in its place, over a test database")
            sandbox.products = section.texts("products", "product codes that the ERP knows", default: [])
            sandbox.unknownProduct = section.optionalText("unknown_product", "a product code that the ERP refuses")
            sandbox.currency = section.optionalText("currency", "of the orders that are made")
            sandbox.customerCode = section.optionalText(
                "customer_code", "the ERP's code of the customer that orders are made for")
            return sandbox
        }
    }
}
