import CloudSuite

/// A shop's list as a plain array, and the pages it would show.
struct ModelList {
    enum Links {
        /// `next` with limit and offset.
        case offset
        /// `next` with a cursor: the id of the page's last order.
        case cursor
        /// `next` without any query.
        case bare
        case none
    }

    var ids: [Int64]
    /// What the server gives at most, whatever it is asked for.
    var pageMax = Int.max
    var isCounted = true
    var links = Links.offset

    func page(offset: Int, limit: Int) -> ListPage {
        let size = min(limit, pageMax)
        let shown = Array(ids.dropFirst(offset).prefix(size))
        let hasMore = offset + size < ids.count
        return ListPage(
            count: isCounted ? ids.count : nil, entries: shown.map { ListPage.Entry(id: $0) },
            nextQuery: hasMore ? link(after: shown, offset: offset + size, limit: size) : nil)
    }

    /// The page behind a cursor: what stands after that order, or after where it stood.
    func page(cursor query: String, limit: Int) -> ListPage {
        let last = query.split(separator: "=").last.flatMap { Int64($0) } ?? 0
        let offset = ids.firstIndex { $0 > last } ?? ids.count
        return page(offset: offset, limit: limit)
    }

    private func link(after shown: [Int64], offset: Int, limit: Int) -> String? {
        switch links {
        case .offset: "limit=\(limit)&offset=\(offset)"
        case .cursor: "limit=\(limit)&cursor=\(shown.last ?? 0)"
        case .bare: ""
        case .none: nil
        }
    }

    struct Outcome {
        var seen: [Int64] = []
        var isComplete = false
        var requests = 0
    }

    mutating func remove(_ gone: some Sequence<Int64>) {
        let gone = Set(gone)
        ids.removeAll(where: gone.contains)
    }

    mutating func walked(limit: Int) -> Outcome { walked(limit: limit) { (_: Outcome, _) in } }

    /// Walks the list; `act` may change it before each request, of which there were as many as the outcome so far says.
    mutating func walked(limit: Int, _ act: (_ soFar: Outcome, _ list: inout ModelList) -> Void) -> Outcome {
        var walk = ListWalk()
        var step = walk.first
        var outcome = Outcome()
        while true {
            act(outcome, &self)
            let page: ListPage
            switch step {
            case .fetch(let offset): page = self.page(offset: offset, limit: limit)
            case .follow(let query): page = self.page(cursor: query, limit: limit)
            case .end(let isComplete):
                outcome.isComplete = isComplete
                return outcome
            }
            outcome.requests += 1
            let (next, new) = walk.received(page)
            outcome.seen += new.map(\.id)
            step = next
        }
    }
}
