import OrderFlow
import Orders
import Transport

/// Asks the shop for customers and addresses by their ids, over paths that are settings.
struct PartyLookup: Sendable {
    let endpoint: Endpoint
    let settings: PartyDirectory.Settings

    /// - Returns: `nil` where the shop says 404.
    func single(_ id: Int64, _ kind: PartyDirectory.Kind) async -> Result<Party?, ShopError> {
        let path = (settings.paths[kind] ?? "").replacing("{id}", with: String(id))
        let call = EndpointCall(.get, path, accepts: CloudSuiteClient.json)
        do throws(EndpointError) {
            let response = try await endpoint.send(call)
            if response.status == 404 { return .success(nil) }
            guard response.status == 200 else { return .failure(ShopError(response, to: call.title, writes: false)) }
            guard let object = (try? JSONText.parse(response.body))?.objectValue, object["id"]?.wholeNumber == id else {
                return .failure(ShopError(.transient, "\(call.title) was answered with 200, but not with \(kind.rawValue) \(id)"))
            }
            return .success(Party(shopJSON: object))
        } catch {
            return .failure(ShopError(error, writes: false))
        }
    }

    /// - Returns: a member for each id that the shop knows. Where the shop gives a page and not all, the rest is asked for again.
    func several(_ ids: [Int64], _ kind: PartyDirectory.Kind) async -> Result<[Int64: Party?], ShopError> {
        var parties: [Int64: Party?] = [:]
        var missing = ids
        do throws(ShopError) {
            while !missing.isEmpty {
                let answer = try await list(missing, kind)
                parties.merge(answer.parties) { first, _ in first }
                let left = missing.filter { answer.parties[$0] == nil }
                if answer.isWhole { break }
                guard left.count < missing.count else {
                    throw ShopError(
                        .misconfigured, "\(answer.title) gives a page of others than were asked for: it doesn't narrow by id")
                }
                missing = left
            }
        } catch { return .failure(error) }
        return .success(parties)
    }

    private struct ListAnswer {
        var title: String
        var parties: [Int64: Party?] = [:]
        /// Whether all that match are in it: who is missing isn't there.
        var isWhole: Bool
    }

    private func list(_ ids: [Int64], _ kind: PartyDirectory.Kind) async throws(ShopError) -> ListAnswer {
        let filled = (settings.listPaths[kind] ?? "").replacing("{ids}", with: ids.map(String.init).joined(separator: ","))
        let parts = filled.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let call = EndpointCall(.get, parts[0], query: parts.count > 1 ? parts[1] : nil, accepts: CloudSuiteClient.json)
        let response: HTTPResponse
        do throws(EndpointError) { response = try await endpoint.send(call) } catch { throw ShopError(error, writes: false) }
        guard response.status == 200 else { throw ShopError(response, to: call.title, writes: false) }
        guard let json = try? JSONText.parse(response.body), let results = json["results"]?.arrayValue else {
            throw ShopError(.transient, "\(call.title) was answered with 200, but not with a list")
        }
        let isLast = json["next"]?.isBlank ?? true
        let isCounted = json["count"]?.wholeNumber.map { $0 <= results.count } ?? true
        var answer = ListAnswer(title: call.title, isWhole: isLast && isCounted)
        for object in results.compactMap(\.objectValue) {
            let party = Party(shopJSON: object)
            if let id = party.id { answer.parties[id] = party }
        }
        return answer
    }
}
