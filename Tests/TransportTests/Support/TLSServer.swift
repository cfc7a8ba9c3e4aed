import Foundation
import Glibc

/// Keys and certificates made with the `openssl` command in a folder that goes away with this object.
final class TestCertificates: Sendable {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("transport-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try run(
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
            ["-subj", "/CN=Test authority", "-keyout", path("ca.key"), "-out", path("ca.pem")])
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// Makes `NAME.key` and `NAME.pem` for a host, signed by the test authority.
    func issue(_ name: String, subjectAlternativeName: String, days: Int = 2) throws {
        try "subjectAltName=\(subjectAlternativeName)\n".write(toFile: path("\(name).ext"), atomically: true, encoding: .utf8)
        try run(
            ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=\(name)"],
            ["-keyout", path("\(name).key"), "-out", path("\(name).csr")])
        try run(
            ["x509", "-req", "-in", path("\(name).csr"), "-CA", path("ca.pem"), "-CAkey", path("ca.key")],
            ["-CAcreateserial", "-days", "\(days)", "-extfile", path("\(name).ext"), "-out", path("\(name).pem")])
    }

    private func run(_ arguments: [String], _ more: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments + more
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw POSIXError(.EINVAL) }
    }
}

/// `openssl s_server` on a free loopback port: takes one connection, answers a GET with a page, and ends.
final class TLSServer: Sendable {
    private let process: Process
    private let output: Pipe
    /// Held so that the files stay.
    private let certificates: TestCertificates
    let port: Int

    init(_ certificates: TestCertificates, _ name: String) throws {
        self.certificates = certificates
        process = Process()
        output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-www", "-alpn", "http/1.1", "-cert",
            certificates.path("\(name).pem"),
            "-key", certificates.path("\(name).key"),
        ]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // It says "ACCEPT 127.0.0.1:PORT" when it listens.
        var text = ""
        var found: Int?
        while found == nil {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw POSIXError(.ECONNREFUSED) }
            text += String(decoding: data, as: UTF8.self)
            found = text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1).first { $0.hasPrefix("ACCEPT") }
                .flatMap { $0.split(separator: ":").last }.flatMap { Int($0) }
        }
        port = found ?? 0
    }

    deinit {
        // The child may have inherited a mask that keeps SIGTERM from it.
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    var url: String { "https://127.0.0.1:\(port)/" }

    /// All that the server said about its one connection, which must have been made.
    func saidAtTheEnd() -> String {
        String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
}
