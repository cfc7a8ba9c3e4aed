import Foundation
import Glibc
import TestSupport

/// nginx on a free loopback port, which speaks HTTP/2 to whoever asks for it, answers everything with `{}`, and notes the protocol.
final class NginxServer: Sendable {
    private let program: ChildProgram
    private let folder: ProjectFolder.Temporary
    let port: Int

    init(_ certificates: TestCertificates, _ name: String) async throws {
        folder = try ProjectFolder.Temporary()
        port = try ScriptedServer.unusedPort()
        let configuration = Self.configuration(port, certificates.path("\(name).pem"), certificates.path("\(name).key"))
        try configuration.write(toFile: folder.path + "/nginx.conf", atomically: true, encoding: .utf8)
        program = try ChildProgram(["/usr/sbin/nginx", "-p", folder.path, "-c", "nginx.conf", "-e", "error.log"])
        // It writes its process id once it listens.
        try await Waiting.until { FileManager.default.fileExists(atPath: folder.path + "/nginx.pid") }
    }

    var url: String { "https://127.0.0.1:\(port)/" }

    /// Method and protocol of each request so far, such as `GET HTTP/2.0`, in no certain order; returns once there are that many.
    func requests(_ count: Int) async throws -> [String] {
        try await Waiting.until { log.count >= count }
        return log
    }

    private var log: [String] {
        let text = (try? String(contentsOfFile: folder.path + "/access.log", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map { String($0) }
    }

    private static func configuration(_ port: Int, _ certificate: String, _ key: String) -> String {
        """
        daemon off;
        master_process off;
        pid nginx.pid;
        events {}
        http {
          log_format protocol '$request_method $server_protocol';
          access_log access.log protocol;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          server {
            listen 127.0.0.1:\(port) ssl http2;
            ssl_certificate \(certificate);
            ssl_certificate_key \(key);
            location / { default_type application/json; return 200 '{}'; }
          }
        }
        """
    }
}
