import OrderFlow

/// Reads the section `codes`: the keys that codes are kept under.
enum CodeKeyReader {
    /// - Returns: `nil` where there is none, or a fault.
    static func read(_ reader: SettingsReader) -> CodeVault? {
        reader.section("codes", "how digital codes are kept that a sink hands out") { section -> CodeVault? in
            let current = key(section, section.text("key_id", "names the key; change it when you change the key", default: "1"))
            let others = section.named("old_keys", "keys of before, by their names, for what they sealed", isRequired: false) {
                key($1, $0)
            }.compactMap(\.value)
            if let current, others.contains(where: { $0.id == current.id }) {
                section.fault(
                    under: "old_keys",
                    "has a key named '\(current.id)' as the current one is; give the current one another 'key_id', for what was sealed "
                        + "says by its key's name which one opens it")
            }
            return current.map { CodeVault(current: $0, others: others) }
        } ?? nil
    }

    private static func key(_ reader: SettingsReader, _ id: String) -> CodeVault.Key? {
        let secret = reader.secret("key", "32 bytes as 64 hexadecimal digits, from 'openssl rand -hex 32'")
        let key = CodeVault.Key(id: id, text: secret.revealed)
        if key == nil, !secret.revealed.isEmpty {
            reader.fault(under: "key", "should be 64 hexadecimal digits, as 'openssl rand -hex 32' prints them")
        }
        return key
    }
}

extension SinkSettings.Kind {
    /// Whether the ERP may tell by messages what becomes of orders; a plugin says so itself, once it is started.
    var mayTakeMessages: Bool {
        switch self {
        case .khumbu, .plugin: true
        case .sqlite, .rest, .tryton, .odoo, .ezcards, .file: false
        }
    }

    /// Whether it is known without opening it that the sink hands out codes.
    var deliversCodes: Bool { if case .ezcards = self { true } else { false } }
}
