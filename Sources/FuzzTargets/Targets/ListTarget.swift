import CloudSuite
import Orders
import Transport

extension FuzzTarget {
    /// Pages of the shop's list, a line each, given to a walk over and over: it ends, and hands out no order twice.
    static let list = FuzzTarget(name: "list", inputBytesMax: 1024, share: 10) { input throws(BrokenProperty) in
        let pages = input.split(separator: 0x0A).compactMap { line in
            (try? JSONValue(parsing: Array(line))).flatMap { ListPage(json: $0, serverTime: nil) }
        }
        guard !pages.isEmpty else { return }
        for query in pages.compactMap(\.nextQuery) { try check(query) }
        var walk = ListWalk()
        var step = walk.first
        var handedOut: Set<Int64> = []
        var fetches = 0
        while true {
            if case .fetch(let offset) = step { try require(offset >= 0, "an offset isn't negative") }
            if case .end = step { break }
            let (next, new) = walk.received(pages[fetches % pages.count])
            for entry in new { try require(handedOut.insert(entry.id).inserted, "no order is handed out twice") }
            step = next
            fetches += 1
            try require(fetches <= 32 + 16 * (handedOut.count + 1), "a walk ends")
        }
        // Orders on pages that don't join on are handed out without counting as seen.
        try require(walk.seenCount <= handedOut.count, "every order seen is handed out")
    }

    /// A link's query is sent to the configured address, or not at all.
    private static func check(_ query: String) throws(BrokenProperty) {
        guard let base = try? BaseURL("https://shop.example/api"),
            let url = try? base.url(of: EndpointCall(.get, "order/", query: query))
        else { return }
        try require(url.hasPrefix("https://shop.example/api/order/?"), "a link leads nowhere else")
        let request = HTTPRequest(url: url)
        try require((try? request.validate()) != nil, "a query that is taken can be sent")
    }
}
