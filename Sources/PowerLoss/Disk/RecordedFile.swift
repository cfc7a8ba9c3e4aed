import GRDBSQLite
import Glibc

/// A file of a recorded disk that SQLite has open.
final class RecordedFile {
    let disk: RecordedDisk
    let number: Int
    /// With the first sync of a journal that may be new, Unix syncs the folder too (SQLite, `UNIXFILE_DIRSYNC`).
    private var syncsFolder: Bool
    private var sharedMemory: [UnsafeMutableRawPointer] = []

    init(disk: RecordedDisk, number: Int, syncsFolder: Bool) {
        self.disk = disk
        self.number = number
        self.syncsFolder = syncsFolder
    }

    deinit { freeSharedMemory() }

    func sync() {
        disk.sync(number)
        if syncsFolder { disk.syncFolder() }
        syncsFolder = false
    }

    /// The regions of the write-ahead log's index; they end with the process.
    func sharedMemory(region: Int, size: Int, mayGrow: Bool) -> UnsafeMutableRawPointer? {
        while mayGrow, sharedMemory.count <= region {
            let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
            memset(memory, 0, size)
            sharedMemory.append(memory)
        }
        return region < sharedMemory.count ? sharedMemory[region] : nil
    }

    func freeSharedMemory() {
        for memory in sharedMemory { memory.deallocate() }
        sharedMemory = []
    }
}

/// What SQLite allocates for an open file: its own part first.
struct OpenRecordedFile {
    var base: sqlite3_file
    var file: Unmanaged<RecordedFile>
}

extension UnsafeMutablePointer<sqlite3_file> {
    fileprivate var opened: UnsafeMutablePointer<OpenRecordedFile> {
        UnsafeMutableRawPointer(self).assumingMemoryBound(to: OpenRecordedFile.self)
    }

    fileprivate var recorded: RecordedFile { opened.pointee.file.takeUnretainedValue() }
}

/// https://www.sqlite.org/c3ref/io_methods.html, version 2. SQLite keeps the pointer for the life of the process.
nonisolated(unsafe) let recordedFileMethods: UnsafePointer<sqlite3_io_methods> = {
    var methods = sqlite3_io_methods()
    methods.iVersion = 2
    methods.xClose = { file in
        file!.opened.pointee.file.release()
        return SQLITE_OK
    }
    methods.xRead = { file, buffer, count, offset in
        let bytes = UnsafeMutableRawBufferPointer(start: buffer, count: Int(count))
        let read = file!.recorded.disk.read(file!.recorded.number, at: Int(offset), into: bytes)
        guard read < bytes.count else { return SQLITE_OK }
        memset(buffer! + read, 0, bytes.count - read)
        return SQLITE_IOERR | (2 << 8)  // SQLITE_IOERR_SHORT_READ
    }
    methods.xWrite = { file, buffer, count, offset in
        let bytes = [UInt8](UnsafeRawBufferPointer(start: buffer, count: Int(count)))
        file!.recorded.disk.write(bytes, to: file!.recorded.number, at: Int(offset))
        return SQLITE_OK
    }
    methods.xTruncate = { file, size in
        file!.recorded.disk.truncate(file!.recorded.number, to: Int(size))
        return SQLITE_OK
    }
    methods.xSync = { file, _ in
        file!.recorded.sync()
        return SQLITE_OK
    }
    methods.xFileSize = { file, size in
        size?.pointee = sqlite3_int64(file!.recorded.disk.size(of: file!.recorded.number))
        return SQLITE_OK
    }
    methods.xLock = { _, _ in SQLITE_OK }
    methods.xUnlock = { _, _ in SQLITE_OK }
    methods.xCheckReservedLock = { _, answer in
        answer?.pointee = 0
        return SQLITE_OK
    }
    methods.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
    methods.xSectorSize = { _ in 4096 }
    methods.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
    methods.xShmMap = { file, region, size, mayGrow, memory in
        memory?.pointee = file!.recorded.sharedMemory(region: Int(region), size: Int(size), mayGrow: mayGrow != 0)
        return SQLITE_OK
    }
    methods.xShmLock = { _, _, _, _ in SQLITE_OK }
    methods.xShmBarrier = { _ in }
    methods.xShmUnmap = { file, _ in
        file!.recorded.freeSharedMemory()
        return SQLITE_OK
    }
    let pointer = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    pointer.initialize(to: methods)
    return UnsafePointer(pointer)
}()
