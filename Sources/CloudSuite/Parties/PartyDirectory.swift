package import Mapping
import OrderFlow
package import Orders
import Synchronization
package import Transport

/// Finds out who an id stands for: by a table, by asking the shop, and from memory.
///
/// The paths by which the shop tells a customer or an address by its id aren't documented; they are settings. Each id is asked
/// for once while it is remembered, however many orders name it at once. Where the shop has a list path, one request is under
/// way at a time, and all ids that come up meanwhile go together into the next.
package final class PartyDirectory: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case customer, address }

    package struct Settings: Sendable {
        /// Per kind: a path with `{id}` in it, such as `/api/customer/{id}/`; none: the shop isn't asked.
        package var paths: [Kind: String] = [:]
        /// Per kind: a path and query with `{ids}` in it, for several at once.
        package var listPaths: [Kind: String] = [:]
        /// Per kind: what the shop needn't be asked about.
        package var tables: [Kind: PartyTable] = [:]
        package var rememberedFor: Duration = .seconds(300)

        package init() {}
    }

    /// Ids in one list request.
    static let batchMax = 50

    private let lookup: PartyLookup
    private let settings: Settings
    private let timekeeper: any Timekeeper
    private let state = Mutex(PartyMemory())

    package init(endpoint: Endpoint, settings: Settings, timekeeper: any Timekeeper) {
        lookup = PartyLookup(endpoint: endpoint, settings: settings)
        self.settings = settings
        self.timekeeper = timekeeper
    }

    /// Differs where the tables say something else of somebody; what the shop says isn't known beforehand.
    package var fingerprint: [UInt8] {
        var writer = FingerprintWriter()
        for kind in Kind.allCases {
            writer.add(kind.rawValue)
            writer.add(String(decoding: settings.tables[kind]?.fingerprint ?? [], as: UTF8.self))
        }
        return writer.bytes
    }

    /// The party a reference stands for; `nil` where nobody knows.
    ///
    /// - Throws: ``ShopError`` when the shop couldn't be asked; all who waited for that answer get it, and it isn't remembered.
    package func party(_ reference: PartyReference?, _ kind: Kind) async throws(ShopError) -> Party? {
        guard let reference else { return nil }
        if let known = known(reference, kind) { return known }
        guard case .id(let id) = reference, settings.paths[kind] != nil || settings.listPaths[kind] != nil else { return nil }
        return try await ask(PartyMemory.Place(kind: kind, id: id))
    }

    /// What is known of the party without asking anybody.
    package func known(_ reference: PartyReference?, _ kind: Kind) -> Party? {
        guard let reference else { return nil }
        if let known = settings.tables[kind]?.party(for: reference) { return known }
        switch reference {
        case .expanded(let party): return party
        case .originKey(let origin, let key):
            var party = Party()
            (party.origin, party.key) = (origin, key)
            return party
        case .id: return nil
        }
    }

    private func ask(_ place: PartyMemory.Place) async throws(ShopError) -> Party? {
        while true {
            switch await turn(place) {
            case .told(let result): return try result.get()
            case .lead:
                if let result = await lead(place) { return try result.get() }
                // Only a cancelled leader gets no answer of its own.
                throw ShopError(.outage, "the look-up of \(place.kind.rawValue) \(place.id) was cancelled")
            case .again: continue
            }
        }
    }

    private func turn(_ place: PartyMemory.Place) async -> PartyMemory.Turn {
        await withCheckedContinuation { continuation in
            let turn = state.withLock { state in
                state.turn(
                    place, isListed: settings.listPaths[place.kind] != nil, now: timekeeper.millisecondsSince1970, continuation)
            }
            if let turn { continuation.resume(returning: turn) }
        }
    }

    /// Asks for `place` and whatever else is waiting to be asked for.
    ///
    /// - Returns: the answer to all who wait; `nil` when this task was cancelled, which says nothing to the others.
    private func lead(_ place: PartyMemory.Place) async -> PartyMemory.Answer? {
        let isListed = settings.listPaths[place.kind] != nil
        // Lets the orders that are in flight name their ids, so that the first request serves them too.
        if isListed { await Task.yield() }
        let ids = isListed ? state.withLock { $0.batch(of: place.kind, max: Self.batchMax) } : [place.id]
        let answer =
            isListed ? await lookup.several(ids, place.kind) : await lookup.single(place.id, place.kind).map { [place.id: $0] }
        let places = ids.map { PartyMemory.Place(kind: place.kind, id: $0) }
        var isCancelled = false
        if case .failure = answer { isCancelled = Task.isCancelled }
        let until = timekeeper.millisecondsSince1970 + settings.rememberedFor.wholeMilliseconds
        let resumptions = state.withLock { state in
            let told = state.settle(places, isCancelled ? nil : answer, until: until, now: timekeeper.millisecondsSince1970)
            return isListed ? told + state.handOver(place.kind) : told
        }
        for (continuation, turn) in resumptions { continuation.resume(returning: turn) }
        return isCancelled ? nil : answer.map { $0[place.id] ?? nil }
    }
}
