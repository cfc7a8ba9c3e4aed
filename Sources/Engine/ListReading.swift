package import CloudSuite
import OrderFlow
import Orders

/// Reads one list of the shop's to its end.
struct ListReading {
    let query: OrderQuery
    let flow: Flow
    let surroundings: Surroundings

    /// What one request brought.
    struct Page {
        /// Those that match the query and weren't seen before.
        var entries: [ListPage.Entry]
        /// The server's clock when it answered.
        var serverTime: Timestamp?
    }

    struct Ending {
        var seen = 0
        /// Orders that don't match the query.
        var foreign = 0
        /// What those are called that have no id, each once.
        var withoutID: [String] = []
        /// Whether every order that was in the list all the time was seen.
        var isComplete = false
    }

    /// - Parameter take: gets every page, and says whether to go on.
    func run(_ take: (Page) async throws(FlowStop) -> Bool) async throws(FlowStop) -> Ending {
        var walk = ListWalk()
        var step = walk.first
        var ending = Ending()
        while true {
            let page: ListPage
            do throws(ShopError) {
                switch step {
                case .fetch(let offset): page = try await flow.shop.page(query, offset: offset)
                case .follow(let rawQuery): page = try await flow.shop.page(rawQuery: rawQuery)
                case .end(let isComplete):
                    ending.seen = walk.seenCount
                    ending.isComplete = isComplete
                    return ending
                }
            } catch { throw FlowStop(error) }
            let (next, new) = walk.received(page)
            let matching = new.filter(isWanted)
            ending.foreign += new.count - matching.count
            ending.withoutID += page.withoutID.filter { !ending.withoutID.contains($0) }
            let goesOn = try await take(Page(entries: matching, serverTime: page.serverTime))
            step = goesOn && !surroundings.stop.isRequested ? next : .end(complete: false)
        }
    }
}

extension ListReading {
    /// A server that doesn't know a filter ignores it (inferred), so the state is checked here once more. One that nobody knows is for the
    /// gate to judge, which says so.
    private func isWanted(_ entry: ListPage.Entry) -> Bool {
        entry.state.map { $0 == query.state || !OrderState.known.contains($0) } ?? true
    }
}

extension FlowStop {
    /// A failed call that isn't about one order.
    package init(_ error: ShopError) {
        switch error.failureClass {
        case .unauthorized: self = .unauthorized(error.message)
        case .misconfigured, .rejected: self = .misconfigured(error.message)
        case .transient, .throttled, .outage, .unknown, .conflict: self = .outage(error.message)
        }
    }
}
