import Glibc
import Ledger

/// Keeps every other process from using a ledger while it is replaced.
///
/// A connection in WAL mode holds a shared lock on SQLite's lock bytes of the file as long as it is open
/// (https://www.sqlite.org/walformat.html#wal_locks), so this lock is had only when there is none, and none can be opened while it is held.
final class ExclusiveUse {
    private let descriptor: Int32

    /// The pending, reserved and shared bytes (https://www.sqlite.org/src/file?name=src/os.h, PENDING_BYTE).
    private static let lockBytes: (start: Int, count: Int) = (0x4000_0000, 512)
    /// Not dropped by closing another descriptor of the file, as POSIX locks are (fcntl(2), F_OFD_SETLK on Linux).
    private static let setLockOfDescription: Int32 = 37

    /// Does nothing where there is no such file.
    ///
    /// - Throws: ``LedgerError/unusable(_:)`` where it is in use.
    init(of path: String) throws(LedgerError) {
        descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return }
            throw .unusable("\(path) can't be opened: \(String(cString: strerror(errno)))")
        }
        guard set(F_WRLCK) else {
            // What is made whole is also unmade where `init` throws: the descriptor is closed there.
            let code = errno
            throw .unusable(
                code == EAGAIN || code == EACCES
                    ? "another process has the ledger \(path) open: end it first, and keep cron from starting another"
                    : "\(path) can't be locked: \(String(cString: strerror(code)))")
        }
    }

    deinit {
        guard descriptor >= 0 else { return }
        // A child that is just being started has the description too, until it becomes another program.
        _ = set(F_UNLCK)
        close(descriptor)
    }

    private func set(_ type: Int32) -> Bool {
        var lock = flock()
        lock.l_type = Int16(type)
        lock.l_whence = Int16(SEEK_SET)
        (lock.l_start, lock.l_len) = Self.lockBytes
        return fcntl(descriptor, Self.setLockOfDescription, &lock) == 0
    }
}
