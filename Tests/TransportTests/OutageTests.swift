import Testing
import Transport

/// An hour without the remote, under cron: a new process every five minutes, each with a hundred calls to make.
@Suite struct OutageTests {
    static let processes = 12
    static let callsPerProcess = 100

    /// How many requests each process sent, with what is stored between them kept or forgotten.
    private func sent(keepingState: Bool, callsAtOnce: Int) async throws -> [Int] {
        let timekeeper = VirtualTimekeeper()
        let start = timekeeper.millisecondsSince1970
        var store = InMemoryEndpointStateStore()
        var sent: [Int] = []
        for process in 0..<Self.processes {
            timekeeper.advance(max(0, start + Int64(process) * 300_000 - timekeeper.millisecondsSince1970))
            if !keepingState { store = InMemoryEndpointStateStore() }
            let exchange = ScriptedExchange([.failed(.connectionFailed, .notSent)])
            let endpoint = Endpoint(
                Endpoint.Settings(base: try BaseURL("https://shop.example")),
                surroundings: Endpoint.Surroundings(
                    exchange: exchange, store: store, timekeeper: timekeeper, random: SeededRandomSource(seed: UInt64(process))))
            for _ in 0..<(Self.callsPerProcess / callsAtOnce) {
                await withTaskGroup { group in
                    for _ in 0..<callsAtOnce {
                        group.addTask {
                            let error = await thrown { () async throws(EndpointError) in
                                try await endpoint.send(EndpointCall(.get, "order/7/"))
                            }
                            #expect(error?.isOutage == true)
                        }
                    }
                }
            }
            await endpoint.close()
            sent.append(exchange.requests.count)
        }
        return sent
    }

    @Test(arguments: [1, 20])
    func `an outage costs the first process a few tries, and each later one a probe at the most`(_ callsAtOnce: Int) async throws
    {
        let sent = try await sent(keepingState: true, callsAtOnce: callsAtOnce)
        #expect(sent[0] <= 5 + callsAtOnce, "\(sent)")
        #expect(sent.dropFirst().allSatisfy { $0 <= 1 }, "\(sent)")
        let calls = Self.processes * Self.callsPerProcess
        #expect(Double(sent.reduce(0, +)) <= 1.1 * Double(calls))
    }

    @Test func `a circuit that is forgotten between processes is paid for again by each`() async throws {
        let sent = try await sent(keepingState: false, callsAtOnce: 1)
        #expect(sent.allSatisfy { $0 >= 5 }, "\(sent)")
    }

    /// Every other request fails, which opens no circuit: the budget alone keeps the retries to a tenth, but for the ten of its start.
    @Test func `retries in all processes together are a tenth of the calls`() async throws {
        let timekeeper = VirtualTimekeeper()
        let store = InMemoryEndpointStateStore()
        var sent = 0
        for _ in 0..<Self.processes {
            let exchange = ScriptedExchange { _, number in
                number.isMultiple(of: 2) ? .status(200) : .failed(.connectionLost, .unknown)
            }
            let endpoint = Endpoint(
                Endpoint.Settings(base: try BaseURL("https://shop.example")),
                surroundings: Endpoint.Surroundings(
                    exchange: exchange, store: store, timekeeper: timekeeper, random: LargestRandomSource()))
            for _ in 0..<Self.callsPerProcess {
                _ = await thrown { () async throws(EndpointError) in try await endpoint.send(EndpointCall(.get, "order/7/")) }
            }
            await endpoint.close()
            timekeeper.advance(300_000)
            sent += exchange.requests.count
        }
        let calls = Self.processes * Self.callsPerProcess
        #expect(sent > calls, "failures are retried")
        #expect(sent <= calls + calls / 10 + RetryBudget.tenthsMax / RetryBudget.tenthsPerRetry)
    }
}
