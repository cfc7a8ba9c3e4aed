import Orders

/// Who waits for which party, and which are known. Performs nothing; its owner holds a lock around every call.
struct PartyMemory {
    struct Place: Hashable {
        var kind: PartyDirectory.Kind
        var id: Int64
    }

    /// `nil`: the shop doesn't know it.
    typealias Answer = Result<Party?, ShopError>

    /// What somebody who asks does next.
    enum Turn: Sendable {
        case told(Answer)
        /// Ask the shop, for everybody.
        case lead
        /// Whoever was asking gave up: take a new turn.
        case again
    }

    typealias Waiter = CheckedContinuation<Turn, Never>

    private struct Remembered {
        var party: Party?
        var until: Int64
    }

    /// Parties remembered at a time, about a kilobyte each.
    static let rememberedMax = 4096

    private var remembered: [Place: Remembered] = [:]
    /// Everybody who waits for a party that is being asked for, or will be.
    private var waiting: [Place: [Waiter]] = [:]
    /// Ids that the next list request of a kind will name; there is an entry while somebody leads that kind.
    private var queued: [PartyDirectory.Kind: [Int64]] = [:]

    /// - Returns: `nil` where the waiter is kept, to be resumed later.
    mutating func turn(_ place: Place, isListed: Bool, now: Int64, _ waiter: Waiter) -> Turn? {
        if let known = remembered[place], known.until > now { return .told(.success(known.party)) }
        if waiting[place] != nil {
            waiting[place]?.append(waiter)
            return nil
        }
        guard isListed else {
            waiting[place] = []
            return .lead
        }
        let isFirst = queued[place.kind] == nil
        queued[place.kind, default: []].append(place.id)
        waiting[place] = isFirst ? [] : [waiter]
        return isFirst ? .lead : nil
    }

    /// Takes the ids for one list request, those that have waited longest.
    mutating func batch(of kind: PartyDirectory.Kind, max count: Int) -> [Int64] {
        let ids = Array(queued[kind, default: []].prefix(count))
        queued[kind, default: []].removeFirst(ids.count)
        return ids
    }

    /// - Parameters:
    ///   - answer: for all of `places`; failures aren't remembered, and `nil` makes everybody take a new turn.
    ///   - until: when a party is forgotten, in milliseconds since 1970.
    mutating func settle(
        _ places: [Place], _ answer: Result<[Int64: Party?], ShopError>?, until: Int64, now: Int64
    ) -> [(Waiter, Turn)] {
        if case .success(let parties)? = answer {
            makeRoom(for: places.count, now: now)
            for place in places { remembered[place] = Remembered(party: parties[place.id] ?? nil, until: until) }
        }
        return places.flatMap { place in
            let turn = answer.map { answer in Turn.told(answer.map { $0[place.id] ?? nil }) } ?? .again
            return (waiting.removeValue(forKey: place) ?? []).map { ($0, turn) }
        }
    }

    /// The one who has waited longest leads the next request of the kind, if any ids are queued for one.
    mutating func handOver(_ kind: PartyDirectory.Kind) -> [(Waiter, Turn)] {
        guard let id = queued[kind]?.first, let next = waiting[Place(kind: kind, id: id)]?.first else {
            queued[kind] = nil
            return []
        }
        waiting[Place(kind: kind, id: id)]?.removeFirst()
        return [(next, .lead)]
    }

    private mutating func makeRoom(for count: Int, now: Int64) {
        guard remembered.count + count > Self.rememberedMax else { return }
        remembered = remembered.filter { $0.value.until > now }
        if remembered.count + count > Self.rememberedMax { remembered.removeAll() }
    }
}
