import Foundation

/// Who gives a command.
enum Person {
    /// The login name; behind `sudo`, the name of whoever called it.
    static var name: String {
        let environment = ProcessInfo.processInfo.environment
        return environment["SUDO_USER"] ?? environment["USER"] ?? environment["LOGNAME"] ?? NSUserName()
    }
}
