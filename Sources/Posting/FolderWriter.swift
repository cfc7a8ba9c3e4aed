import Glibc

/// Puts files into a folder, each there under its name only once it is whole and on disk.
///
/// A file is written under a name that begins with a dot, and then linked, which fails where the name is taken; so the file system must know
/// hard links. What a crash leaves under the other name the next try of the same file takes away.
package struct FolderWriter: Sendable {
    package enum Outcome: Sendable, Equatable {
        case written
        /// It was there with the same bytes.
        case same
        /// Other bytes have the name; they were left as they are.
        case taken
        /// Another process is writing the same file.
        case overtaken
        /// Nothing was put there; what was tried, and the system's reason.
        case failed(String, code: Int32)
        /// It may be there after a loss of power or not.
        case unsynchronized(code: Int32)
    }

    package let folder: String
    private let permissions: UInt32
    private let calls: FileCalls

    /// - Parameter permissions: of new files, before the process's mask.
    package init(folder: String, permissions: UInt32 = 0o640, calls: FileCalls = .system) {
        self.folder = folder
        self.permissions = permissions
        self.calls = calls
    }

    package func place(_ name: String) -> String { "\(folder)/\(name)" }

    /// - Precondition: `name` is fit for a file, and ``FileName/unfinished(_:)`` of it not too long.
    package func put(_ bytes: [UInt8], as name: String) -> Outcome {
        let unfinished = place(FileName.unfinished(name))
        switch SmallFile.compare(place(name), with: bytes) {
        case .missing: break
        case .same:
            unlink(unfinished)
            return synchronized(.same)
        case .different: return .taken
        case .unreadable(let code): return .failed("the file \(name) can't be read", code: code)
        }
        unlink(unfinished)
        let descriptor = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, permissions)
        guard descriptor >= 0 else { return errno == EEXIST ? .overtaken : .failed("no file can be made", code: errno) }
        defer { close(descriptor) }
        let outcome = fill(descriptor, bytes) ?? link(descriptor, as: name, bytes)
        if hasName(descriptor) { unlink(unfinished) }
        return outcome == .written ? synchronized(.written) : outcome
    }

    /// `nil` once all of it is on disk.
    private func fill(_ descriptor: Int32, _ bytes: [UInt8]) -> Outcome? {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { calls.write(descriptor, $0) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return .failed("the file can't be written", code: count == 0 ? ENOSPC : errno) }
            written += count
        }
        guard calls.synchronize(descriptor) == 0 else { return .unsynchronized(code: errno) }
        return nil
    }

    /// Gives the file its name by way of its descriptor: what now lies under the unfinished name may be another process's.
    private func link(_ descriptor: Int32, as name: String, _ bytes: [UInt8]) -> Outcome {
        guard linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, place(name), AT_SYMLINK_FOLLOW) != 0 else {
            return .written
        }
        let code = errno
        // A file without any name, since another process took its name away, can't be given one.
        if code == ENOENT { return .overtaken }
        guard code == EEXIST else { return .failed("the file can't be given its name", code: code) }
        // Somebody was faster, perhaps another process with the same document.
        return SmallFile.compare(place(name), with: bytes) == .same ? .written : .taken
    }

    private func hasName(_ descriptor: Int32) -> Bool {
        var facts = stat()
        return fstat(descriptor, &facts) == 0 && facts.st_nlink > 0
    }

    /// Brings to disk which files there are. - Returns: `same`, or `unsynchronized`.
    package func bringToDisk() -> Outcome { synchronized(.same) }

    private func synchronized(_ outcome: Outcome) -> Outcome {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return .unsynchronized(code: errno) }
        defer { close(descriptor) }
        // EINVAL: a file system, such as some in user space, whose folders have no such operation (fsync(2)).
        return calls.synchronize(descriptor) == 0 || errno == EINVAL ? outcome : .unsynchronized(code: errno)
    }
}
