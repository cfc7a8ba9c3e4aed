package import SinkKit

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
    /// Programs that look into its ERP by another way than the sink, or play the people there, with their arguments.
    package var tools: [PluginSandbox.Tool: [String]] = [:]
    /// Where they start: the configuration's folder.
    package var toolsFolder = "."

    package init() {}
}

extension SandboxSettings {
    /// - Parameter reader: of a sink's section.
    static func read(_ reader: SettingsReader, absolute: (String) -> String) -> SandboxSettings? {
        reader.section("sandbox", "what 'crossdock sink check' tries the sink with") { section in
            var sandbox = SandboxSettings()
            sandbox.sink = section.optionalText("sink", "the sink that is tried in its place, over a test database")
            sandbox.products = section.texts("products", "product codes that the ERP knows", default: [])
            sandbox.unknownProduct = section.optionalText("unknown_product", "a product code that the ERP refuses")
            sandbox.currency = section.optionalText("currency", "of the orders that are made")
            sandbox.customerCode = section.optionalText(
                "customer_code", "the ERP's code of the customer that orders are made for")
            section.section("tools", "programs that look into its ERP by another way, relative to this file") { tools in
                for tool in PluginSandbox.Tool.allCases { sandbox.tools[tool] = words(tools, tool) }
            }
            sandbox.toolsFolder = absolute(".")
            return sandbox
        }
    }

    private static func words(_ reader: SettingsReader, _ tool: PluginSandbox.Tool) -> [String]? {
        let help =
            switch tool {
            case .orders: "prints the orders under {key}"
            case .ship: "sends {quantity} of {line} out, of the order {key} or {order_number}"
            case .leaveDraft: "leaves the order on its standard input as a draft"
            }
        let words = reader.texts(tool.rawValue, help, default: [])
        return words.isEmpty ? nil : words
    }
}
