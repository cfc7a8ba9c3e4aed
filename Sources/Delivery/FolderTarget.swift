import Dispatch
import Glibc
package import OrderFlow

/// A folder that documents are put into, one file each, for a program that takes them on from there.
///
/// A document's file has its name only once it is whole and on disk: it is written under a name that begins with a dot, and then
/// linked, which fails where the name is taken; so the file system must know hard links. What a crash leaves under the other name
/// the next try of the document takes away.
package final class FolderTarget: DocumentTarget {
    package struct Settings: Sendable, Equatable {
        /// Absolute, or relative to the working folder; it must exist.
        package var path: String
        /// What every name begins with.
        package var prefix: String
        /// Whether somebody takes the files out: then a file that isn't there says nothing.
        package var isEmptied: Bool
        /// Of new files, before the process's mask.
        package var permissions: UInt32

        package init(path: String, prefix: String = "", isEmptied: Bool = true, permissions: UInt32 = 0o640) {
            self.path = path
            self.prefix = prefix
            self.isEmptied = isEmptied
            self.permissions = permissions
        }
    }

    private let settings: Settings
    private let calls: FileCalls
    /// Files are slow, and a disk may hang: no thread of the cooperative pool waits for them.
    private let queue = DispatchQueue(label: "crossdock.folder")

    package init(_ settings: Settings, calls: FileCalls = .system) {
        self.settings = settings
        self.calls = calls
    }

    /// - Parameter timeLimit: not heeded, since a call to the file system can't be given up.
    package func deliver(_ document: OutgoingDocument, timeLimit: Duration) async -> DeliveryAnswer {
        await work { self.put(document) }
    }

    package func holds(_ document: OutgoingDocument) async -> Bool? {
        await work {
            guard let name = self.name(of: document) else { return false }
            switch SmallFile.compare(self.place(name), with: document.bytes) {
            case .same: return true
            case .different: return false
            // A folder that isn't there may come back with the file in it.
            case .missing: return self.settings.isEmptied || access(self.settings.path, X_OK) != 0 ? nil : false
            case .unreadable: return nil
            }
        }
    }

    /// The file's name, in signs that every file system and shell takes; `nil` where it would be too long. Others are written as `%` and
    /// their hexadecimal bytes, so that no two numbers share a name.
    package func name(of document: OutgoingDocument) -> String? {
        let stem = FileName.safe(settings.prefix + document.number)
        let name = "\(stem).\(document.kind.fileExtension)"
        return FileName.unfinished(name).utf8.count <= FileName.bytesMax ? name : nil
    }

    private func place(_ name: String) -> String { "\(settings.path)/\(name)" }

    private func work<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in queue.async { continuation.resume(returning: body()) } }
    }
}

extension FolderTarget {
    private func put(_ document: OutgoingDocument) -> DeliveryAnswer {
        guard let name = name(of: document) else { return .refused("its number makes too long a file name") }
        let unfinished = place(FileName.unfinished(name))
        switch SmallFile.compare(place(name), with: document.bytes) {
        case .missing: break
        case .same:
            unlink(unfinished)
            return folderSynchronized()
        case .different: return Self.taken(name)
        case .unreadable(let code): return notSent(code, "the file \(name) can't be read")
        }
        unlink(unfinished)
        let descriptor = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, settings.permissions)
        guard descriptor >= 0 else { return errno == EEXIST ? Self.overtaken : notSent(errno, "no file can be made") }
        defer { close(descriptor) }
        let answer = fill(descriptor, document.bytes) ?? link(descriptor, as: name, document.bytes)
        if hasName(descriptor) { unlink(unfinished) }
        return answer == .sent ? folderSynchronized() : answer
    }

    /// `nil` once all of it is on disk.
    private func fill(_ descriptor: Int32, _ bytes: [UInt8]) -> DeliveryAnswer? {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { calls.write(descriptor, $0) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return notSent(count == 0 ? ENOSPC : errno, "the file can't be written") }
            written += count
        }
        guard calls.synchronize(descriptor) == 0 else { return unsynchronized(errno) }
        return nil
    }

    /// Gives the file its name by way of its descriptor: what now lies under the unfinished name may be another process's.
    private func link(_ descriptor: Int32, as name: String, _ bytes: [UInt8]) -> DeliveryAnswer {
        guard linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, place(name), AT_SYMLINK_FOLLOW) != 0 else { return .sent }
        let code = errno
        // A file without any name, since another process took its name away, can't be given one.
        if code == ENOENT { return Self.overtaken }
        guard code == EEXIST else { return notSent(code, "the file can't be given its name") }
        // Somebody was faster, perhaps another process with the same document.
        return SmallFile.compare(place(name), with: bytes) == .same ? .sent : Self.taken(name)
    }

    private func hasName(_ descriptor: Int32) -> Bool {
        var facts = stat()
        return fstat(descriptor, &facts) == 0 && facts.st_nlink > 0
    }

    private func folderSynchronized() -> DeliveryAnswer {
        let descriptor = open(settings.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return unsynchronized(errno) }
        defer { close(descriptor) }
        // EINVAL: a file system, such as some in user space, whose folders have no such operation (fsync(2)).
        return calls.synchronize(descriptor) == 0 || errno == EINVAL ? .sent : unsynchronized(errno)
    }

    private static func taken(_ name: String) -> DeliveryAnswer {
        .refused("another document has the name \(name) in the folder; it was left as it is")
    }

    private static var overtaken: DeliveryAnswer {
        .notSent(DeliveryFailure(.transient, "another process is putting the same document into the folder"))
    }

    private func unsynchronized(_ code: Int32) -> DeliveryAnswer {
        .unknown("the folder \(settings.path) can't be brought to disk: \(Self.words(code))")
    }

    private func notSent(_ code: Int32, _ what: String) -> DeliveryAnswer {
        .notSent(DeliveryFailure(Self.failureClass(code), "\(what) in the folder \(settings.path): \(Self.words(code))"))
    }

    /// What a person must set right is `misconfigured`, what may pass is `outage`.
    private static func failureClass(_ code: Int32) -> FailureClass {
        switch code {
        case ENOENT, ENOTDIR, EACCES, EPERM, EROFS, ELOOP, ENAMETOOLONG, EOPNOTSUPP, EISDIR: .misconfigured
        default: .outage
        }
    }

    private static func words(_ code: Int32) -> String { String(cString: strerror(code)) }
}
