import CloudSuite
import Mapping
import OrderFlow
import Orders
import Simulators
import Testing
import Transport

@Suite struct PartyDirectoryTests {
    private static func settings(_ set: (inout PartyDirectory.Settings) -> Void = { _ in }) -> PartyDirectory.Settings {
        var settings = PartyDirectory.Settings()
        settings.paths = [.customer: "/api/customer/{id}/", .address: "/api/address/{id}/"]
        set(&settings)
        return settings
    }

    private static func running(
        _ settings: PartyDirectory.Settings = settings(), timekeeper: any Timekeeper = SystemTimekeeper(),
        _ body: (ShopUnderTest, PartyDirectory) async throws -> Void
    ) async throws {
        try await ShopUnderTest.running { options in
            options.hasFixtures = true
            options.timekeeper = timekeeper
        } _: { shop in
            try await body(shop, PartyDirectory(endpoint: shop.endpoint, settings: settings, timekeeper: timekeeper))
        }
    }

    @Test func `an id is asked for by its path, and then known`() async throws {
        try await Self.running { shop, directory in
            let customer = try await directory.party(.id(1324), .customer)
            #expect(customer?.name == "Restaurant De Gouden Leeuw" && customer?.id == 1324)
            let address = try await directory.party(.id(1695), .address)
            #expect(address?.city == "Houten")
            let again = try await directory.party(.id(1324), .customer)
            #expect(again == customer)
            #expect(shop.count("GET customer") == 1 && shop.count("GET address") == 1)
            #expect(shop.simulator.requestLog.map(\.target) == ["/api/customer/1324/", "/api/address/1695/"])
        }
    }

    @Test func `the table comes before the shop, and a customer's id is no address's`() async throws {
        var party = Party()
        (party.name, party.code) = ("Uit de tabel", "DEB1")
        let table = PartyTable(["1324": party, "myorigin/C1": party])
        try await Self.running(Self.settings { $0.tables[.customer] = table }) { shop, directory in
            for reference in [PartyReference.id(1324), .originKey(origin: "myorigin", key: "C1")] {
                let found = try await directory.party(reference, .customer)
                #expect(found == party)
            }
            #expect(shop.simulator.requestLog.isEmpty)
            let address = try await directory.party(.id(1324), .address)
            #expect(address != party)
        }
    }

    @Test func `what needs no look-up causes none`() async throws {
        var expanded = Party()
        (expanded.id, expanded.name) = (9, "Zelf")
        try await Self.running { shop, directory in
            let none = try await directory.party(nil, .customer)
            let whole = try await directory.party(.expanded(expanded), .customer)
            let key = try await directory.party(.originKey(origin: "o", key: "k"), .address)
            #expect(none == nil && whole == expanded && key?.origin == "o" && key?.key == "k")
            #expect(shop.simulator.requestLog.isEmpty)
        }
    }

    @Test func `without a path nobody is asked, and nobody is found`() async throws {
        try await Self.running(PartyDirectory.Settings()) { shop, directory in
            let found = try await directory.party(.id(1324), .customer)
            #expect(found == nil && shop.simulator.requestLog.isEmpty)
        }
    }

    @Test func `a 404 says that there is nobody, and is remembered as such`() async throws {
        try await Self.running { shop, directory in
            for _ in 0..<3 {
                let found = try await directory.party(.id(999_999), .customer)
                #expect(found == nil)
            }
            #expect(shop.count("GET customer") == 1)
        }
    }

    @Test func `what is remembered expires`() async throws {
        let clock = HandTurnedTimekeeper(1_750_000_000_000)
        try await Self.running(Self.settings { $0.rememberedFor = .seconds(300) }, timekeeper: clock) { shop, directory in
            _ = try await directory.party(.id(1324), .customer)
            clock.advance(.seconds(299))
            _ = try await directory.party(.id(1324), .customer)
            #expect(shop.count("GET customer") == 1)
            clock.advance(.seconds(1))
            _ = try await directory.party(.id(1324), .customer)
            #expect(shop.count("GET customer") == 2)
        }
    }

    static let faults: [(fault: FaultAction, failureClass: FailureClass)] = [
        (.html200(applied: false), .transient), (.errorInside200(detail: "No.", applied: false), .transient),
        (.status(403, retryAfterSeconds: nil), .unauthorized), (.status(500, retryAfterSeconds: nil), .transient),
        (.status(503, retryAfterSeconds: nil), .outage), (.dropBeforeApplying, .outage),
    ]

    @Test(arguments: faults, [true, false]) func `a failed look-up is an error, and isn't remembered`(
        _ fault: (fault: FaultAction, failureClass: FailureClass), isListed: Bool
    ) async throws {
        let settings = Self.settings { if isListed { $0.listPaths = [.customer: "/api/customer/?id__in={ids}"] } }
        try await Self.running(settings) { shop, directory in
            shop.simulator.addFault(FaultRule(times: 1, action: fault.fault))
            let error = try await shopError { try await directory.party(.id(1324), .customer) }
            #expect(error?.failureClass == fault.failureClass)
            let found = try await directory.party(.id(1324), .customer)
            #expect(found?.id == 1324)
        }
    }

    @Test func `somebody else's answer is no answer`() async throws {
        try await Self.running(Self.settings { $0.paths[.customer] = "/api/customer/1400/" }) { _, directory in
            let error = try await shopError { try await directory.party(.id(1324), .customer) }
            #expect(error?.failureClass == .transient && error?.message.contains("customer 1324") == true)
        }
    }

    @Test func `more parties than can be remembered are all found`() async throws {
        try await Self.running(Self.settings { $0.listPaths = [.customer: "/api/customer/?id__in={ids}"] }) { shop, directory in
            for id in 0..<4200 as Range<Int64> where id % 100 == 0 || id < 60 {
                _ = try await directory.party(.id(id + 10_000_000), .customer)
            }
            let found = try await directory.party(.id(1324), .customer)
            #expect(found?.id == 1324)
        }
    }
}
