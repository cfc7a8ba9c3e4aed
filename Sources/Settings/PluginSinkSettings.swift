package import Orders

/// A sink that is a program.
package struct PluginSinkSettings: Sendable {
    /// The program and its arguments.
    package var command: [String]
    /// Where it starts: the configuration's folder.
    package var folder: String
    /// What it finds in its environment, and nothing else.
    package var environment: [String: String] = [:]
    /// What is its own; it says in the handshake what that may be.
    package var settings = JSONObject()
    /// Values among ``settings`` that came from the environment or from a file.
    package var secrets: [String] = []
    package var startTimeLimit: Duration = .seconds(10)
    /// In bytes.
    package var messageLimit = 16 << 20
}

/// Shows the variables' names only, and none of the settings: which of them are secrets, only the program knows.
extension PluginSinkSettings: CustomStringConvertible, CustomReflectable {
    package var description: String { "plugin \(command) with \(environment.keys.sorted())" }
    package var customMirror: Mirror {
        Mirror(self, children: ["command": command, "folder": folder, "environment": environment.keys.sorted()])
    }
}
