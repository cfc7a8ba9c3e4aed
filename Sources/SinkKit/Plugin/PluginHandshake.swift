public import Orders

/// What Crossdock says first: the params of `initialize`.
public struct PluginGreeting: Sendable, Equatable {
    public var contract: ContractVersion
    public var host: PluginParty
    /// `nil`: Crossdock only wants to know what the plugin is. Nothing is opened or contacted then, and no calls follow.
    public var settings: JSONObject?

    public init(contract: ContractVersion = .current, host: PluginParty, settings: JSONObject?) {
        self.contract = contract
        self.host = host
        self.settings = settings
    }

    /// `{"contract", "host": {"name", "version"}, "settings"}`.
    public var json: JSONObject {
        var object = JSONObject([("contract", .text(contract.description)), ("host", .object(host.json))])
        if let settings { object.append("settings", .object(settings)) }
        return object
    }

    public init(json object: JSONObject) throws(PluginFormatError) {
        let fields = WireFields(object)
        self.init(
            contract: try fields.contract, host: try PluginParty(fields.fields("host")),
            settings: fields.has("settings") ? try fields.value("settings") : nil)
    }
}

/// Who speaks: Crossdock or a plugin.
public struct PluginParty: Sendable, Equatable {
    public var name: String
    /// In its own numbering.
    public var version: String

    public init(name: String, version: String) {
        self.name = name
        self.version = version
    }

    var json: JSONObject { JSONObject([("name", .text(name)), ("version", .text(version))]) }

    init(_ fields: WireFields) throws(PluginFormatError) {
        self.init(name: try fields.text("name"), version: try fields.text("version"))
    }
}

/// What a plugin answers to `initialize`.
public struct PluginIntroduction: Sendable, Equatable {
    public var contract: ContractVersion
    public var plugin: PluginParty
    /// With the settings it was given. `nil` only where it was given none.
    public var capabilities: SinkCapabilities?
    /// A JSON Schema of what stands under `settings` in the configuration; see ``JSONSchema`` for what is looked at.
    public var settingsSchema: JSONValue
    public var sandbox: PluginSandbox?

    public init(
        contract: ContractVersion = .current, plugin: PluginParty, capabilities: SinkCapabilities?, settingsSchema: JSONValue,
        sandbox: PluginSandbox? = nil
    ) {
        self.contract = contract
        self.plugin = plugin
        self.capabilities = capabilities
        self.settingsSchema = settingsSchema
        self.sandbox = sandbox
    }

    /// `{"contract", "plugin": {"name", "version"}, "capabilities", "settings_schema", "sandbox"}`.
    public var json: JSONObject {
        var object = JSONObject([("contract", .text(contract.description)), ("plugin", .object(plugin.json))])
        if let capabilities { object.append("capabilities", .object(capabilities.wireJSON)) }
        object.append("settings_schema", settingsSchema)
        if let sandbox { object.append("sandbox", .object(sandbox.json)) }
        return object
    }

    public init(json object: JSONObject) throws(PluginFormatError) {
        let fields = WireFields(object)
        contract = try fields.contract
        // A newer major version may spell the rest otherwise: whoever reads it says so first.
        guard contract.isCompatible(with: .current) else {
            plugin = PluginParty(name: "", version: "")
            settingsSchema = .object(JSONObject())
            return
        }
        plugin = try PluginParty(fields.fields("plugin"))
        capabilities = fields.has("capabilities") ? try SinkCapabilities(fields.fields("capabilities")) : nil
        guard let schema = object["settings_schema"] else { throw fields.fault("settings_schema", "a JSON Schema") }
        settingsSchema = schema
        sandbox = fields.has("sandbox") ? try PluginSandbox(fields.fields("sandbox")) : nil
    }
}

extension WireFields {
    fileprivate var contract: ContractVersion {
        get throws(PluginFormatError) {
            guard let version = ContractVersion(try text("contract")) else { throw fault("contract", "a version such as 1.0.0") }
            return version
        }
    }
}
