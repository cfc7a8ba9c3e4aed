import Foundation
import Glibc

/// A table's file, which is looked at before it is read: a device has no end, a pipe may never begin, and a file may be larger than
/// the memory that there is for it.
package enum TableFile {
    package static let bytesMax = 64 << 20

    /// - Returns: `nil` where it can't be read, isn't an ordinary file, or has more than ``bytesMax`` bytes.
    package static func read(_ path: String) -> [UInt8]? {
        // A pipe without a writer would be waited for.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= bytesMax else { return nil }
        // It may grow meanwhile.
        guard let bytes = try? handle.read(upToCount: bytesMax + 1) ?? Data(), bytes.count <= bytesMax else { return nil }
        return [UInt8](bytes)
    }
}
