import Testing
import Transport

/// The rate limit, against a server that counts arrivals over a sliding window.
@Suite struct LimiterTests {
    struct Network: Sendable, CustomTestStringConvertible {
        /// Shortest time to the server, and from its arrival to the end of the answer, in milliseconds.
        let wayThere: Int64
        let wayBack: Int64
        /// How much longer either may take.
        let jitterThere: Int64
        let jitterBack: Int64
        var testDescription: String { "\(wayThere)+\(jitterThere)/\(wayBack)+\(jitterBack) ms" }
    }

    static let networks = [
        Network(wayThere: 0, wayBack: 1, jitterThere: 0, jitterBack: 0),
        Network(wayThere: 5, wayBack: 5, jitterThere: 20, jitterBack: 20),
        Network(wayThere: 40, wayBack: 300, jitterThere: 200, jitterBack: 500),
        Network(wayThere: 20, wayBack: 2, jitterThere: 3000, jitterBack: 0),
        Network(wayThere: 400, wayBack: 1500, jitterThere: 100, jitterBack: 2500),
    ]

    @Test(arguments: networks, Array(1...40) as [UInt64])
    func `no window of the server ever holds more than the limit`(_ network: Network, _ seed: UInt64) {
        let random = SeededRandomSource(seed: seed)
        let arrivals = Self.simulate(network, random, requests: 400).sorted()
        #expect(zip(arrivals, arrivals.dropFirst(10)).allSatisfy { $1 - $0 >= 1000 })
    }

    @Test func `with a steady network little of the limit is left unused`() {
        let network = Network(wayThere: 20, wayBack: 30, jitterThere: 2, jitterBack: 2)
        let arrivals = Self.simulate(network, SeededRandomSource(seed: 3), requests: 500).sorted()
        let seconds = Double((arrivals.last ?? 0) - (arrivals.first ?? 0)) / 1000
        #expect(Double(arrivals.count) / seconds > 9.8)
    }

    /// Sends as fast as the limiter allows; returns the instants at which requests arrive.
    private static func simulate(_ network: Network, _ random: SeededRandomSource, requests: Int) -> [Int64] {
        func jitter(_ bound: Int64) -> Int64 { Int64(random.uniform(below: UInt64(bound) + 1)) }
        var limiter = SlidingLogLimiter(requests: 10, per: .seconds(1))
        var arrivals: [Int64] = []
        var endings: [(at: Int64, began: Int64, wasAnswered: Bool)] = []
        var now: Int64 = 1_000_000
        while arrivals.count < requests {
            endings.sort { $0.at < $1.at }
            while let next = endings.first, next.at <= now {
                endings.removeFirst()
                limiter.ended(began: next.began, now: next.at, wasAnswered: next.wasAnswered)
            }
            switch limiter.admit(now: now) {
            case .go:
                let arrival = now + network.wayThere + jitter(network.jitterThere)
                arrivals.append(arrival)
                let end = arrival + network.wayBack + jitter(network.jitterBack)
                endings.append((end, now, random.uniform(below: 10) > 0))
            case .wait(let milliseconds):
                now = min(now + milliseconds, endings.first.map { max($0.at, now + 1) } ?? .max)
            case .waitForAnAnswer:
                now = endings.first?.at ?? now + 1
            }
        }
        return arrivals
    }

    @Test func `the next process keeps to what this one sent`() {
        var limiter = SlidingLogLimiter(requests: 2, per: .seconds(1))
        #expect(limiter.admit(now: 0) == .go)
        #expect(limiter.admit(now: 0) == .go)
        #expect(limiter.admit(now: 0) == .waitForAnAnswer)
        limiter.ended(began: 0, now: 10, wasAnswered: true)
        var next = SlidingLogLimiter(requests: 2, per: .seconds(1), log: limiter.log(now: 20))
        guard case .wait(let milliseconds) = next.admit(now: 20) else {
            Issue.record("not made to wait")
            return
        }
        #expect((990...1010).contains(milliseconds))
    }

    @Test func `a clock set back does not stop it for longer than a period`() {
        var limiter = SlidingLogLimiter(requests: 1, per: .seconds(1), log: [9_000_000])
        guard case .wait(let milliseconds) = limiter.admit(now: 0) else {
            Issue.record("not made to wait")
            return
        }
        #expect(milliseconds <= 1010)
    }

    @Test func `a pause that the server asked for holds for all`() {
        var limiter = SlidingLogLimiter(requests: 5, per: .seconds(1))
        limiter.pause(until: 700)
        #expect(limiter.admit(now: 0) == .wait(milliseconds: 700))
        #expect(limiter.admit(now: 700) == .go)
    }
}
