import Synchronization
import Transport

/// Shows one instant for ever, so that no read grows too old to be relied on, however slow the machine is; its waits are real.
struct StandingTimekeeper: Timekeeper {
    let millisecondsSince1970 = SystemTimekeeper().millisecondsSince1970

    func sleep(milliseconds: Int64) async throws { try await SystemTimekeeper().sleep(milliseconds: milliseconds) }
}

/// A clock that only a test turns.
final class HandTurnedTimekeeper: Timekeeper {
    private let now: Mutex<Int64>

    init(_ start: Int64) { now = Mutex(start) }

    var millisecondsSince1970: Int64 { now.withLock { $0 } }

    func advance(_ duration: Duration) { now.withLock { $0 += duration.wholeMilliseconds } }

    func sleep(milliseconds: Int64) async throws {
        try Task.checkCancellation()
        advance(.milliseconds(milliseconds))
    }
}

/// Lets a test act after a write was answered and before the client goes on.
final class MeddlingExchange: HTTPExchange {
    private let base: any HTTPExchange
    private let act: @Sendable () -> Void

    init(_ base: any HTTPExchange, _ act: @escaping @Sendable () -> Void) {
        self.base = base
        self.act = act
    }

    func perform(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let response = try await base.perform(request)
        if !request.method.onlyReads { act() }
        return response
    }
}

/// Changes the answers to writes, as a shop may that answers with less than the whole order.
final class AlteringExchange: HTTPExchange {
    private let base: any HTTPExchange
    private let alter: @Sendable (String) -> String

    init(_ base: any HTTPExchange, _ alter: @escaping @Sendable (String) -> String) {
        self.base = base
        self.alter = alter
    }

    func perform(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        var response = try await base.perform(request)
        if !request.method.onlyReads { response.body = Array(alter(String(decoding: response.body, as: UTF8.self)).utf8) }
        return response
    }
}

/// Something to be done, said after the thing that does it was made.
final class Meddling: Sendable {
    private let action = Mutex<(@Sendable () -> Void)?>(nil)

    func set(_ action: @escaping @Sendable () -> Void) { self.action.withLock { $0 = action } }

    func act() { action.withLock { $0 }?() }
}

/// Keeps requests back until the test lets them go.
final class GatedExchange: HTTPExchange {
    private struct State {
        var isOpen = false
        var arrived = 0
        var held: [Int: CheckedContinuation<Bool, Never>] = [:]
        var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let base: any HTTPExchange
    private let state = Mutex(State())

    init(_ base: any HTTPExchange) { self.base = base }

    func perform(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let number = arrive()
        let isLetGo = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isLetGo: Bool? = state.withLock { state in
                    if Task.isCancelled { return false }
                    if state.isOpen { return true }
                    state.held[number] = continuation
                    return nil
                }
                if let isLetGo { continuation.resume(returning: isLetGo) }
            }
        } onCancel: {
            state.withLock { $0.held.removeValue(forKey: number) }?.resume(returning: false)
        }
        guard isLetGo else { throw TransportError(.cancelled, .unknown, "\(request.title): cancelled") }
        return try await base.perform(request)
    }

    private func arrive() -> Int {
        let (number, reached) = state.withLock { state in
            state.arrived += 1
            let arrived = state.arrived
            let reached = state.waiting.filter { $0.count <= arrived }
            state.waiting.removeAll { $0.count <= arrived }
            return (arrived, reached)
        }
        for waiter in reached { waiter.continuation.resume() }
        return number
    }

    /// Returns once so many requests have come.
    func waitForRequests(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.arrived >= count { return true }
                state.waiting.append((count, continuation))
                return false
            }
            if isReached { continuation.resume() }
        }
    }

    /// Lets go what is held and all that comes.
    func open() {
        let held = state.withLock { state in
            state.isOpen = true
            defer { state.held = [:] }
            return state.held
        }
        for (_, continuation) in held { continuation.resume(returning: true) }
    }
}
