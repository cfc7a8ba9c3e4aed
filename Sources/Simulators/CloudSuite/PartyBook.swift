internal import HTTPTypes
internal import Orders

/// Customers and addresses. That ids lead to their content in this way is a guess of the reference (sections 3.5 and 10.4).
struct PartyBook: Sendable {
    private let customers: [Int: JSONValue]
    private let addresses: [Int: JSONValue]

    init(fixtures: FixtureFolder) {
        customers = Self.joined(PartyPool.customers, fixtures.customers)
        addresses = Self.joined(PartyPool.addresses, fixtures.addresses)
    }

    private static func joined(_ pool: [Int: JSONValue], _ fixtures: [Int: JSONValue]) -> [Int: JSONValue] {
        fixtures.isEmpty ? pool : pool.merging(fixtures) { _, fixture in fixture }
    }

    /// `/api/customer/`, `/api/customer/{id}/`, the same for `address`, and `/api/origin/{origin}/customer|address/{key}/`.
    func answer(_ request: SimulatedRequest, _ segments: [String], configuration: CloudSuiteConfiguration) -> SimulatedResponse {
        guard request.method == "GET" else { return .notAllowed(request.method, allow: "GET") }
        switch (segments[1], segments.count) {
        case ("origin", 5):
            let match = parties(segments[3])?.first {
                $0.value["origin"] == .text(segments[2]) && $0.value["key"] == .text(segments[4])
            }
            return match.map { .json(200, $0.value) } ?? .detail(404, "Not found.")
        case ("customer", 3), ("address", 3):
            return Int(segments[2]).flatMap { parties(segments[1])?[$0] }.map { .json(200, $0) } ?? .detail(404, "Not found.")
        case ("customer", 2), ("address", 2):
            guard request.path.hasSuffix("/") else { return .slashRedirect(request) }
            return list(request, parties(segments[1]) ?? [:], configuration: configuration)
        default: return .html(404, title: "Not Found")
        }
    }

    private func parties(_ type: String) -> [Int: JSONValue]? {
        switch type {
        case "customer": customers
        case "address": addresses
        default: nil
        }
    }

    private func list(
        _ request: SimulatedRequest, _ parties: [Int: JSONValue], configuration: CloudSuiteConfiguration
    ) -> SimulatedResponse {
        do {
            let query = try PartyQuery(request.query, configuration: configuration)
            let ids = (query.ids.map { Set($0).filter { parties[$0] != nil } } ?? Set(parties.keys)).sorted()
            let page = ListPage(
                count: ids.count, limit: query.limit, offset: query.offset, filters: query.filterPairs,
                host: configuration.nextLinkHost ?? request.host, path: request.path)
            return page.response(ids.dropFirst(query.offset).prefix(query.limit).map { parties[$0]?.serialized() ?? [] })
        } catch {
            return error.response
        }
    }
}

/// `id__in`, `limit` and `offset` of a party list.
private struct PartyQuery {
    var ids: [Int]?
    var limit: Int
    var offset = 0
    var filterPairs: [(name: String, value: String)] = []

    init(_ query: String, configuration: CloudSuiteConfiguration) throws(InvalidFilter) {
        limit = configuration.pageSizeDefault
        for (name, value) in PercentEncoding.pairs(query) {
            switch name {
            case "limit": limit = min(configuration.pageSizeMax, try OrderQuery.whole(name, value, least: 1))
            case "offset": offset = try OrderQuery.whole(name, value, least: 0)
            default:
                filterPairs.append((name, value))
                guard name == "id__in" else { continue }
                let numbers = value.split(separator: ",").map { Int($0) }
                guard !numbers.contains(nil) else { throw InvalidFilter(name: name, message: "Enter a list of whole numbers.") }
                ids = numbers.compactMap(\.self)
            }
        }
    }
}
