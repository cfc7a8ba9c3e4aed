import CloudSuite
import OrderFlow
import Orders
import Simulators
import Synchronization
import TestSupport
import Testing
import Transport

@Suite struct ListOverHTTPTests {
    @Test(arguments: [CloudSuiteConfiguration.ListOrder.ascendingID, .shuffled])
    func `a walk of 2,500 orders in pages of 50 misses none while their states change`(
        order: CloudSuiteConfiguration.ListOrder
    ) async throws {
        try await ShopUnderTest.running { options in
            options.orders = 2500
            options.configure = { $0.listOrder = order }
        } _: { shop in
            let all = Set(shop.simulator.orderIDs(state: "confirmed").map { Int64($0) })
            var random = SeededGenerator(seed: 4)
            var marked = 0
            let walk = try await shop.walk(.confirmed) { _, seen in
                // What was listed is worked on at once: some of it is marked over HTTP, some cancelled by an operator.
                for id in seen.suffix(50).shuffled(using: &random).prefix(25) {
                    guard shop.simulator.order(Int(id))?["state"] == "confirmed" else { continue }
                    if marked % 5 == 0 {
                        let read = try await shop.client.order(id)
                        _ = try await shop.client.write(.mark, to: read, id: id)
                    } else {
                        shop.simulator.edit(Int(id), ["state": "cancel"])
                    }
                    marked += 1
                }
            }
            #expect(walk.isComplete)
            #expect(all.count == 2500)
            #expect(all.subtracting(walk.seen) == [])
            #expect(marked > 1000, "the list did shrink: \(marked)")
            #expect(shop.simulator.backwardMoves == 0)
        }
    }

    @Test func `orders that leave before they were seen don't hide those that stay`() async throws {
        try await ShopUnderTest.running({ $0.orders = 1000 }) { shop in
            let all = shop.simulator.orderIDs(state: "confirmed")
            let gone = Set(all.filter { $0 % 3 == 0 })
            var random = SeededGenerator(seed: 11)
            var left = gone.shuffled(using: &random)
            let walk = try await shop.walk(.confirmed) { _, _ in
                for id in left.suffix(20) { shop.simulator.cancel(id) }
                left.removeLast(min(20, left.count))
            }
            #expect(walk.isComplete)
            #expect(Set(all).subtracting(gone).subtracting(walk.seen.map { Int($0) }) == [])
        }
    }

    @Test func `a server that gives at most 20 orders a page is walked to its end`() async throws {
        try await ShopUnderTest.running { options in
            options.orders = 500
            options.pageLimit = 500
            options.configure = { $0.pageSizeMax = 20 }
        } _: { shop in
            let walk = try await shop.walk(.confirmed)
            #expect(walk.isComplete && walk.seen.count == 500)
        }
    }

    @Test func `a next link on another host is never contacted`() async throws {
        try await ShopUnderTest.running { elsewhere in
            let host = "\(elsewhere.endpoint.origin)".replacing("http://", with: "")
            try await ShopUnderTest.running { options in
                options.orders = 300
                options.credentials = .oauth
                options.configure = { $0.nextLinkHost = host }
            } _: { shop in
                let first = try await shop.client.page(.confirmed, offset: 0)
                let query = try #require(first.nextQuery)
                let second = try await shop.client.page(rawQuery: query)
                #expect(second.entries.count == 50)
                #expect(second.entries.first?.id != first.entries.first?.id)
                #expect(try await shop.walk(.confirmed).seen.count == 300)
                #expect(shop.count("GET order-list") == 9)
                #expect(elsewhere.simulator.requestLog.isEmpty)
            }
        }
    }

    @Test func `each filter narrows the list, and all of them go with every page`() async throws {
        try await ShopUnderTest.running { options in
            options.orders = 400
            options.hasFixtures = true
            options.configure = { configuration in
                configuration.generated.offlinePerThousand = 200
                configuration.generated.processingPerThousand = 200
            }
        } _: { shop in
            var query = OrderQuery.confirmed
            query.isOffline = false
            query.webshop = 1
            query.confirmedFrom = ShopUnderTest.clock.instant("2020-01-01T00:00:00")
            query.confirmedUntil = ShopUnderTest.clock.instant("2099-12-31T23:59:59")
            let walk = try await shop.walk(query)
            #expect(walk.isComplete && walk.pages > 4)
            for id in walk.seen {
                let order = shop.simulator.order(Int(id))
                #expect(order?["state"] == "confirmed")
                #expect(order?["webshop"] == 1)
            }
            let targets = shop.simulator.requestLog.map(\.target)
            let filters =
                "state=confirmed&confirm_date__gte=2020-01-01T00%3A00%3A00&confirm_date__lte=2099-12-31T23%3A59%3A59"
                + "&offline=false&webshop=1&limit=50"
            #expect(targets.allSatisfy { $0.hasPrefix("/api/order/?\(filters)") }, "\(targets.first ?? "")")
            query.isOffline = true
            query.state = nil
            let offline = try await shop.walk(query)
            #expect(!offline.seen.isEmpty && Set(offline.seen).isDisjoint(with: walk.seen))
        }
    }

    @Test func `the bounds of the confirm date are inclusive and in the shop's zone`() async throws {
        try await ShopUnderTest.running({ $0.hasFixtures = true }) { shop in
            var query = OrderQuery.confirmed
            // 48114 was confirmed at 2025-02-16T12:31:44.12 in Amsterdam.
            query.confirmedFrom = Timestamp(milliseconds: 1_739_705_504_120)
            query.confirmedUntil = query.confirmedFrom
            let walk = try await shop.walk(query)
            #expect(walk.seen == [48114])
        }
    }

    @Test func `orders are found by reference, in one webshop or in all`() async throws {
        try await ShopUnderTest.running({ $0.hasFixtures = true }) { shop in
            let everywhere = try await shop.client.orders(reference: "CS48193")
            #expect(everywhere.map(\.id) == [48113, 48139])
            #expect(try await shop.client.orders(reference: "CS48193", webshop: 2).map(\.id) == [48139])
            #expect(try await shop.client.orders(reference: "CS 48193&x=1").isEmpty)
        }
    }

    @Test func `an order is found by a key with slashes, blanks and signs in it`() async throws {
        try await ShopUnderTest.running({ $0.hasFixtures = true }) { shop in
            let key = try #require(shop.simulator.order(48126)?["key"]?.stringValue)
            #expect(try await shop.client.order(externalKey: key).order?.id == 48126)
            let target = try #require(shop.simulator.requestLog.last?.target)
            #expect(target.hasPrefix("/api/order/ext:") && target.hasSuffix("/"))
            #expect(!target.dropFirst(15).dropLast().contains { "/?# ".contains($0) })
            #expect(
                try await shopError { try await shop.client.order(externalKey: "nobody/has#this") }?.failureClass == .rejected)
        }
    }

    @Test func `the server's own clock comes with each page`() async throws {
        try await ShopUnderTest.running { options in
            options.orders = 1
            options.configure = { $0.clock = SimulatorClock { 1_748_858_400_000_000 } }
        } _: { shop in
            let page = try await shop.client.page(.confirmed, offset: 0)
            #expect(page.serverTime == Timestamp(milliseconds: 1_748_858_400_000))
            #expect(page.count == 1 && page.nextQuery == nil)
        }
    }
}
