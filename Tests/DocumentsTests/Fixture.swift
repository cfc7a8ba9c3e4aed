import Foundation
import TestSupport

/// Files under `Fixtures`.
enum Fixture {
    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(Judges.folder)/\(path)")))
    }
}
