import Glibc

/// The two calls to the file system that fail in ways no test can bring about on a healthy disk.
package struct FileCalls: Sendable {
    /// write(2).
    package var write: @Sendable (_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int
    /// fsync(2).
    package var synchronize: @Sendable (_ descriptor: Int32) -> Int32

    package init(
        write: @escaping @Sendable (Int32, UnsafeRawBufferPointer) -> Int, synchronize: @escaping @Sendable (Int32) -> Int32
    ) {
        self.write = write
        self.synchronize = synchronize
    }

    package static let system = FileCalls(
        write: { Glibc.write($0, $1.baseAddress, $1.count) }, synchronize: { Glibc.fsync($0) })
}

/// Names of files that come from numbers of documents.
package enum FileName {
    /// Longest name on the usual file systems (`NAME_MAX`).
    package static let bytesMax = 255

    package static func safe(_ text: String) -> String {
        var name = ""
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F, 0x40: name.unicodeScalars.append(Unicode.Scalar(byte))
            // A name that begins with a dot is hidden, or leads out of the folder.
            case 0x2E where index > 0: name += "."
            default: name += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return name
    }

    /// What a file is called until it is whole: hidden, and with an ending that nobody looks for.
    package static func unfinished(_ name: String) -> String { ".\(name).part" }
}

package enum SmallFile {
    package enum Comparison: Equatable {
        case missing, same, different
        case unreadable(Int32)
    }

    /// Holds a file against bytes. Links, folders and pipes are `different` from any document, and are not opened.
    package static func compare(_ path: String, with bytes: [UInt8]) -> Comparison {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { return missing(errno) }
        guard facts.st_mode & S_IFMT == S_IFREG, Int(facts.st_size) == bytes.count else { return .different }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return missing(errno) }
        defer { close(descriptor) }
        var offset = 0
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return .unreadable(errno) }
            guard count > 0 else { return offset == bytes.count ? .same : .different }
            guard offset + count <= bytes.count, bytes[offset..<(offset + count)].elementsEqual(buffer[..<count]) else {
                return .different
            }
            offset += count
        }
    }

    private static func missing(_ code: Int32) -> Comparison { code == ENOENT ? .missing : .unreadable(code) }
}
