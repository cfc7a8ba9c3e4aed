import Testing
import Transport

/// One rate limit for several processes, against a server that counts arrivals over a sliding window.
@Suite struct SharedLimitTests {
    struct Network: Sendable, CustomTestStringConvertible {
        let way: Int64
        let jitter: Int64
        var testDescription: String { "\(way)+\(jitter) ms" }
    }

    static let networks = [
        Network(way: 0, jitter: 0), Network(way: 5, jitter: 20), Network(way: 40, jitter: 300), Network(way: 300, jitter: 1500),
    ]

    @Test(arguments: networks, Array(1...4) as [UInt64])
    func `no window of the server ever holds more than the limit, however many processes send`(
        _ network: Network, _ seed: UInt64
    ) {
        for processes in 1...3 {
            let arrivals = Self.simulate(network, SeededRandomSource(seed: seed), processes: processes, requests: 150).sorted()
            #expect(arrivals.count >= 150)
            #expect(zip(arrivals, arrivals.dropFirst(10)).allSatisfy { $1 - $0 >= 1000 }, "\(processes) processes")
        }
    }

    @Test func `two processes together use nearly all of the limit`() {
        let arrivals = Self.simulate(Network(way: 3, jitter: 2), SeededRandomSource(seed: 5), processes: 2, requests: 300)
            .sorted()
        let seconds = Double((arrivals.last ?? 0) - (arrivals.first ?? 0)) / 1000
        #expect(Double(arrivals.count) / seconds > 9.5)
    }

    @Test func `the places of a process that died come free by themselves, and not sooner than its requests could arrive`() {
        var places = SharedPlaces()
        for _ in 1...10 {
            guard case .taken = places.take(of: 10, now: 0, holding: 31_000) else { return #expect(Bool(false), "no place") }
        }
        let early = places.take(of: 10, now: 30_999, holding: 31_000)
        #expect(early == .wait(milliseconds: 1))
        guard case .taken = places.take(of: 10, now: 31_000, holding: 31_000) else { return #expect(Bool(false), "no place") }
    }

    @Test func `only whoever has a place gives it free`() throws {
        var places = SharedPlaces()
        guard case .taken(let first) = places.take(of: 1, now: 0, holding: 1000),
            case .taken(let second) = places.take(of: 1, now: 1000, holding: 1000)
        else {
            Issue.record("no place")
            return
        }
        let answers = (
            places.hold(first, until: 0), places.take(of: 1, now: 1500, holding: 1000), places.hold(second, until: 1600),
            places.take(of: 1, now: 1500, holding: 1000)
        )
        #expect(!answers.0 && answers.1 == .wait(milliseconds: 500))
        #expect(answers.2 && answers.3 == .wait(milliseconds: 100))
    }

    @Test func `a clock that was set back holds no place for longer than a request can take`() {
        var places = SharedPlaces()
        _ = places.take(of: 1, now: 1_000_000, holding: 1000)
        let answer = places.take(of: 1, now: 10, holding: 1000)
        #expect(answer == .wait(milliseconds: 1000))
    }

    @Test func `gates of two processes wait for one another`() async throws {
        let clock = VirtualTimekeeper(0)
        let store = InMemorySharedPlaces()
        let gates = (1...2).map { _ in
            RateGate(
                SlidingLogLimiter(requests: 2, per: .seconds(1)), timekeeper: clock,
                shared: SharedLimit(store: store, account: "a", inFlightMax: 10_000))
        }
        let first = try await gates[0].enter(), second = try await gates[1].enter()
        #expect(clock.millisecondsSince1970 == 0)
        await gates[0].leave(first, began: 0, wasAnswered: true)
        let third = try await gates[1].enter()
        #expect(clock.millisecondsSince1970 >= 1000 && clock.millisecondsSince1970 < 1100)
        await gates[1].leave(second, began: 0, wasAnswered: true)
        await gates[1].leave(third, began: 1000, wasAnswered: true)
    }

    private struct BrokenStore: SharedPlaceStore {
        struct Fault: Error {}
        func takePlace(account: String, of count: Int, now: Int64, holding: Int64) throws -> SharedPlaces.Answer { throw Fault() }
        func hold(_ place: SharedPlaces.Place, account: String, until: Int64) throws { throw Fault() }
    }

    @Test func `nothing is sent where nobody can tell whether there is room`() async throws {
        var settings = Endpoint.Settings(base: try BaseURL("http://127.0.0.1:9"))
        settings.rateLimit = Endpoint.RateLimit(requests: 10, per: .seconds(1), sharedAccount: "a")
        let exchange = ScriptedExchange([.status(200)])
        let endpoint = Endpoint(
            settings,
            surroundings: Endpoint.Surroundings(exchange: exchange, places: BrokenStore(), timekeeper: VirtualTimekeeper()))
        for _ in 1...12 {
            let error = await thrown { () throws(EndpointError) in try await endpoint.send(EndpointCall(.get, "/")) }
            #expect(error?.kind == .throttled(retryAfterMilliseconds: nil) && error?.effect == .notSent)
        }
        #expect(exchange.requests.isEmpty)
    }

    /// Sends from several processes as fast as the places allow; returns the instants at which requests arrive.
    private static func simulate(
        _ network: Network, _ random: SeededRandomSource, processes: Int, requests: Int
    ) -> [Int64] {
        struct Flight {
            var began: Int64
            var end: Int64
            var process: Int
            var place: SharedPlaces.Place
            var wasAnswered: Bool
        }
        func jitter() -> Int64 { Int64(random.uniform(below: UInt64(network.jitter) + 1)) }
        let inFlightMax = 4 * (network.way + network.jitter) + 5000
        var limiters = (0..<processes).map { _ in SlidingLogLimiter(requests: 10, per: .seconds(1)) }
        var places = SharedPlaces()
        var arrivals: [Int64] = []
        var flights: [Flight] = []
        var now: Int64 = 1_000_000
        while arrivals.count < requests {
            for flight in flights.filter({ $0.end <= now }).sorted(by: { $0.end < $1.end }) {
                let until = limiters[flight.process].ended(
                    began: flight.began, now: flight.end, wasAnswered: flight.wasAnswered)
                places.hold(flight.place, until: until)
            }
            flights.removeAll { $0.end <= now }
            let process = Int(random.uniform(below: UInt64(processes)))
            var taken = places
            guard case .taken(let place) = taken.take(of: 10, now: now, holding: inFlightMax + 1003),
                limiters[process].admit(now: now) == .go
            else {
                now += 1
                continue
            }
            places = taken
            let arrival = now + network.way + jitter()
            arrivals.append(arrival)
            flights.append(
                Flight(
                    began: now, end: arrival + network.way + jitter(), process: process, place: place,
                    wasAnswered: random.uniform(below: 10) > 0))
        }
        return arrivals
    }
}
