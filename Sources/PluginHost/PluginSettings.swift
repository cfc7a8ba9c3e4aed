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
    /// What must not be seen in the log, besides the environment's values.
    package var secrets: [String]
    /// How long the program may take until it has answered `initialize`.
    package var startTimeLimit: Duration
    /// A longer message is refused, whoever sends it; in bytes.
    package var messageBytesMax: Int

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
