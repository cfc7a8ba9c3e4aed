import Synchronization

/// The places of one rate limit that several processes keep to together. Performs nothing; times are milliseconds since 1970.
///
/// A place is held from before a request is sent until it is certain to have left the server's window; see ``SlidingLogLimiter``.
/// While a request is in flight its place is held for the longest that it can take, so that one whose process died comes free by itself.
package struct SharedPlaces: Sendable, Equatable {
    package struct Place: Sendable, Equatable {
        /// From 1.
        package var number: Int
        package var heldUntil: Int64
        /// Counts who had it: only whoever has it now gives it free sooner.
        package var token: Int64

        package init(number: Int, heldUntil: Int64, token: Int64) {
            self.number = number
            self.heldUntil = heldUntil
            self.token = token
        }
    }

    package enum Answer: Sendable, Equatable {
        case taken(Place)
        /// The soonest that one comes free by itself.
        case wait(milliseconds: Int64)
    }

    package private(set) var places: [Place]

    package init(_ places: [Place] = []) { self.places = places }

    /// - Parameters:
    ///   - count: how many there are by the limit.
    ///   - holding: how long the request can take and be counted by the server, in milliseconds. Nothing is held for longer, unless
    ///     the clock was set back.
    package mutating func take(of count: Int, now: Int64, holding: Int64) -> Answer {
        for index in places.indices { places[index].heldUntil = min(places[index].heldUntil, now + holding) }
        let held = places.map(\.heldUntil).filter { $0 > now }.sorted()
        guard held.count < count else { return .wait(milliseconds: held[held.count - count] - now) }
        let index = places.firstIndex { $0.heldUntil <= now } ?? places.endIndex
        if index == places.endIndex { places.append(Place(number: places.count + 1, heldUntil: 0, token: 0)) }
        places[index].heldUntil = now + holding
        places[index].token += 1
        return .taken(places[index])
    }

    /// - Returns: whether the place is still that one's.
    @discardableResult
    package mutating func hold(_ place: Place, until: Int64) -> Bool {
        guard let index = places.firstIndex(where: { $0.number == place.number && $0.token == place.token }) else { return false }
        places[index].heldUntil = until
        return true
    }
}

/// Where those processes keep them; the ledgers implement it. One machine's: the way to the remote is the same for all of them.
package protocol SharedPlaceStore: Sendable {
    /// ``SharedPlaces/take(of:now:holding:)`` on the places of `account`, in one transaction.
    func takePlace(account: String, of count: Int, now: Int64, holding: Int64) async throws -> SharedPlaces.Answer
    func hold(_ place: SharedPlaces.Place, account: String, until: Int64) async throws
}

/// A limit that a gate shares with other processes.
package struct SharedLimit: Sendable {
    package var store: any SharedPlaceStore
    /// What the limit is counted for; the same in all processes.
    package var account: String
    /// The longest that a request can be in flight, in milliseconds.
    package var inFlightMax: Int64

    package init(store: any SharedPlaceStore, account: String, inFlightMax: Int64) {
        self.store = store
        self.account = account
        self.inFlightMax = inFlightMax
    }
}

/// Keeps places as long as it lives.
package final class InMemorySharedPlaces: SharedPlaceStore {
    private let accounts = Mutex<[String: SharedPlaces]>([:])

    package init() {}

    package func takePlace(account: String, of count: Int, now: Int64, holding: Int64) -> SharedPlaces.Answer {
        accounts.withLock { $0[account, default: SharedPlaces()].take(of: count, now: now, holding: holding) }
    }

    package func hold(_ place: SharedPlaces.Place, account: String, until: Int64) {
        accounts.withLock { _ = $0[account]?.hold(place, until: until) }
    }
}
