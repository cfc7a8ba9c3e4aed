import Ledger

/// One process: a cron run, or a person's command. When it dies, everything it waits for ends at once and nothing it does counts.
final class Worker: @unchecked Sendable {
    let number: Int
    let startedAt: Int64
    /// On another machine nobody sees that it died.
    let isRemote: Bool
    private(set) var isAlive = true
    var hasEnded = false
    /// Stopped by the system until then, in simulated milliseconds.
    var frozenUntil: Int64 = 0
    /// What it was handed, so that the ledger can see that its holder is dead.
    var claims: [Claim] = []
    var flights: [Flight] = []
    private var waiting: [(number: Int, continuation: UnsafeContinuation<Void, Never>)] = []
    private var waits = 0

    init(number: Int, startedAt: Int64, isRemote: Bool) {
        self.number = number
        self.startedAt = startedAt
        self.isRemote = isRemote
    }

    var holder: String { "worker-\(number)" }

    /// - Returns: the wait's number, to end it by.
    func wait(_ continuation: UnsafeContinuation<Void, Never>) -> Int {
        waits += 1
        waiting.append((waits, continuation))
        return waits
    }

    func endWait(_ number: Int) {
        guard let index = waiting.firstIndex(where: { $0.number == number }) else { return }
        waiting.remove(at: index).continuation.resume()
    }

    func die() {
        isAlive = false
        let all = waiting
        waiting = []
        for (_, continuation) in all { continuation.resume() }
    }
}

/// A request on its way.
final class Flight: @unchecked Sendable {
    let effect: Effect
    let deliver: () -> Void
    var isDelivered = false
    var isCut = false
    /// Whether its sender still waits; else its connection has ended, and the time within which it may take effect runs from then.
    var isAwaited = true

    init(_ effect: Effect, deliver: @escaping () -> Void) {
        self.effect = effect
        self.deliver = deliver
    }

    func arrive() {
        guard !isCut, !isDelivered else { return }
        isDelivered = true
        deliver()
    }
}
