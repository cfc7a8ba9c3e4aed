import Transport

/// Posts what a simulated system tells by itself.
struct WebhookPoster: Sendable {
    private let address: String
    private let headers: HTTPHeaders
    private let exchange: CurlExchange

    /// - Parameter headers: as `Name: value`.
    /// - Throws: ``CommandFailure``.
    init(address: String, headers lines: [String]) throws {
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { throw CommandFailure(.usage, "'\(line)' is no header such as 'X-Secret: value'") }
            headers[String(parts[0])] = String(parts[1].drop { $0 == " " })
        }
        self.address = address
        self.headers = headers
        do throws(TransportError) {
            try HTTPRequest(method: .post, url: address, headers: headers, body: []).validate()
            // What is played on this machine isn't told to a proxy.
            exchange = try CurlExchange(configuration: CurlExchange.Configuration(proxy: ""))
        } catch { throw CommandFailure(.usage, error.description) }
    }

    /// - Returns: the status of the answer; 0: there was none.
    func post(_ body: [UInt8]) async -> Int {
        let deadlines = HTTPDeadlines(connect: .seconds(5), total: .seconds(30), stall: .seconds(30))
        let request = HTTPRequest(method: .post, url: address, headers: headers, body: body, deadlines: deadlines)
        do throws(TransportError) { return try await exchange.perform(request).status } catch { return 0 }
    }

    func close() async { await exchange.shutdown() }
}
