package import Mapping
import OrderFlow
package import Orders
import Synchronization
package import Transport

/// Finds out who an id stands for: by a table, by asking the shop, and from memory.
///
/// The paths by which the shop tells a customer or an address by its id aren't documented; they are settings. Each id is asked for
/// once while it is remembered, however many orders name it at once, and together with others where the shop has a list path.
package final class PartyDirectory: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case customer, address }

    package struct Settings: Sendable {
        /// Per kind: a path with `{id}` in it, such as `/api/customer/{id}/`; none: the shop isn't asked.
        package var paths: [Kind: String] = [:]
        /// Per kind: a path and query with `{ids}` in it, for several at once.
        package var listPaths: [Kind: String] = [:]
        package var table = PartyTable([:])
        package var rememberedFor: Duration = .seconds(300)

        package init() {}
    }

    private struct Place: Hashable {
        var kind: Kind
        var id: Int64
    }

    private struct Remembered {
        /// `nil`: the shop doesn't know it.
        var party: Party?
        var until: Int64
    }

    private struct State {
        var remembered: [Place: Remembered] = [:]
        var asked: [Kind: [Int64]] = [:]
        var waiting: [Place: [CheckedContinuation<Result<Party?, ShopError>, Never>]] = [:]
    }

    /// Parties remembered at a time, about a kilobyte each.
    private static let rememberedMax = 4096
    /// Ids in one list request.
    private static let batchMax = 50

    private let endpoint: Endpoint
    private let settings: Settings
    private let timekeeper: any Timekeeper
    private let state = Mutex(State())

    package init(endpoint: Endpoint, settings: Settings, timekeeper: any Timekeeper) {
        self.endpoint = endpoint
        self.settings = settings
        self.timekeeper = timekeeper
    }

    /// The party a reference stands for; `nil` where nobody knows.
    package func party(_ reference: PartyReference?, _ kind: Kind) async throws(ShopError) -> Party? {
        guard let reference else { return nil }
        if let known = settings.table.party(for: reference) { return known }
        switch reference {
        case .expanded(let party): return party
        case .originKey(let origin, let key):
            var party = Party()
            (party.origin, party.key) = (origin, key)
            return party
        case .id(let id):
            guard settings.paths[kind] != nil || settings.listPaths[kind] != nil else { return nil }
            return try await ask(Place(kind: kind, id: id))
        }
    }

    private enum Turn { case known(Party?), wait, lead }

    private func ask(_ place: Place) async throws(ShopError) -> Party? {
        let result: Result<Party?, ShopError>
        switch turn(place) {
        case .known(let party): return party
        case .wait: result = await withCheckedContinuation { continuation in join(place, continuation) }
        case .lead:
            // Lets the other orders that are in flight name their ids, so that one request serves them all.
            await Task.yield()
            result = await lead(place)
        }
        return try result.get()
    }

    /// The first to ask for a kind leads; whoever comes before it has begun only names an id.
    private func turn(_ place: Place) -> Turn {
        state.withLock { state in
            if let remembered = state.remembered[place], remembered.until > timekeeper.millisecondsSince1970 {
                return .known(remembered.party)
            }
            if state.waiting[place] != nil { return .wait }
            state.waiting[place] = []
            guard settings.listPaths[place.kind] != nil else { return .lead }
            let isFirst = state.asked[place.kind] == nil
            state.asked[place.kind, default: []].append(place.id)
            return isFirst ? .lead : .wait
        }
    }

    private func join(_ place: Place, _ continuation: CheckedContinuation<Result<Party?, ShopError>, Never>) {
        let answer: Result<Party?, ShopError>? = state.withLock { state in
            if state.waiting[place] != nil {
                state.waiting[place]?.append(continuation)
                return nil
            }
            // Answered between the two locks.
            if let remembered = state.remembered[place] { return .success(remembered.party) }
            return .failure(ShopError(.transient, "the look-up of \(place.kind.rawValue) \(place.id) failed"))
        }
        if let answer { continuation.resume(returning: answer) }
    }

    private func lead(_ place: Place) async -> Result<Party?, ShopError> {
        guard let listPath = settings.listPaths[place.kind] else {
            let answer = await single(place)
            settle([place], answer.map { [place.id: $0] })
            return answer
        }
        let ids = state.withLock { state in state.asked.removeValue(forKey: place.kind) ?? [place.id] }
        var own: Result<Party?, ShopError> = .success(nil)
        for start in stride(from: 0, to: ids.count, by: Self.batchMax) {
            let batch = Array(ids[start..<min(start + Self.batchMax, ids.count)])
            let answer = await several(batch, kind: place.kind, listPath: listPath)
            settle(batch.map { Place(kind: place.kind, id: $0) }, answer)
            if batch.contains(place.id) { own = answer.map { $0[place.id] ?? nil } }
        }
        return own
    }

    private func settle(_ places: [Place], _ answer: Result<[Int64: Party?], ShopError>) {
        let until = timekeeper.millisecondsSince1970 + settings.rememberedFor.wholeMilliseconds
        let resumptions = state.withLock { state in
            if state.remembered.count + places.count > Self.rememberedMax { state.remembered.removeAll() }
            return places.map { place in
                if case .success(let parties) = answer {
                    state.remembered[place] = Remembered(party: parties[place.id] ?? nil, until: until)
                }
                return (place, state.waiting.removeValue(forKey: place) ?? [])
            }
        }
        for (place, continuations) in resumptions {
            for continuation in continuations { continuation.resume(returning: answer.map { $0[place.id] ?? nil }) }
        }
    }

    private func single(_ place: Place) async -> Result<Party?, ShopError> {
        let path = (settings.paths[place.kind] ?? "").replacing("{id}", with: String(place.id))
        let call = EndpointCall(.get, path, accepts: "application/json")
        do throws(EndpointError) {
            let response = try await endpoint.send(call)
            if response.status == 404 { return .success(nil) }
            guard response.status == 200 else { return .failure(ShopError(response, to: call.title, writes: false)) }
            guard let object = (try? JSONText.parse(response.body))?.objectValue, object["id"] != nil else {
                return .failure(ShopError(.transient, "\(call.title) was answered with 200, but not with a \(place.kind.rawValue)"))
            }
            return .success(Party(json: object))
        } catch {
            return .failure(ShopError(error, writes: false))
        }
    }

    private func several(_ ids: [Int64], kind: Kind, listPath: String) async -> Result<[Int64: Party?], ShopError> {
        let filled = listPath.replacing("{ids}", with: ids.map(String.init).joined(separator: ","))
        let parts = filled.split(separator: "?", maxSplits: 1)
        let call = EndpointCall(.get, String(parts[0]), query: parts.count > 1 ? String(parts[1]) : nil, accepts: "application/json")
        do throws(EndpointError) {
            let response = try await endpoint.send(call)
            guard response.status == 200 else { return .failure(ShopError(response, to: call.title, writes: false)) }
            guard let results = (try? JSONText.parse(response.body))?["results"]?.arrayValue else {
                return .failure(ShopError(.transient, "\(call.title) was answered with 200, but not with a list"))
            }
            var parties: [Int64: Party?] = [:]
            for object in results.compactMap(\.objectValue) {
                let party = Party(json: object)
                if let id = party.id { parties[id] = party }
            }
            return .success(parties)
        } catch {
            return .failure(ShopError(error, writes: false))
        }
    }
}
