import GRDBSQLite
import Glibc
import Synchronization

/// Lets SQLite find recorded disks at the paths of folders: a VFS (https://www.sqlite.org/vfs.html) that hands on whatever lies elsewhere to the one
/// that was the default.
///
/// A recorded folder has one connection at a time, so that locks and shared memory are as simple as can be. It promises what SQLite's
/// own file system for Unix does: sectors of 4,096 bytes, and that a write changes nothing outside of its range when the power fails.
enum RecordingFileSystem {
    /// Puts a disk in the place of a folder, until another one is.
    ///
    /// - Parameter folder: an absolute path without symbolic links.
    static func mount(_ disk: RecordedDisk, at folder: String) {
        _ = installed
        disks.withLock { $0[folder] = disk }
    }

    static func unmount(_ folder: String) { disks.withLock { $0[folder] = nil } }

    private static let disks = Mutex<[String: RecordedDisk]>([:])

    /// Which recorded disk a path lies on, and the name there.
    static func place(_ path: UnsafePointer<CChar>?) -> (disk: RecordedDisk, name: String)? {
        guard let path, let slash = strrchr(path, CInt(UInt8(ascii: "/"))) else { return nil }
        let folder = String(decoding: UnsafeRawBufferPointer(start: path, count: UnsafePointer(slash) - path), as: UTF8.self)
        return disks.withLock { $0[folder] }.map { ($0, String(cString: slash + 1)) }
    }

    /// SQLite keeps the pointers for the life of the process.
    nonisolated(unsafe) static let standard: UnsafeMutablePointer<sqlite3_vfs> = sqlite3_vfs_find(nil)

    private static let installed: Void = {
        let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        vfs.initialize(to: standard.pointee)
        vfs.pointee.pNext = nil
        vfs.pointee.zName = UnsafePointer(strdup("crossdock-recording"))
        vfs.pointee.szOsFile = max(standard.pointee.szOsFile, CInt(MemoryLayout<OpenRecordedFile>.size))
        vfs.pointee.xOpen = { _, path, file, flags, outFlags in
            guard let file, let place = RecordingFileSystem.place(path) else {
                return RecordingFileSystem.standard.pointee.xOpen(RecordingFileSystem.standard, path, file, flags, outFlags)
            }
            return RecordingFileSystem.open(place, file, flags, outFlags)
        }
        vfs.pointee.xDelete = { _, path, syncsFolder in
            guard let (disk, name) = RecordingFileSystem.place(path) else {
                return RecordingFileSystem.standard.pointee.xDelete(RecordingFileSystem.standard, path, syncsFolder)
            }
            guard disk.delete(name) else { return SQLITE_IOERR | (23 << 8) }  // SQLITE_IOERR_DELETE_NOENT
            if syncsFolder != 0 { disk.syncFolder() }
            return SQLITE_OK
        }
        vfs.pointee.xAccess = { _, path, flags, answer in
            guard let (disk, name) = RecordingFileSystem.place(path) else {
                return RecordingFileSystem.standard.pointee.xAccess(RecordingFileSystem.standard, path, flags, answer)
            }
            let file = disk.file(named: name)
            // As on Unix, an empty file doesn't exist for whoever asks for that (SQLite, unixAccess).
            let exists = flags == SQLITE_ACCESS_EXISTS ? file.map { disk.size(of: $0) > 0 } ?? false : file != nil
            answer?.pointee = exists ? 1 : 0
            return SQLITE_OK
        }
        sqlite3_vfs_register(vfs, 1)
    }()

    private static func open(
        _ place: (disk: RecordedDisk, name: String), _ file: UnsafeMutablePointer<sqlite3_file>, _ flags: CInt,
        _ outFlags: UnsafeMutablePointer<CInt>?
    ) -> CInt {
        file.pointee.pMethods = nil
        let mayCreate = flags & SQLITE_OPEN_CREATE != 0
        guard let number = place.disk.file(named: place.name) ?? (mayCreate ? place.disk.create(place.name) : nil) else {
            return SQLITE_CANTOPEN
        }
        let isJournal = flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL) != 0
        let recorded = RecordedFile(disk: place.disk, number: number, syncsFolder: mayCreate && isJournal)
        let opened = UnsafeMutableRawPointer(file).assumingMemoryBound(to: OpenRecordedFile.self)
        opened.initialize(
            to: OpenRecordedFile(base: sqlite3_file(pMethods: recordedFileMethods), file: Unmanaged.passRetained(recorded)))
        outFlags?.pointee = flags
        return SQLITE_OK
    }
}
