package import Orders

/// A sink that is a program, as the configuration has it.
package struct PluginSettings: Sendable {
    /// The sink's name, for messages.
    package var name: String
    /// The program, as a path or as a name on our `PATH`, and its arguments.
    package var command: [String]
    /// All that the program finds in its environment.
    package var environment: [String: String]
    /// Where the program starts, and what a relative path to it is relative to; `nil`: where we are.
    package var folder: String?
    /// What stands under `settings` in the configuration.
    package var settings: JSONObject
    /// What must not be seen in the log.
    package var secrets: [String]
    /// The environment's values are secrets too: so where the configuration names each of them.
    package var isEnvironmentSecret = true
    /// Where locks tell another Crossdock of a program that outlived this one; `nil`: nowhere, because it writes nothing.
    package var lockFolder: String?
    /// Whether a create is held back here once it is too late for it; `false` leaves that to the plugin alone, which is how the
    /// conformance kit sees whether it looks.
    package var keepsStartLimit = true
    /// How long the program may take until it has answered `initialize`.
    package var startTimeLimit: Duration
    /// A longer message is refused, whoever sends it; in bytes.
    package var messageBytesMax: Int

    /// All that must not be seen. A `PATH` isn't one.
    package var allSecrets: [String] {
        let variables = environment.sorted { $0.key < $1.key }.filter { $0.key != "PATH" }.map(\.value)
        return secrets + (isEnvironmentSecret ? variables : [])
    }

    package init(
        name: String, command: [String], environment: [String: String] = [:], folder: String? = nil,
        settings: JSONObject = JSONObject(), secrets: [String] = [], startTimeLimit: Duration = .seconds(10),
        messageBytesMax: Int = 16 << 20
    ) {
        self.name = name
        self.command = command
        self.environment = environment
        self.folder = folder
        self.settings = settings
        self.secrets = secrets
        self.startTimeLimit = startTimeLimit
        self.messageBytesMax = messageBytesMax
    }
}
