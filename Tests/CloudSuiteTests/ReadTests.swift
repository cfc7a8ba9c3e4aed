import CloudSuite
import OrderFlow
import Orders
import Simulators
import SinkKit
import Testing
import Transport

@Suite struct ReadTests {
    private static let id: Int64 = 48101

    static let answers: [(fault: FaultAction, failureClass: FailureClass)] = [
        (.html200(applied: false), .transient), (.malformedJSON(applied: false), .transient),
        (.errorInside200(detail: "No.", applied: false), .transient), (.halfBody, .outage), (.dropBeforeApplying, .outage),
        (.status(202, retryAfterSeconds: nil), .unknown), (.status(301, retryAfterSeconds: nil), .misconfigured),
        (.status(400, retryAfterSeconds: nil), .rejected), (.status(401, retryAfterSeconds: nil), .unauthorized),
        (.status(403, retryAfterSeconds: nil), .unauthorized), (.status(404, retryAfterSeconds: nil), .rejected),
        (.status(408, retryAfterSeconds: nil), .transient), (.status(429, retryAfterSeconds: 3), .throttled),
        (.status(500, retryAfterSeconds: nil), .transient), (.status(502, retryAfterSeconds: nil), .outage),
        (.status(503, retryAfterSeconds: 1), .outage),
    ]

    @Test(arguments: answers) func `what isn't an order is an error of its class`(fault: FaultAction, failureClass: FailureClass)
        async throws
    {
        try await ShopUnderTest.running({ $0.hasFixtures = true }) { shop in
            shop.simulator.addFault(FaultRule(method: "GET", action: fault))
            let order = try await shopError { try await shop.client.order(Self.id) }
            #expect(order?.failureClass == failureClass && order?.message.contains("GET") == true)
            let page = try await shopError { try await shop.client.page(.confirmed, offset: 0) }
            #expect(page?.failureClass == failureClass)
        }
    }

    @Test func `reads are repeated until they succeed, within reason`() async throws {
        try await ShopUnderTest.running { options in
            options.hasFixtures = true
            options.attemptsMax = 4
        } _: { shop in
            shop.simulator.addFault(FaultRule(kind: "order", times: 3, action: .status(502, retryAfterSeconds: nil)))
            let order = try await shop.client.order(Self.id)
            #expect(order.order?.id == Self.id && shop.count("GET order") == 4)
        }
    }

    @Test func `a token that ends in the middle of a run is renewed once, unseen`() async throws {
        try await ShopUnderTest.running { options in
            options.orders = 300
            options.credentials = .oauth
        } _: { shop in
            shop.simulator.addFault(FaultRule(kind: "order-list", skip: 2, times: 1, action: .expireTokens))
            let walk = try await shop.walk(.confirmed)
            #expect(walk.isComplete && walk.seen.count == 300)
            #expect(shop.count("POST token") == 2)
            #expect(shop.simulator.requestLog.filter { $0.status == 401 }.count == 1)
            let id = try #require(walk.seen.first)
            let read = try await shop.client.order(id)
            shop.simulator.expireTokens()
            let written = try await shop.client.write(.mark, to: read, id: id)
            #expect(written.order.reading.state == .processing)
            #expect(shop.simulator.writes == 1 && shop.count("POST token") == 3)
        }
    }

    @Test func `an answer for another order than was asked for is a fault`() async throws {
        try await ShopUnderTest.running({ $0.hasFixtures = true }) { shop in
            let key = try #require(shop.simulator.order(48126)?["key"]?.stringValue)
            #expect(try await shop.client.order(externalKey: key).reading.faults.isEmpty)
            let other = ShopOrder(
                try await shop.client.order(Self.id).json, beganAt: Timestamp(milliseconds: 0), expectedID: 1,
                clock: ShopUnderTest.clock, totalField: nil)
            #expect(other.order == nil && other.reading.faults.first?.path == "id")
        }
    }

    @Test func `a read knows when it was begun`() async throws {
        let timekeeper = HandTurnedTimekeeper(1_750_000_000_000)
        try await ShopUnderTest.running { options in
            options.hasFixtures = true
            options.timekeeper = timekeeper
        } _: { shop in
            let read = try await shop.client.order(Self.id)
            #expect(read.reading.beganAt.milliseconds == 1_750_000_000_000)
            timekeeper.advance(.seconds(2))
            let written = try await shop.client.write(.mark, to: read, id: Self.id)
            #expect(written.order.reading.beganAt.milliseconds == 1_750_000_002_000)
        }
    }

    @Test func `the order's total is read from the member that the settings name`() async throws {
        try await ShopUnderTest.running { options in
            options.hasFixtures = true
            options.configureClient = { $0.totalField = "untaxed_amount" }
        } _: { shop in
            for (id, stated) in [(48128, "44.85"), (48137, "54.85")] as [(Int64, String)] {
                let totals = try await shop.client.order(id).reading.totals
                #expect(totals?.stated.spelling == stated && totals?.summed.spelling == "44.8475")
            }
        }
    }
}
