import Glibc

/// Reads small files whole.
enum WholeFile {
    struct Failure: Error {
        let code: Int32
        var words: String { String(cString: strerror(code)) }
    }

    /// Larger ones are no order and no answer to one.
    static let bytesMax = 16 << 20

    /// `nil` where there is no such file. Links, folders and pipes are not opened.
    static func read(_ path: String) -> Result<[UInt8]?, Failure> {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return errno == ENOENT ? .success(nil) : .failure(Failure(code: errno)) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { return .failure(Failure(code: errno)) }
        guard facts.st_mode & S_IFMT == S_IFREG, facts.st_size <= bytesMax else { return .failure(Failure(code: EFBIG)) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= bytesMax {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return .failure(Failure(code: errno)) }
            guard count > 0 else { return .success(bytes) }
            bytes += buffer[..<count]
        }
        return .failure(Failure(code: EFBIG))
    }
}
