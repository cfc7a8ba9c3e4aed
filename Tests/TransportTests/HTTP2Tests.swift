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
        // An HTTP/2 connection is open when the POST comes, and must not be taken for it; a PUT may then go either way.
        let methods: [HTTPMethod] = [.get, .post, .patch, .head, .put]
        for method in methods {
            let body = [.get, .head].contains(method) ? nil : Array("{}".utf8)
            let request = HTTPRequest(method: method, url: server.url, body: body, isRepeatable: method == .put ? true : nil)
            let response = try await exchange.perform(request)
            #expect(response.status == 200)
        }
        let noted = try await server.requests(methods.count)
        #expect(noted.contains("GET HTTP/2.0"))
        #expect(noted.contains("POST HTTP/1.1") && noted.contains("PATCH HTTP/1.1"), "\(noted)")
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
