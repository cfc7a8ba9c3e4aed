import Glibc
import Ledger

/// An exclusive `flock` on a file, which the kernel gives back when the process dies (flock(2)).
enum FileLock {
    /// - Returns: `nil` where another process, or another lock of this one, holds it.
    static func tryLock(_ path: String) throws(LedgerError) -> PullLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .unusable("the lock file \(path) can't be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            if code == EWOULDBLOCK { return nil }
            throw .unusable("the lock file \(path) can't be locked: \(String(cString: strerror(code)))")
        }
        return PullLock {
            // A child that is just being started has the lock too, until it becomes another program.
            flock(descriptor, LOCK_UN)
            close(descriptor)
        }
    }
}
