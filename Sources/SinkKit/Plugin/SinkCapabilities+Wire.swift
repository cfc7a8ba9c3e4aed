public import Orders

// What a sink can do, as a plugin says it in the handshake.

extension SinkCapabilities {
    private static let flags: [(name: String, path: any WritableKeyPath<SinkCapabilities, Bool> & Sendable)] = [
        ("tells_shipments", \.tellsShipments), ("validates", \.validates), ("cancels", \.cancels), ("releases", \.releases),
        ("receives_messages", \.receivesMessages), ("delivers_secrets", \.deliversSecrets),
    ]

    private enum ClassWord: String { case key, lookUp = "look_up", neither }

    /// `{"class": "key", "key_retention_ms", "latest_effect_ms", "required_fields": […], "tells_shipments", "validates", "cancels",
    /// "releases", "receives_messages", "delivers_secrets"}`.
    public var wireJSON: JSONObject {
        var object = JSONObject()
        switch sinkClass {
        case .key(let retention, let latestEffect):
            object.append("class", .text(ClassWord.key.rawValue))
            if let retention { object.append("key_retention_ms", .integer(retention.inMilliseconds)) }
            if let latestEffect { object.append("latest_effect_ms", .integer(latestEffect.inMilliseconds)) }
        case .lookUp(let latestEffect):
            object.append("class", .text(ClassWord.lookUp.rawValue))
            object.append("latest_effect_ms", .integer(latestEffect.inMilliseconds))
        case .neither: object.append("class", .text(ClassWord.neither.rawValue))
        }
        object.append("required_fields", .array(requiredFields.map { .text($0) }))
        for (name, path) in Self.flags { object.append(name, .bool(self[keyPath: path])) }
        return object
    }

    /// Reads what ``wireJSON`` wrote; a flag that is missing is `false`. - Throws: ``PluginFormatError``.
    public init(wireJSON object: JSONObject) throws(PluginFormatError) {
        try self.init(WireFields(object))
    }

    init(_ fields: WireFields) throws(PluginFormatError) {
        let latestEffect = try fields.optionalDuration("latest_effect_ms")
        switch ClassWord(rawValue: try fields.text("class")) {
        case .key?:
            self.init(sinkClass: .key(retention: try fields.optionalDuration("key_retention_ms"), latestEffect: latestEffect))
        case .lookUp?:
            guard let latestEffect else {
                throw fields.fault("latest_effect_ms", "there: class look_up says how late a lost create may still take effect")
            }
            self.init(sinkClass: .lookUp(latestEffect: latestEffect))
        case .neither?: self.init(sinkClass: .neither)
        case nil: throw fields.fault("class", "key, look_up or neither")
        }
        requiredFields = try fields.texts("required_fields")
        for (name, path) in Self.flags { self[keyPath: path] = try fields.flag(name) }
    }
}
