import Foundation
import Glibc
import Settings
import TestSupport
import Testing

/// What is looked at before a table is read.
@Suite struct TableFileTests {
    private let folder: ProjectFolder.Temporary

    init() throws { folder = try ProjectFolder.Temporary() }

    @Test func `an ordinary file is read`() throws {
        let path = folder.path + "/products.csv"
        try "key,code\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(TableFile.read(path) == Array("key,code\n".utf8))
        try "".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(TableFile.read(path) == [])
    }

    @Test func `a file that is too large isn't read at all`() throws {
        let path = folder.path + "/large.csv"
        let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
        defer { close(descriptor) }
        #expect(ftruncate(descriptor, 64 << 20) == 0)
        #expect(TableFile.read(path)?.count == 64 << 20)
        // More than there is memory for: to read it first would be the end of the process.
        #expect(ftruncate(descriptor, 1 << 42) == 0)
        #expect(TableFile.read(path) == nil)
    }

    @Test(.timeLimit(.minutes(1))) func `what has no end, or never begins, isn't read`() throws {
        let pipe = folder.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        for path in [pipe, "/dev/zero", folder.path, folder.path + "/none"] { #expect(TableFile.read(path) == nil, "\(path)") }
    }
}
