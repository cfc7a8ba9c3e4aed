import Orders
import SinkKit
import SinkTesting
import Synchronization

/// An ERP in memory, with a wire to it on which things go wrong, and with whatever flaw it is given.
final class ReferenceERP: Sendable {
    struct Line: Sendable, Equatable {
        var key: String
        var product: String
        var quantity: ExactDecimal
        var unitPrice: ExactDecimal?
        var description: String
    }

    struct Order: Sendable {
        var number: String
        var key: String
        var lines: [Line]
        var state: SinkReceipt.State
        var shipments: [SinkShipment] = []
    }

    /// How a request ends without an answer.
    enum WireFailure: Error { case notSent, lost, timedOut, unauthorized }

    enum Answer: Sendable { case made(Order), conflict, faults([SinkFault]) }

    struct State {
        var orders: [Order] = []
        var requests: [String: Int] = [:]
        var usedKeys: Set<String> = []
        var mishap: SinkMishap?
        var late: [(due: ContinuousClock.Instant, order: Order)] = []
        var log: [String] = []
        var unanswered: [SinkOrder] = []
        var opened = 0
    }

    let letter: String
    let flaw: Flaw?
    let state = Mutex(State())
    static let password = "hunter2-geheim"
    static let products = ["124", "125", "126"]
    /// What class L declares.
    static let latestEffect = Duration.milliseconds(300)

    init(_ letter: String, _ flaw: Flaw? = nil) {
        self.letter = letter
        self.flaw = flaw
    }

    // MARK: The wire

    /// One request to make an order, which a password goes with.
    func post(_ order: SinkOrder, password: String, limit: Duration, isDead: @Sendable () -> Bool) async throws(WireFailure)
        -> Answer
    {
        let mishap = state.withLock { state in
            guard let mishap = state.mishap, ![.failingLookUp, .garbageLookUp, .silentLookUp].contains(mishap) else {
                return SinkMishap?.none
            }
            if mishap != .unreachable, mishap != .silentAfter { state.mishap = nil }
            return mishap
        }
        if mishap == .unreachable { throw .notSent }
        if password != Self.password { throw .unauthorized }
        state.withLock { $0.requests[order.key.text, default: 0] += 1 }
        switch mishap {
        case .cutOffBefore: throw .lost
        case .lateEffect:
            let delay = flaw == .takesEffectTooLate ? Self.latestEffect * 3 : Self.latestEffect / 2
            state.withLock { $0.late.append((ContinuousClock.now + delay, record(order, "late-\($0.orders.count)"))) }
            throw .lost
        default: break
        }
        if flaw == .racesOnItsKey, find(order.key) == nil { await Task.yield(for: .milliseconds(50)) }
        let answer = apply(order)
        switch mishap {
        case .cutOffAfter, .errorPageAfter, .garbageAfter: throw .lost
        case .silentAfter:
            try await silence(.silentAfter, limit: limit, isDead)
            throw .timedOut
        default: return answer
        }
    }

    /// One request that reads.
    func get<Value>(limit: Duration, _ read: (ReferenceERP) -> Value) async throws(WireFailure) -> Value {
        switch state.withLock({ $0.mishap }) {
        case .unreachable, .failingLookUp: throw .notSent
        case .garbageLookUp: throw .lost
        case .silentLookUp:
            try await silence(.silentLookUp, limit: limit) { false }
            throw .timedOut
        default: return read(self)
        }
    }

    private func silence(_ mishap: SinkMishap, limit: Duration, _ isDead: @Sendable () -> Bool) async throws(WireFailure) {
        let giveUp = ContinuousClock.now + limit
        while state.withLock({ $0.mishap }) == mishap, !isDead() {
            if flaw != .ignoresTheDeadline, ContinuousClock.now >= giveUp { return }
            await Task.yield(for: .milliseconds(5))
        }
    }

    // MARK: Inside

    private func record(_ order: SinkOrder, _ number: String) -> Order {
        let lines = order.order.lines.map { line in
            Line(
                key: line.key, product: line.productKey, quantity: kept(line.quantity), unitPrice: line.unitPrice.map(kept),
                description: kept(line.description ?? ""))
        }
        return Order(number: number, key: order.key.text, lines: flawed(lines), state: .draft)
    }

    private func apply(_ order: SinkOrder) -> Answer {
        state.withLock { state in
            settleLate(&state)
            let faults = faults(order)
            let known = state.orders.first { $0.key == order.key.text }
            if !faults.isEmpty, flaw != .takesTheGoodHalf {
                if flaw == .usesTheKeyUpOnRefusal { state.usedKeys.insert(order.key.text) }
                if flaw == .leavesADraftOfWhatItRefused { state.orders.append(record(order, "SO-\(state.orders.count + 1)")) }
                return .faults(flaw == .tellsTheFirstFaultOnly ? Array(faults.prefix(1)) : faults)
            }
            if state.usedKeys.contains(order.key.text) { return .conflict }
            let made = record(order, "SO-\(state.orders.count + 1)")
            if letter == "K", let known, ![.makesASecondOrderOnRepeat, .racesOnItsKey, .keepsItsKeysInMemory].contains(flaw) {
                let tolerates =
                    flaw == .acceptsChangedContent && known.state != .draft
                    || flaw == .carriesOnForeignDrafts && known.state == .draft
                return known.lines == made.lines || tolerates ? .made(known) : .conflict
            }
            if flaw == .racesOnItsKey, let known, known.state == .confirmed, known.lines != made.lines { return .conflict }
            state.orders.append(made)
            return .made(made)
        }
    }

    func faults(_ order: SinkOrder) -> [SinkFault] {
        order.order.lines.enumerated().filter { !Self.products.contains($0.element.productKey) }.map {
            SinkFault(path: "lines[\($0.offset)].product", message: "there is no product '\($0.element.productKey)'")
        }
    }

    func confirm(_ number: String) -> Order? {
        state.withLock { state in
            guard let index = state.orders.firstIndex(where: { $0.number == number }) else { return nil }
            if state.orders[index].state == .draft { state.orders[index].state = .confirmed }
            return state.orders[index]
        }
    }

    func leaveDraft(_ order: SinkOrder) {
        state.withLock { state in state.orders.append(record(order, "SO-\(state.orders.count + 1)")) }
    }

    func cancel(_ number: String) {
        state.withLock { state in
            for index in state.orders.indices where state.orders[index].number == number {
                state.orders[index].state = .cancelled
            }
        }
    }

    func ship(_ number: String, _ line: SinkShippedLine) {
        state.withLock { state in
            for index in state.orders.indices where state.orders[index].number == number {
                let id = "\(number)-S\(state.orders[index].shipments.count + 1)"
                state.orders[index].shipments.append(
                    SinkShipment(id: id, shippedAt: "2026-01-06T10:00:00Z", packages: [SinkPackage(lines: [line])]))
            }
        }
    }

    // MARK: Looking

    func find(_ key: IdempotencyKey) -> Order? {
        state.withLock { state in
            settleLate(&state)
            return state.orders.first { flaw == .findsByPrefix ? key.text.hasPrefix($0.key) : $0.key == key.text }
        }
    }

    func orders(_ key: IdempotencyKey) -> [Order] {
        state.withLock { state in
            settleLate(&state)
            return state.orders.filter { $0.key == key.text }
        }
    }

    private func settleLate(_ state: inout State) {
        let now = ContinuousClock.now
        state.orders += state.late.filter { $0.due <= now }.map(\.order)
        state.late.removeAll { $0.due <= now }
    }
}

extension Task where Success == Never, Failure == Never {
    /// A pause that being cancelled doesn't shorten.
    static func yield(for duration: Duration) async {
        await Task<Void, Never> { try? await Task<Never, Never>.sleep(for: duration) }.value
    }
}
