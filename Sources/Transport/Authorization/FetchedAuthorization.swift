internal import Synchronization

/// Credentials that have to be fetched, and anew when they are refused or grow old.
///
/// However many calls need them at once, one fetch is made; who waited while it failed shares its failure.
final class FetchedAuthorization: Sendable {
    /// What a fetch brought, and for how long it is good; `nil`: until it is refused.
    struct Fetched {
        let authorization: Authorization
        let lifeMilliseconds: Int64?
    }

    private struct Held {
        let authorization: Authorization
        let renewAtMilliseconds: Int64?
    }

    private struct State {
        var held: Held?
        var generation = 0
        /// Counts fetches that ended; whoever waited while one failed shares its failure.
        var fetchesEnded = 0
        var lastFailure: EndpointError?
    }

    private let timekeeper: any Timekeeper
    private let turns = TurnGate()
    private let state = Mutex(State())

    init(timekeeper: any Timekeeper) { self.timekeeper = timekeeper }

    /// - Parameter fetch: asks for new ones; what it throws has effect `.notSent`.
    func current(
        title: String, fetch: () async throws(EndpointError) -> Fetched
    ) async throws(EndpointError) -> Authorization {
        let (current, fetchesEnded) = state.withLock { (usable($0), $0.fetchesEnded) }
        if let current { return current }
        do throws(CancellationError) { try await turns.enter() } catch { throw .cancelled(.notSent, title) }
        defer { turns.leave() }
        let (renewed, sharedFailure) = state.withLock { state in
            (usable(state), state.fetchesEnded > fetchesEnded ? state.lastFailure : nil)
        }
        if let renewed { return renewed }
        if let sharedFailure { throw sharedFailure }
        do throws(EndpointError) { return keep(try await fetch()) } catch {
            // A cancelled request says nothing to the others: the next in line makes its own.
            guard error.kind != .transport(.cancelled) else { throw error }
            state.withLock { state in
                state.fetchesEnded += 1
                state.lastFailure = error
            }
            throw error
        }
    }

    /// Forgets them where they are the ones that were refused.
    func invalidate(_ refused: Authorization) {
        state.withLock { state in
            if state.held?.authorization.generation == refused.generation { state.held = nil }
        }
    }

    private func keep(_ fetched: Fetched) -> Authorization {
        state.withLock { state in
            state.generation += 1
            state.fetchesEnded += 1
            state.lastFailure = nil
            var authorization = fetched.authorization
            authorization.generation = state.generation
            let end = fetched.lifeMilliseconds.map { timekeeper.millisecondsSince1970 + $0 }
            state.held = Held(authorization: authorization, renewAtMilliseconds: end)
            return authorization
        }
    }

    private func usable(_ state: State) -> Authorization? {
        guard let held = state.held, held.renewAtMilliseconds.map({ timekeeper.millisecondsSince1970 < $0 }) ?? true else {
            return nil
        }
        return held.authorization
    }
}
