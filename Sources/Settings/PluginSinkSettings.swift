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
    /// What was put in for a `${…}`, in ``settings`` and elsewhere: each value by itself, also where it is only a part of a longer one.
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
