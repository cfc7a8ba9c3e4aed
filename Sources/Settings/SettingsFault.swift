import OrderFlow

/// One thing wrong with the configuration, with its place.
package struct SettingsFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// From 1; `nil` for what has no place in the file.
    package let line: Int?
    /// Such as `flows.main.close`.
    package let path: String
    package let message: String
    /// Where it isn't in the configuration itself: the file as the configuration names it.
    package var file: String?

    package var description: String {
        let place = [line.map { "line \($0)" }, path.isEmpty ? nil : path].compactMap(\.self).joined(separator: ", ")
        return place.isEmpty ? message : "\(place): \(message)"
    }
}

/// All that is wrong with a configuration, found in one go.
package struct SettingsFaults: Error, Sendable, CustomStringConvertible {
    package let file: String
    package let faults: [SettingsFault]

    package var description: String {
        let list = faults.map { "  \($0.file ?? file): \($0)" }.joined(separator: "\n")
        return "\(faults.count.counted("fault")) in the configuration:\n\(list)"
    }
}
