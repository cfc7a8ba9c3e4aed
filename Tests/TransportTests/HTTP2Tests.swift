import Testing
import Transport

/// Against a server that speaks both HTTP/2 and HTTP/1.1, and leaves the choice to the client.
@Suite struct HTTP2Tests {
    @Test func `what may be repeated goes over HTTP/2, what may not over HTTP/1.1`() async throws {
        let certificates = try TestCertificates()
        try certificates.issue("server", subjectAlternativeName: "IP:127.0.0.1")
        let server = try await NginxServer(certificates, "server")
        let exchange = try CurlExchange(
            configuration: .init(certificateAuthoritiesFile: certificates.path("ca.pem"), proxy: ""))
        let requests = [
            HTTPRequest(url: server.url),
            // An HTTP/2 connection is open by now, and must not be taken for it.
            HTTPRequest(method: .post, url: server.url, body: Array("{}".utf8)),
            HTTPRequest(method: .put, url: server.url, body: Array("{}".utf8), isRepeatable: true),
            HTTPRequest(method: .patch, url: server.url, body: Array("{}".utf8)),
            HTTPRequest(method: .head, url: server.url),
        ]
        for request in requests {
            let response = try await exchange.perform(request)
            #expect(response.status == 200)
        }
        // nginx notes a request when it lets go of it, which isn't always in the order of the requests.
        #expect(
            try await server.requests(5).sorted() == [
                "GET HTTP/2.0", "HEAD HTTP/2.0", "PATCH HTTP/1.1", "POST HTTP/1.1", "PUT HTTP/2.0",
            ])
        await exchange.shutdown()
    }

    @Test func `many reads at once go over HTTP/2, each answered`() async throws {
        let certificates = try TestCertificates()
        try certificates.issue("server", subjectAlternativeName: "IP:127.0.0.1")
        let server = try await NginxServer(certificates, "server")
        let exchange = try CurlExchange(
            configuration: .init(certificateAuthoritiesFile: certificates.path("ca.pem"), proxy: ""))
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 {
                group.addTask { try await exchange.perform(HTTPRequest(url: server.url)).status }
            }
            for try await status in group { #expect(status == 200) }
        }
        #expect(try await server.requests(50) == Array(repeating: "GET HTTP/2.0", count: 50))
        await exchange.shutdown()
    }
}
