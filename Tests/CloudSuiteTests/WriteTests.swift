import CloudSuite
import OrderFlow
import Orders
import Simulators
import Testing

/// What becomes of a write, whatever the shop answers.
@Suite struct WriteTests {
    private static let id: Int64 = 48101

    /// Runs one write against a fault that strikes PATCH and PUT.
    private static func write(
        _ edit: OrderEdit, _ fault: FaultAction?,
        _ body: (ShopUnderTest, Result<CloudSuiteClient.Written, ShopError>) async throws -> Void
    ) async throws {
        try await ShopUnderTest.running({ $0.hasFixtures = true }) { shop in
            let read = try await shop.client.order(id)
            if let fault {
                for method in ["PATCH", "PUT"] { shop.simulator.addFault(FaultRule(method: method, action: fault)) }
            }
            let result: Result<CloudSuiteClient.Written, ShopError>
            do throws(ShopError) { result = .success(try await shop.client.write(edit, to: read, id: id)) } catch {
                result = .failure(error)
            }
            #expect(shop.count("PATCH order") + shop.count("PUT order") == 1, "a write is never repeated by itself")
            try await body(shop, result)
        }
    }

    private static let lines = OrderEdit.with {
        $0.state = .processing
        $0.erpLineNumbers = ["id:481011": 10, "id:481012": 20]
    }

    static let refused: [(fault: FaultAction, failureClass: FailureClass, isApplied: Bool)] = [
        (.status(202, retryAfterSeconds: nil), .unknown, false), (.status(400, retryAfterSeconds: nil), .rejected, false),
        (.status(401, retryAfterSeconds: nil), .unauthorized, false),
        (.status(403, retryAfterSeconds: nil), .unauthorized, false),
        (.status(404, retryAfterSeconds: nil), .rejected, false), (.status(408, retryAfterSeconds: nil), .unknown, false),
        (.status(409, retryAfterSeconds: nil), .rejected, false), (.status(429, retryAfterSeconds: 7), .throttled, false),
        (.status(301, retryAfterSeconds: nil), .misconfigured, false), (.status(500, retryAfterSeconds: nil), .unknown, false),
        (.status(503, retryAfterSeconds: nil), .unknown, false), (.applyThenStatus(500), .unknown, true),
        (.applyThenStatus(502), .unknown, true), (.applyThenStatus(202), .unknown, true), (.dropBeforeApplying, .unknown, false),
        (.applyThenDrop, .unknown, true), (.halfBody, .unknown, true),
    ]

    @Test(arguments: refused) func `an answer that proves nothing is an error of its class`(
        fault: FaultAction, failureClass: FailureClass, isApplied: Bool
    ) async throws {
        for edit in [OrderEdit.mark, Self.lines] {
            try await Self.write(edit, fault) { shop, result in
                guard case .failure(let error) = result else {
                    return #expect(Bool(false), "\(fault.name) was taken for success")
                }
                #expect(error.failureClass == failureClass)
                #expect(error.message.contains("/api/order/\(Self.id)/"), "\(error.message)")
                #expect(!error.message.contains("legacy"))
                #expect((shop.simulator.order(Int(Self.id))?["state"] == "processing") == isApplied)
                if failureClass == .throttled { #expect(error.retryAfter == .seconds(7)) }
                if isApplied { #expect([.unknown].contains(error.failureClass)) }
            }
        }
    }

    static let odd: [(fault: FaultAction, isApplied: Bool)] = [
        (.html200(applied: true), true), (.html200(applied: false), false), (.malformedJSON(applied: true), true),
        (.malformedJSON(applied: false), false), (.errorInside200(detail: "No.", applied: true), true),
        (.errorInside200(detail: "No.", applied: false), false),
    ]

    @Test(arguments: odd) func `a 200 that isn't the order is settled by a new read`(fault: FaultAction, isApplied: Bool)
        async throws
    {
        for edit in [OrderEdit.mark, Self.lines] {
            try await Self.write(edit, fault) { shop, result in
                let written = try result.get()
                #expect((written.order.reading.state == .processing) == isApplied)
                #expect(JSONValue.object(written.order.json) == shop.simulator.order(Int(Self.id)))
                #expect(written.foreignDifferences == [], "our own field that the shop didn't take is nobody else's edit")
                #expect(shop.count("GET order") == 2)
            }
        }
    }

    @Test(arguments: [
        (#""customer_order_number":"PO-7700","#, ""), (#""unit_price":"1.8500","#, ""), (#""id":48101"#, #""id":48102"#),
        (#""quantity":"#, #""amount":"#),
    ])
    func `an answer that lacks something of the order, or is another, doesn't count as a read`(
        part: String, instead: String
    ) async throws {
        try await ShopUnderTest.running { options in
            options.hasFixtures = true
            options.wrap = { AlteringExchange($0) { $0.replacing(part, with: instead) } }
        } _: { shop in
            let read = try await shop.client.order(Self.id)
            #expect(JSONValue.object(read.json).compactText.contains(part))
            let written = try await shop.client.write(.mark, to: read, id: Self.id)
            #expect(shop.count("GET order") == 2)
            #expect(written.order.reading.contentDigest == read.reading.contentDigest)
            #expect(written.order.reading.state == .processing && written.order.reading.faults.isEmpty)
        }
    }

    @Test func `a write that was answered, but can't be read again, is unknown`() async throws {
        for fault in [FaultAction.outage(requests: nil), .status(401, retryAfterSeconds: nil), .html200(applied: false)] {
            try await ShopUnderTest.running { options in
                options.hasFixtures = true
                options.configure = { $0.writeAnswer = .empty }
            } _: { shop in
                let read = try await shop.client.order(Self.id)
                shop.simulator.addFault(FaultRule(method: "GET", action: fault))
                let error = try await shopError { try await shop.client.write(.mark, to: read, id: Self.id) }
                #expect(error?.failureClass == .unknown)
                #expect(shop.simulator.order(Int(Self.id))?["state"] == "processing")
            }
        }
    }

    @Test func `an order that is gone isn't made anew in silence`() async throws {
        try await ShopUnderTest.running({ $0.hasFixtures = true }) { shop in
            let read = try await shop.client.order(Self.id)
            shop.simulator.delete(Int(Self.id))
            let patch = try await shopError { try await shop.client.write(.mark, to: read, id: Self.id) }
            #expect(patch?.failureClass == .rejected)
            let put = try await shopError { try await shop.client.write(Self.lines, to: read, id: Self.id) }
            #expect(put?.failureClass == .conflict)
        }
    }

    @Test func `a shop that can't be reached at all was told nothing`() async throws {
        try await ShopUnderTest.running({ $0.hasFixtures = true }) { shop in
            let read = try await shop.client.order(Self.id)
            await shop.simulator.stop()
            // What stood open breaks first; a new connection is then refused.
            _ = try await shopError { try await shop.client.order(Self.id) }
            let error = try await shopError { try await shop.client.write(.mark, to: read, id: Self.id) }
            #expect(error?.failureClass == .outage)
        }
    }

    @Test func `an edit by somebody else in the same moment is named`() async throws {
        let meddle = Meddling()
        try await ShopUnderTest.running { options in
            options.hasFixtures = true
            options.configure = { $0.writeAnswer = .empty }
            options.wrap = { MeddlingExchange($0) { meddle.act() } }
        } _: { shop in
            meddle.set { shop.simulator.edit(Int(Self.id), ["customer_order_number": "PO-0"]) }
            let read = try await shop.client.order(Self.id)
            let written = try await shop.client.write(Self.lines, to: read, id: Self.id)
            #expect(written.foreignDifferences == ["customer_order_number"])
            #expect(written.order.reading.contentDigest != read.reading.contentDigest)
        }
    }
}
