public import Orders

/// Where the conformance kit may write, and what it may know and do there without asking the plugin.
///
/// Only ``settings`` is needed. Each of the rest lets more rules be run: with an ``erp`` those about lost answers, with ``Tool/orders`` those
/// about digits and texts. In texts, `{folder}` stands for a new, empty folder, `{erp}` for the address of the ``erp``.
public struct PluginSandbox: Sendable, Equatable {
    /// The ERP that the plugin is tried with, over HTTP: between the two, the kit makes things go wrong.
    public enum TestERP: Sendable, Equatable {
        /// A test ERP of the plugin's own. `{erp}` is an address at which the kit takes requests and passes them on. Those that are neither
        /// GET nor HEAD and have `create` in their address or body make an order; `nil`: all of them do.
        case at(_ url: String, create: String?)
        /// The bundled simulated one, of a class: `key`, `look_up` or `neither`. `{erp_key}` stands for what it wants as `X-Api-Key`.
        case simulated(Promise)

        /// What that ERP does about a create that comes twice.
        public enum Promise: String, Sendable, CaseIterable { case key, lookUp = "look_up", neither }
    }

    /// A program that looks into the ERP by another way than the plugin, or plays the people there.
    ///
    /// Its words may have `{folder}`, `{erp}` and `{key}` (the order's) in them. It starts where the plugin does, with its environment.
    public enum Tool: String, Sendable, CaseIterable {
        /// Prints all orders that the ERP holds under `{key}`, oldest first: `[{"number", "lines": [{"quantity", "unit_price",
        /// "description"}]}]`, decimals as texts, `lines` in the ERP's order and left out where they can't be looked at.
        case orders
        /// Sends `{quantity}` of the order's `{line}` out, in a shipment of its own; `{order_number}` is the ERP's.
        case ship
        /// Leaves an order as a draft under its key, as a plugin does that ended between making and confirming it. The order is the
        /// standard input, in the form that `create` gets.
        case leaveDraft = "leave_draft"
    }

    /// Settings to start it with.
    public var settings: JSONObject
    /// A product code that the sandbox takes, and one that it refuses; `nil`: it takes any, refuses none.
    public var knownProduct: String?
    public var unknownProduct: String?
    /// ISO 4217; `nil`: any.
    public var currency: String?
    /// Whom to order for; `nil`: anybody.
    public var customer: Party?
    public var erp: TestERP?
    /// Where nothing can go wrong between the plugin and its ERP: why, in words. Rules about that aren't applicable then.
    public var noConnection: String?
    /// `false`: its ERP has no drafts; `nil`: nobody says.
    public var hasDrafts: Bool?
    /// Programs and their arguments.
    public var tools: [Tool: [String]] = [:]

    public init(
        settings: JSONObject, knownProduct: String? = nil, unknownProduct: String? = nil, currency: String? = nil,
        customer: Party? = nil
    ) {
        self.settings = settings
        self.knownProduct = knownProduct
        self.unknownProduct = unknownProduct
        self.currency = currency
        self.customer = customer
    }
}

// MARK: The wire form

extension PluginSandbox {
    /// `{"settings", "known_product", "unknown_product", "currency", "customer", "erp": {"url", "create"} or {"simulated"}, "no_connection",
    /// "drafts", "tools": {"orders": […], "ship": […], "leave_draft": […]}}`; what isn't said is left out.
    public var json: JSONObject {
        var object = JSONObject([("settings", .object(settings))])
        for (name, text) in [("known_product", knownProduct), ("unknown_product", unknownProduct), ("currency", currency)] {
            if let text { object.append(name, .text(text)) }
        }
        if let customer { object.append("customer", .object(customer.json)) }
        if let erp { object.append("erp", .object(erp.json)) }
        if let noConnection { object.append("no_connection", .text(noConnection)) }
        if let hasDrafts { object.append("drafts", .bool(hasDrafts)) }
        let named = Tool.allCases.compactMap { tool in
            tools[tool].map { (tool.rawValue, JSONValue.array($0.map { .text($0) })) }
        }
        if !named.isEmpty { object.append("tools", .object(JSONObject(named))) }
        return object
    }

    init(_ fields: WireFields) throws(PluginFormatError) {
        self.init(
            settings: try fields.value("settings"), knownProduct: try fields.optionalText("known_product"),
            unknownProduct: try fields.optionalText("unknown_product"), currency: try fields.optionalText("currency"),
            customer: fields.has("customer") ? Party(json: try fields.value("customer")) : nil)
        erp = fields.has("erp") ? try TestERP(fields.fields("erp")) : nil
        noConnection = try fields.optionalText("no_connection")
        hasDrafts = fields.has("drafts") ? try fields.flag("drafts") : nil
        guard fields.has("tools") else { return }
        let named = try fields.fields("tools")
        for tool in Tool.allCases where named.has(tool.rawValue) {
            tools[tool] = try named.texts(tool.rawValue)
            if tools[tool]?.isEmpty == true { throw named.fault(tool.rawValue, "a program and its arguments") }
        }
    }
}

extension PluginSandbox.TestERP {
    fileprivate var json: JSONObject {
        switch self {
        case .at(let url, let create):
            JSONObject([("url", .text(url))] + (create.map { [("create", .text($0))] } ?? []))
        case .simulated(let promise): JSONObject([("simulated", .text(promise.rawValue))])
        }
    }

    fileprivate init(_ fields: WireFields) throws(PluginFormatError) {
        guard let word = try fields.optionalText("simulated") else {
            self = .at(try fields.text("url"), create: try fields.optionalText("create"))
            return
        }
        guard let promise = Promise(rawValue: word) else { throw fields.fault("simulated", "key, look_up or neither") }
        self = .simulated(promise)
    }
}
