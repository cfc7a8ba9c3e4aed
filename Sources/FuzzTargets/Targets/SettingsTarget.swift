import Settings

extension FuzzTarget {
    /// Any text is a configuration, or has faults with their lines.
    static let settings = FuzzTarget(name: "settings", inputBytesMax: 2048, share: 1) { input throws(BrokenProperty) in
        let yaml = String(decoding: input, as: UTF8.self)
        // The fuzzer learns the secret from the comparison with it; a text that spells it out hides nothing.
        guard !yaml.contains(secret) else { return }
        let read = Result<Configuration, SettingsFaults> { () throws(SettingsFaults) in
            try ConfigurationReader.read(yaml, file: "crossdock.yml", folder: "/etc", secrets: secrets)
        }
        switch read {
        case .success(let configuration): try check(configuration)
        case .failure(let faults): try check(faults, lines: lineCount(yaml))
        }
    }

    private static func check(_ configuration: Configuration) throws(BrokenProperty) {
        for flow in configuration.flows {
            let isWhole = configuration.shop(flow.shop) != nil && configuration.sink(flow.sink) != nil
            try require(isWhole, "a flow's shop and sink are configured")
        }
    }

    /// YAML 1.1 ends lines with these.
    private static func lineCount(_ yaml: String) -> Int {
        1 + yaml.unicodeScalars.count { [0x0A, 0x0D, 0x85, 0x2028, 0x2029].contains($0.value) }
    }

    private static func check(_ faults: SettingsFaults, lines: Int) throws(BrokenProperty) {
        try require(!faults.faults.isEmpty, "a configuration that is refused has faults")
        for fault in faults.faults {
            try require(fault.line.map { (1...lines + 1).contains($0) } ?? true, "a fault's line is in the file")
        }
        try require(!faults.description.contains(secret), "a fault shows no secret")
    }

    private static let secret = "hush-hush-hush"
    private static let secrets = SecretSource(environment: ["SECRET": secret, "EMPTY": ""]) { $0 == "key.txt" ? secret : nil }
}
