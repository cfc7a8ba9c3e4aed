import Orders

/// Reads a sink that is a program. It isn't started: what is under `settings` is for it to judge, once a flow uses it.
enum PluginReader {
    static func read(_ reader: SettingsReader, absolute: (String) -> String) -> PluginSinkSettings {
        let expandedBefore = reader.session.expanded.count
        var plugin = PluginSinkSettings(
            command: reader.texts(
                "command", "the program, relative to this file or on the PATH, and its arguments", default: [], isRequired: true),
            folder: absolute("."))
        if reader.hasList("command"), plugin.command.first?.isEmpty ?? true {
            reader.fault(nil, reader.inner("command"), "should name a program, as in [python3, my-sink.py]")
        }
        let variables: [(name: String, value: String)] = reader.values(
            "environment", "the variables that the program is given; it finds no others", default: []
        ) { name in
            guard isVariable(name) else {
                return .failure(SettingsFaultMessage("'\(name)' is no variable's name; name it, and set it outside"))
            }
            return reader.session.secrets.expandCredential("${\(name)}").map { (name, $0.text) }
        }
        for (name, value) in variables { plugin.environment[name] = value }
        plugin.settings = reader.tree("settings", "the program's own settings, as it documents them").object
        plugin.startTimeLimit = reader.duration(
            "start_time_limit", "how long it may take to start", default: plugin.startTimeLimit, atLeast: .milliseconds(1))
        plugin.messageLimit = reader.integer(
            "message_limit", "the longest message either way, in bytes", default: plugin.messageLimit, in: 65_536...1_073_741_824)
        plugin.secrets = Array(reader.session.expanded[expandedBefore...])
        return plugin
    }

    private static func isVariable(_ name: String) -> Bool {
        !name.isEmpty && !(name.utf8.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? true)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
