import Orders
import Settings
import Testing

@Suite struct PluginSettingsTests {
    /// The good configuration with a plugin in the place of the sink 'remote'.
    static func withPlugin(_ lines: String) -> String {
        yaml(replacing: [17: "    type: plugin", 18: lines, 19: "", 20: ""])
    }

    static func plugin(_ lines: String) throws -> PluginSinkSettings? {
        guard case .plugin(let plugin)? = try read(withPlugin(lines)).sink("remote")?.kind else { return nil }
        return plugin
    }

    @Test func `a plugin gets its command, the variables that are named, and its settings as JSON`() throws {
        let plugin = try #require(
            try Self.plugin(
                """
                    command: [./my-sink, "--flag", "7"]
                    environment: [SHOP_SECRET]
                    start_time_limit: 3s
                    message_limit: 100000
                    settings:
                      url: https://erp.example.com
                      number: 12.50
                      quoted: "12.50"
                      flag: true
                      nothing: null
                      empty:
                      list: [1, two, ~]
                      inner: { password: "${SHOP_SECRET}", port: "${PORT}" }
                """))
        #expect(plugin.command == ["./my-sink", "--flag", "7"])
        #expect(plugin.folder == "/etc/crossdock/.")
        #expect(plugin.environment == ["SHOP_SECRET": "s3cret"])
        #expect(
            JSONValue.object(plugin.settings).compactText
                == #"{"url":"https://erp.example.com","number":12.50,"quoted":"12.50","flag":true,"nothing":null,"empty":null,"#
                + #""list":[1,"two",null],"inner":{"password":"s3cret","port":"x7!"}}"#)
        #expect(plugin.secrets == ["s3cret", "x7!"])
        #expect(plugin.startTimeLimit == .seconds(3) && plugin.messageLimit == 100_000)
    }

    @Test func `what is put in is a secret by itself, also where it is a part of something longer, and wherever it stands`()
        throws
    {
        let plugin = try #require(
            try Self.plugin(
                """
                    command: [./my-sink, "--token=${SHOP_SECRET}"]
                    settings: { url: "https://u:${PORT}@erp", path: plain }
                """))
        #expect(plugin.command == ["./my-sink", "--token=s3cret"])
        #expect(plugin.secrets == ["s3cret", "x7!"])
        let configuration = try read(yaml(replacing: [10: "    zone: Europe/Amsterdam", 15: "    path: ${PORT}.db"]))
        #expect(configuration.secrets.map(\.revealed) == ["s3cret", "x7!"])
    }

    @Test func `a plugin prints without its variables' values and its settings`() throws {
        let plugin = try #require(
            try Self.plugin("    command: [a]\n    environment: [SHOP_SECRET]\n    settings: { password: \"${SHOP_SECRET}\" }"))
        var dumped = ""
        dump(plugin, to: &dumped)
        #expect(!dumped.contains("s3cret") && !"\(plugin)".contains("s3cret") && dumped.contains("SHOP_SECRET"))
    }

    @Test(arguments: [
        ("    environment: []", "command", "is missing"),
        ("    command: []", "command", "should name a program"),
        ("    command: [\"\", x]", "command", "should name a program"),
        ("    command: ./my-sink", "command", "should be a list"),
        ("    command: [a]\n    environment: [NO_SUCH_VARIABLE]", "environment", "the environment has no NO_SUCH_VARIABLE"),
        ("    command: [a]\n    environment: [A=b]", "environment", "is no variable's name"),
        ("    command: [a]\n    settings: { a: { b: [\"${NONE}\"] } }", "settings.a.b[0]", "the environment has no NONE"),
        ("    command: [a]\n    settings: [1]", "settings", "should be a section"),
        ("    command: [a]\n    message_limit: 10", "message_limit", "no whole number from 65536"),
        ("    command: [a]\n    class: key", "class", "there is no such setting"),
    ])
    func `what is wrong is named with its place`(lines: String, setting: String, message: String) {
        let found = faults(Self.withPlugin(lines))
        #expect(found.map(\.path) == ["sinks.remote.\(setting)"])
        #expect(found.first?.message.contains(message) == true, "\(found)")
    }
}
