import Foundation
import Glibc
import TestSupport

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
        _ = try ChildProgram.output(of: ["openssl"] + arguments + more)
    }
}

/// `openssl s_server` on a free loopback port: takes one connection, answers a GET with a page, and ends.
final class TLSServer: Sendable {
    private let program: ChildProgram
    /// Held so that the files stay.
    private let certificates: TestCertificates
    let port: Int

    init(_ certificates: TestCertificates, _ name: String) async throws {
        self.certificates = certificates
        let program = try ChildProgram([
            "openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-www", "-alpn", "http/1.1", "-cert",
            certificates.path("\(name).pem"), "-key", certificates.path("\(name).key"),
        ])
        self.program = program
        // It says "ACCEPT 127.0.0.1:PORT" when it listens.
        var found: Int?
        try await Waiting.until {
            let text = program.output
            found = text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1).first { $0.hasPrefix("ACCEPT") }
                .flatMap { $0.split(separator: ":").last }.flatMap { Int($0) }
            return found != nil
        }
        port = found ?? 0
    }

    var url: String { "https://127.0.0.1:\(port)/" }

    /// All that the server said about its one connection, which must have been made.
    func saidAtTheEnd() async throws -> String { try await program.waitForEnd().output }
}
