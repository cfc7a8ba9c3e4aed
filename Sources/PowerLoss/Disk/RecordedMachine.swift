import Foundation

/// A folder that a recorded disk takes the place of, for as long as the value lives.
///
/// The folder itself is there too: the ledger makes its file in it, and looks where it lies, before SQLite is asked.
final class RecordedMachine: Sendable {
    let folder: String

    init() throws {
        let parent = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
        folder = "\(parent)/crossdock-power-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        RecordingFileSystem.unmount(folder)
        try? FileManager.default.removeItem(atPath: folder)
    }

    var ledgerPath: String { folder + "/ledger.db" }

    /// From the next file that is opened on.
    func insert(_ disk: RecordedDisk) { RecordingFileSystem.mount(disk, at: folder) }
}
