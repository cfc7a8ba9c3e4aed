import TestSupport
import Testing
import Transport

/// Certificates are always verified, against the system's authorities or a file of one's own.
@Suite struct TLSTests {
    @Test func `a certificate of the configured authority for the right host is trusted`() async throws {
        let (exchange, server) = try await started(subjectAlternativeName: "IP:127.0.0.1")
        let response = try await exchange.perform(HTTPRequest(url: server.url))
        #expect(response.status == 200)
        withExtendedLifetime(server) {}
    }

    @Test(arguments: [("DNS:elsewhere.example", 2), ("IP:127.0.0.1", -1)])
    func `one for another host or past its end is not, and nothing is sent`(_ name: String, _ days: Int) async throws {
        let (exchange, server) = try await started(subjectAlternativeName: name, days: days)
        let error = await thrown { () async throws(TransportError) in
            try await exchange.perform(HTTPRequest(method: .post, url: server.url))
        }
        #expect(error?.kind == .tls)
        #expect(error?.effect == .notSent)
        withExtendedLifetime(server) {}
    }

    @Test func `one of an authority that the system does not know is not`() async throws {
        let (_, server) = try await started(subjectAlternativeName: "IP:127.0.0.1")
        let exchange = try CurlExchange(configuration: .init(proxy: ""))
        let error = await thrown { () async throws(TransportError) in
            try await exchange.perform(HTTPRequest(method: .post, url: server.url))
        }
        #expect(error?.kind == .tls)
        #expect(error?.effect == .notSent)
        withExtendedLifetime(server) {}
    }

    @Test func `one that signed itself is not`() async throws {
        let certificates = try TestCertificates()
        let server = try await TLSServer(certificates, "ca")
        let exchange = try CurlExchange(configuration: .init(proxy: ""))
        let error = await thrown { () async throws(TransportError) in
            try await exchange.perform(HTTPRequest(method: .post, url: server.url))
        }
        #expect(error?.kind == .tls)
        #expect(error?.effect == .notSent)
        withExtendedLifetime(server) {}
    }

    @Test func `a file of authorities that is missing is not passed over`() async throws {
        let (_, server) = try await started(subjectAlternativeName: "IP:127.0.0.1")
        let exchange = try CurlExchange(configuration: .init(certificateAuthoritiesFile: "/nowhere/ca.pem", proxy: ""))
        let error = await thrown { () async throws(TransportError) in try await exchange.perform(HTTPRequest(url: server.url)) }
        #expect(error?.kind == .tls)
        #expect(error?.effect == .notSent)
        withExtendedLifetime(server) {}
    }

    @Test(arguments: [(true, "h2, http/1.1"), (false, "http/1.1")])
    func `HTTP/2 is offered for repeatable requests only`(_ isRepeatable: Bool, _ offered: String) async throws {
        let (exchange, server) = try await started(subjectAlternativeName: "IP:127.0.0.1")
        _ = try await exchange.perform(HTTPRequest(url: server.url, isRepeatable: isRepeatable))
        let offers = try await server.saidAtTheEnd().split(separator: "\n").filter { $0.hasPrefix("ALPN protocols advertised") }
        #expect(offers.map { String($0) } == ["ALPN protocols advertised by the client: \(offered)"])
    }

    private func started(subjectAlternativeName: String, days: Int = 2) async throws -> (CurlExchange, TLSServer) {
        let certificates = try TestCertificates()
        try certificates.issue("server", subjectAlternativeName: subjectAlternativeName, days: days)
        let server = try await TLSServer(certificates, "server")
        let configuration = CurlExchange.Configuration(certificateAuthoritiesFile: certificates.path("ca.pem"), proxy: "")
        return (try CurlExchange(configuration: configuration), server)
    }
}
