import CloudSuite
import OrderFlow
import Orders
import Simulators
import Synchronization
import Testing
import Transport

/// Many orders that ask at once. Requests are held at a gate, so that who waits for whom is no matter of luck.
@Suite struct PartyBatchTests {
    private static func running(
        isListed: Bool, pageSizeMax: Int = 500, listPath: String = "/api/customer/?id__in={ids}&limit=100",
        _ body: (ShopUnderTest, PartyDirectory, GatedExchange) async throws -> Void
    ) async throws {
        let gate = Mutex<GatedExchange?>(nil)
        try await ShopUnderTest.running { options in
            options.configure = { $0.pageSizeMax = pageSizeMax }
            options.wrap = { base in
                let gated = GatedExchange(base)
                gate.withLock { $0 = gated }
                return gated
            }
        } _: { shop in
            var settings = PartyDirectory.Settings()
            settings.paths = [.customer: "/api/customer/{id}/"]
            if isListed { settings.listPaths = [.customer: listPath] }
            let directory = PartyDirectory(endpoint: shop.endpoint, settings: settings, timekeeper: SystemTimekeeper())
            try await body(shop, directory, try #require(gate.withLock { $0 }))
        }
    }

    private struct Found: Sendable {
        let id: Int64
        let result: Result<Party?, ShopError>

        /// `nil` where nobody was found, and where asking failed.
        var party: Party? { (try? result.get()) ?? nil }
        var failureClass: FailureClass? { if case .failure(let error) = result { error.failureClass } else { nil } }
    }

    @Sendable private static func ask(_ directory: PartyDirectory, _ id: Int64) async -> Found {
        do throws(ShopError) { return Found(id: id, result: .success(try await directory.party(.id(id), .customer))) } catch {
            return Found(id: id, result: .failure(error))
        }
    }

    /// Everybody asks, and has come to wait, before the gate opens.
    private static func askAll(
        _ ids: [Int64], _ directory: PartyDirectory, _ gate: GatedExchange, beforeOpening: () -> Void = {}
    ) async -> [Found] {
        await withTaskGroup(of: Found.self) { group in
            for id in ids { group.addImmediateTask { await Self.ask(directory, id) } }
            await gate.waitForRequests(1)
            beforeOpening()
            gate.open()
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func `two hundred orders of as many customers take a handful of requests`() async throws {
        try await Self.running(isListed: true) { shop, directory, gate in
            let ids = (0..<200).map { Int64(2001 + $0) }
            let found = await Self.askAll(ids + ids, directory, gate)
            #expect(found.count == 400)
            for found in found { #expect(found.party?.id == found.id && found.party?.code == "DEB\(found.id)") }
            #expect(shop.count("GET customer-list") <= 5)
            #expect(shop.count("GET customer") == 0)
        }
    }

    @Test func `one customer of many orders is asked for once`() async throws {
        try await Self.running(isListed: false) { shop, directory, gate in
            let found = await Self.askAll(Array(repeating: 2001, count: 100), directory, gate)
            #expect(found.map(\.party?.id) == Array(repeating: 2001, count: 100))
            #expect(shop.count("GET customer") == 1)
        }
    }

    @Test(arguments: [true, false]) func `an error reaches all who wait, and the next one asks again`(isListed: Bool) async throws
    {
        try await Self.running(isListed: isListed) { shop, directory, gate in
            shop.simulator.addFault(FaultRule(times: 1, action: .status(500, retryAfterSeconds: nil)))
            let found = await Self.askAll(Array(repeating: 2001, count: 20), directory, gate)
            #expect(found.map(\.failureClass) == Array(repeating: .transient, count: 20))
            let again = await Self.ask(directory, 2001)
            #expect(again.party?.id == 2001)
        }
    }

    @Test(arguments: [true, false]) func `when the one who asks is cancelled, another asks in its place`(isListed: Bool)
        async throws
    {
        try await Self.running(isListed: isListed) { shop, directory, gate in
            let others = await withTaskGroup(of: Found.self) { group in
                let leader = Task.immediate { await Self.ask(directory, 2001) }
                await gate.waitForRequests(1)
                for id in [2001, 2001, 2002] as [Int64] { group.addImmediateTask { await Self.ask(directory, id) } }
                leader.cancel()
                let cancelled = await leader.value
                #expect(cancelled.failureClass == .outage)
                gate.open()
                return await group.reduce(into: [Found]()) { $0.append($1) }
            }
            #expect(others.count == 3)
            for found in others { #expect(found.party?.id == found.id) }
        }
    }

    @Test func `ids that a list doesn't have are nobody's`() async throws {
        try await Self.running(isListed: true) { shop, directory, gate in
            let found = await Self.askAll([2001, 9_999_999, 2002], directory, gate)
            #expect(found.map(\.failureClass) == [nil, nil, nil])
            for found in found { #expect(found.party?.id == (found.id == 9_999_999 ? nil : found.id)) }
            let before = shop.count("GET customer-list")
            let again = await Self.ask(directory, 9_999_999)
            #expect(again.party == nil)
            #expect(shop.count("GET customer-list") == before)
        }
    }

    @Test func `a list that gives fewer a page than it was asked for hides nobody`() async throws {
        try await Self.running(isListed: true, pageSizeMax: 7) { shop, directory, gate in
            let ids = (0..<50).map { Int64(2001 + $0) }
            let found = await Self.askAll(ids, directory, gate)
            for found in found { #expect(found.party?.id == found.id) }
            #expect(shop.count("GET customer-list") <= 1 + 8)
        }
    }

    @Test func `a list that isn't narrowed by id is a wrong setting, not an unknown customer`() async throws {
        try await Self.running(isListed: true, listPath: "/api/customer/?ids={ids}") { _, directory, gate in
            gate.open()
            let found = await Self.ask(directory, 2290)
            #expect(found.failureClass == .misconfigured)
        }
    }
}
