internal import Orders

/// The shop's orders: facts for all of them in memory, bodies only of those that were loaded or changed.
struct OrderStore: Sendable {
    private var facts: [OrderFacts] = []
    private var positions: [Int: Int] = [:]
    private var bodies: [Int: [UInt8]] = [:]
    private var idsByERPNumber: [String: Set<Int>] = [:]
    private let generator: OrderGenerator
    private let shuffleSeed: UInt64?
    /// Filters asked lately, each with its matches, which follow every change. The latest last.
    private var views: [(filter: OrderFilter, ids: RankedIDs)] = []
    private static let viewsMax = 8
    /// The last id given to a line that came without one.
    var lineIDLast = 900_000_000

    init(generator: OrderGenerator, shuffleSeed: UInt64?) {
        self.generator = generator
        self.shuffleSeed = shuffleSeed
        facts.reserveCapacity(generator.count)
        positions.reserveCapacity(generator.count)
        for id in generator.ids {
            positions[id] = facts.count
            facts.append(generator.facts(id: id))
        }
    }

    var count: Int { facts.count }

    /// One more than the highest id.
    var nextID: Int { (facts.lazy.map(\.id).max() ?? 0) + 1 }

    func facts(id: Int) -> OrderFacts? { positions[id].map { facts[$0] } }

    /// The order as it stands: compact JSON.
    func body(id: Int) -> [UInt8]? {
        guard positions[id] != nil else { return nil }
        return bodies[id] ?? generator.body(id: id)
    }

    /// All orders that the ERP calls so, ascending.
    func ids(erpOrderNumber number: String) -> [Int] {
        guard case .string(let string) = JSONValue.text(number) else { return [] }
        return (idsByERPNumber[string.literal] ?? []).sorted()
    }

    /// All orders that the shop calls so, ascending.
    func ids(reference: String) -> [Int] { facts.lazy.filter { $0.reference == reference }.map(\.id).sorted() }

    private mutating func updateERPNumbers(from old: OrderFacts?, to new: OrderFacts?) {
        guard old?.erpOrderNumber != new?.erpOrderNumber else { return }
        if let old, let number = old.erpOrderNumber { idsByERPNumber[number]?.remove(old.id) }
        if let new, let number = new.erpOrderNumber { idsByERPNumber[number, default: []].insert(new.id) }
    }

    func id(key: String) -> Int? {
        bodies.keys.sorted().first { TopLevelMembers(bodies[$0] ?? []).text("key") == key }
    }

    /// Adds the order or puts it in the place of the one with that id.
    mutating func put(id: Int, body: [UInt8], offline: Bool) {
        put(OrderFacts(id: id, body: TopLevelMembers(body), offline: offline), body: body)
    }

    /// - Parameter new: what the body says.
    mutating func put(_ new: OrderFacts, body: [UInt8]) {
        bodies[new.id] = body
        if let position = positions[new.id] {
            let old = facts[position]
            facts[position] = new
            updateViews(from: old, to: new)
            updateERPNumbers(from: old, to: new)
        } else {
            positions[new.id] = facts.count
            facts.append(new)
            updateViews(from: nil, to: new)
            updateERPNumbers(from: nil, to: new)
        }
    }

    mutating func delete(id: Int) {
        guard let position = positions.removeValue(forKey: id) else { return }
        let old = facts[position]
        facts.swapAt(position, facts.count - 1)
        facts.removeLast()
        if position < facts.count { positions[facts[position].id] = position }
        bodies[id] = nil
        updateViews(from: old, to: nil)
        updateERPNumbers(from: old, to: nil)
    }

    /// - Returns: the ids of one page, and how many orders match.
    mutating func page(_ query: OrderQuery) -> (ids: [Int], count: Int) {
        let view = view(of: query.filter)
        return (view.page(offset: query.offset, limit: query.limit), view.count)
    }

    func ids(state: String) -> [Int] {
        facts.lazy.filter { $0.state == state }.map { entry(id: $0.id) }.sorted().map(\.id)
    }

    private mutating func view(of filter: OrderFilter) -> RankedIDs {
        if let index = views.firstIndex(where: { $0.filter == filter }) {
            if index != views.count - 1 { views.append(views.remove(at: index)) }
        } else {
            if views.count == Self.viewsMax { views.removeFirst() }
            views.append((filter, RankedIDs(facts.lazy.filter(filter.admits).map { entry(id: $0.id) })))
        }
        return views[views.count - 1].ids
    }

    private mutating func updateViews(from old: OrderFacts?, to new: OrderFacts?) {
        for index in views.indices {
            let filter = views[index].filter
            let was = old.map(filter.admits) ?? false, isNow = new.map(filter.admits) ?? false
            if was, !isNow, let old { views[index].ids.remove(entry(id: old.id)) }
            if isNow, !was, let new { views[index].ids.insert(entry(id: new.id)) }
        }
    }

    private func entry(id: Int) -> RankedIDs.Entry {
        RankedIDs.Entry(rank: shuffleSeed.map { SeededRandom.mix($0 ^ UInt64(id)) } ?? UInt64(id), id: id)
    }
}
