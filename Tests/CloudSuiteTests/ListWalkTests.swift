import CloudSuite
import TestSupport
import Testing

@Suite struct ListWalkTests {
    private static func list(_ count: Int) -> ModelList { ModelList(ids: (0..<Int64(count)).map { 1000 + $0 }) }

    @Test(arguments: [0, 1, 49, 50, 51, 98, 99, 100, 101, 1000])
    func `a list that stands still is seen whole, in its order`(count: Int) {
        var list = Self.list(count)
        let outcome = list.walked(limit: 50)
        #expect(outcome.isComplete)
        #expect(outcome.seen == list.ids)
        #expect(outcome.requests <= count / 49 + 1)
    }

    @Test func `an order of ids that means nothing is no hindrance`() {
        var random = SeededGenerator(seed: 7)
        var list = Self.list(1000)
        list.ids.shuffle(using: &random)
        #expect(list.walked(limit: 50).seen == list.ids)
    }

    @Test func `orders that leave after they were seen push none out of sight`() {
        var list = Self.list(1000)
        let all = list.ids
        let outcome = list.walked(limit: 50) { soFar, list in
            list.remove(soFar.seen.suffix(30))
        }
        #expect(outcome.isComplete)
        #expect(outcome.seen.sorted() == all)
    }

    @Test func `a page's worth and more that leaves while the walk steps back tears no hole`() {
        var list = Self.list(600)
        let stay = Set(list.ids.filter { $0 % 3 == 0 })
        let outcome = list.walked(limit: 20) { soFar, list in
            guard soFar.requests == 8 || soFar.requests == 9 || soFar.requests == 10 else { return }
            for _ in 0..<60 {
                guard let index = list.ids.firstIndex(where: { !stay.contains($0) }) else { return }
                list.ids.remove(at: index)
            }
        }
        #expect(outcome.isComplete)
        #expect(stay.subtracting(outcome.seen) == [])
    }

    @Test func `an order on a page that doesn't join on is handed out, though it may be gone when the walk comes back`() {
        var walk = ListWalk()
        func page(_ ids: [Int64]) -> ListPage {
            ListPage(count: 9, entries: ids.map { .init(id: $0) }, nextQuery: "limit=3&offset=3")
        }
        _ = walk.received(page([1, 2, 3]))
        let dropped = walk.received(page([6, 7, 8]))
        #expect(dropped.next == .fetch(offset: 0))
        #expect(dropped.new.map(\.id) == [6, 7, 8])
        #expect(walk.seenCount == 3, "the page doesn't count as seen")
    }

    @Test func `orders that come in front cost a page, not another walk`() {
        var list = Self.list(2000)
        let all = Set(list.ids)
        let outcome = list.walked(limit: 50) { soFar, list in
            if soFar.requests == 20 { list.ids.insert(contentsOf: [1, 2, 3], at: 0) }
        }
        #expect(outcome.isComplete)
        #expect(all.subtracting(outcome.seen) == [])
        #expect(outcome.seen.contains(2), "the count said that there is more, so the walk looked again")
        #expect(outcome.requests <= 2000 / 49 + 3)
    }

    @Test func `orders that come at the end are seen`() {
        var list = Self.list(100)
        let outcome = list.walked(limit: 50) { soFar, list in if soFar.requests == 1 { list.ids += [5000, 5001] } }
        #expect(outcome.seen == list.ids)
    }

    @Test func `a list that loses everything ends`() {
        var list = Self.list(500)
        let outcome = list.walked(limit: 50) { soFar, list in if soFar.requests == 3 { list.ids = [] } }
        #expect(outcome.isComplete)
        #expect(outcome.seen.count == 148)
    }

    @Test func `a list that jumps about as a whole is walked again, and not called complete unless all were seen`() {
        var list = Self.list(200)
        let outcome = list.walked(limit: 50) { soFar, list in
            // One order moves from the end to the front each time, as in a list by the last change.
            if soFar.requests > 0, soFar.requests < 4 { list.ids.insert(list.ids.removeLast(), at: 0) }
        }
        #expect(outcome.isComplete)
        #expect(Set(outcome.seen) == Set(list.ids))
    }

    @Test(arguments: [2, 7, 25, 50]) func `a server that gives smaller pages than it was asked for is followed`(pageMax: Int) {
        var list = Self.list(2500)
        list.pageMax = pageMax
        let outcome = list.walked(limit: 500)
        #expect(outcome.isComplete)
        #expect(outcome.seen == list.ids)
        #expect(outcome.requests <= 2500 / (pageMax - 1) + 1)
    }

    @Test(arguments: [ModelList.Links.offset, .cursor, .bare]) func `a list without a count is walked to its end`(
        links: ModelList.Links
    ) {
        var list = Self.list(2500)
        list.isCounted = false
        list.links = links
        let outcome = list.walked(limit: 50)
        #expect(outcome.isComplete)
        #expect(outcome.seen == list.ids)
    }

    @Test func `a list without links goes on as long as the count says that there is more`() {
        var list = Self.list(700)
        list.links = .none
        list.pageMax = 40
        #expect(list.walked(limit: 50).seen == list.ids)
    }

    @Test func `a cursor is followed as it is, also while orders leave`() {
        var list = Self.list(1000)
        list.links = .cursor
        let all = list.ids
        let outcome = list.walked(limit: 50) { soFar, list in list.remove(soFar.seen.suffix(20)) }
        #expect(outcome.isComplete)
        #expect(outcome.seen == all)
        var walk = ListWalk()
        let page = ListPage(count: 60, entries: [ListPage.Entry(id: 1)], nextQuery: "limit=1&cursor=b2Zmc2V0PTU%3D")
        #expect(walk.received(page).next == .follow(query: "limit=1&cursor=b2Zmc2V0PTU%3D"))
    }

    @Test func `a cursor that leads round and round ends the walk as incomplete`() {
        var walk = ListWalk()
        let page = ListPage(count: nil, entries: [ListPage.Entry(id: 1), ListPage.Entry(id: 2)], nextQuery: "cursor=x")
        var steps: [ListWalk.Step] = []
        for _ in 0..<100 where steps.last != .end(complete: false) { steps.append(walk.received(page).next) }
        #expect(steps.last == .end(complete: false))
    }

    @Test func `a count that never comes true ends the walk as incomplete`() {
        var walk = ListWalk()
        var step = walk.first
        var requests = 0
        while case .fetch(let offset) = step, requests < 1000 {
            requests += 1
            let entries = offset == 0 ? [ListPage.Entry(id: 1), ListPage.Entry(id: 2)] : []
            step = walk.received(ListPage(count: 5, entries: entries, nextQuery: nil)).next
        }
        #expect(step == .end(complete: false))
        #expect(requests < 100)
    }

    @Test func `an empty shop is one request`() {
        var list = Self.list(0)
        let outcome = list.walked(limit: 50)
        #expect(outcome.isComplete && outcome.requests == 1)
    }
}
