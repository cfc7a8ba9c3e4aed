import Dispatch
import Glibc
package import OrderFlow
package import Posting

/// A folder that documents are put into, one file each, for a program that takes them on from there.
///
/// A document's file has its name only once it is whole and on disk; see ``FolderWriter``.
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
    private let writer: FolderWriter
    /// Files are slow, and a disk may hang: no thread of the cooperative pool waits for them.
    private let queue = DispatchQueue(label: "crossdock.folder")

    package init(_ settings: Settings, calls: FileCalls = .system) {
        self.settings = settings
        writer = FolderWriter(folder: settings.path, permissions: settings.permissions, calls: calls)
    }

    /// - Parameter timeLimit: not heeded, since a call to the file system can't be given up.
    package func deliver(_ document: OutgoingDocument, timeLimit: Duration) async -> DeliveryAnswer {
        await work { self.put(document) }
    }

    package func holds(_ document: OutgoingDocument) async -> Bool? {
        await work {
            guard let name = self.name(of: document) else { return false }
            switch SmallFile.compare(self.writer.place(name), with: document.bytes) {
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

    private func work<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in queue.async { continuation.resume(returning: body()) } }
    }
}

extension FolderTarget {
    private func put(_ document: OutgoingDocument) -> DeliveryAnswer {
        guard let name = name(of: document) else { return .refused("its number makes too long a file name") }
        switch writer.put(document.bytes, as: name) {
        case .written, .same: return .sent
        case .taken: return .refused("another document has the name \(name) in the folder; it was left as it is")
        case .overtaken:
            return .notSent(DeliveryFailure(.transient, "another process is putting the same document into the folder"))
        case .failed(let what, let code):
            return .notSent(
                DeliveryFailure(Self.failureClass(code), "\(what) in the folder \(settings.path): \(Self.words(code))"))
        case .unsynchronized(let code):
            return .unknown("the folder \(settings.path) can't be brought to disk: \(Self.words(code))")
        }
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
