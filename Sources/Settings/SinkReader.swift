/// Reads a section under `sinks`.
enum SinkReader {
    /// - Returns: `nil` where the type isn't known.
    static func read(_ name: String, _ reader: SettingsReader, absolute: @escaping (String) -> String) -> SinkSettings? {
        let sandbox = SandboxSettings.read(reader, absolute: absolute)
        return reader.variant(
            "type", "the kind of sink",
            [
                ("sqlite", { sqlite($0, absolute: absolute) }),
                ("rest", { RESTSinkReader.read($0, absolute: absolute) }),
                ("plugin", { .plugin(PluginReader.read($0, absolute: absolute)) }),
                ("file", { FileSinkReader.read($0, absolute: absolute) }),
                ("tryton", { TrytonSinkReader.read($0, absolute: absolute) }),
                ("odoo", { OdooSinkReader.read($0, absolute: absolute) }),
                ("ezcards", { EZCardsSinkReader.read($0, absolute: absolute) }),
                ("khumbu", { KhumbuSinkReader.read($0, absolute: absolute) }),
            ]
        ).map { SinkSettings(name: name, kind: $0, sandbox: sandbox) }
    }

    static func required(_ reader: SettingsReader) -> [String] {
        reader.texts("require", "what an order must have, as paths such as customer.code or shipment_address.zip", default: [])
    }

    private static func sqlite(_ reader: SettingsReader, absolute: @escaping (String) -> String) -> SinkSettings.Kind {
        .sqlite(
            path: absolute(reader.text("path", "the file that orders and lines are written to", default: "erp.db")),
            numberPrefix: reader.text("number_prefix", "what order numbers begin with", default: "SO-"),
            requiredFields: required(reader))
    }
}
