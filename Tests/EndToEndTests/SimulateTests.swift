import Glibc
import Orders
import TestSupport
import Testing
import Transport

/// `crossdock simulate`, as somebody starts it to try something out.
struct SimulateTests {
    /// Starts a simulator, hands its first line and a client to `body`, and has it end.
    private static func running(_ arguments: [String], _ body: (JSONValue, CurlExchange) async throws -> Void) async throws {
        let program = try ChildProgram("crossdock", ["simulate"] + arguments)
        try await Waiting.until { program.output.contains("\n") || !program.isRunning }
        let line = try JSONValue(parsing: program.output)
        let exchange = try CurlExchange(configuration: .init(proxy: ""))
        do { try await body(line, exchange) } catch {
            await exchange.shutdown()
            throw error
        }
        await exchange.shutdown()
        program.send(SIGTERM)
        #expect(try await program.waitForEnd().status == 0)
    }

    @Test func `a trading partner stands where it says, and looks at what comes`() async throws {
        try await Self.running(["partner", "--status", "406"]) { line, exchange in
            let url = try #require(line["url"]?.stringValue)
            #expect(line["shared_secret"] == "simulated-secret")
            let request = HTTPRequest(
                method: .post, url: url, headers: ["Content-Type": "text/xml"], body: Array("<cXML/>".utf8))
            let answer = try await exchange.perform(request)
            #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self).contains("<Status code=\"406\""))
        }
    }

    @Test func `a shop shows the deliveries it took`() async throws {
        try await Self.running(["cloudsuite", "--shipment-state", "complete"]) { line, exchange in
            let url = try #require(line["url"]?.stringValue)
            let answer = try await exchange.perform(HTTPRequest(url: url + "/_simulator/deliveries"))
            #expect(try JSONValue(parsing: answer.body) == ["deliveries": []])
        }
    }

    @Test(arguments: [
        ["partner", "--status", "99"], ["partner", "--repeated", "never"], ["cloudsuite", "--shipment-state", "sometimes"],
    ])
    func `a setting that there isn't is a matter of usage`(_ arguments: [String]) async throws {
        let ending = try await ChildProgram.run("crossdock", ["simulate"] + arguments)
        #expect(ending.status == 2 && ending.output.isEmpty, "\(ending.errors)")
    }
}
