import Foundation

/// Places in the project's folder.
package enum ProjectFolder {
    /// The folder with `Package.swift`.
    package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    package static let cloudsuiteFixtures = root + "/Fixtures/cloudsuite"

    /// A program of this package, built along with the tests and lying beside them, or in the folder that CROSSDOCK_PROGRAMS
    /// names.
    package static func program(_ name: String) -> String {
        if let folder = ProcessInfo.processInfo.environment["CROSSDOCK_PROGRAMS"] { return folder + "/" + name }
        return URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent(name)
            .path
    }

    /// A new empty folder, gone when the value is.
    package final class Temporary: Sendable {
        package let path: String

        package init() throws {
            path = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-test-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }
}
