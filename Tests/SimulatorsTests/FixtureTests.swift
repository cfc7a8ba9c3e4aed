internal import Orders
internal import Simulators
internal import Testing

struct FixtureTests {
    private func demoShop(clock: SimulatorClock = .system) throws -> CloudSuiteSimulator {
        var configuration = CloudSuiteConfiguration()
        configuration.fixtures = fixtureFolder
        configuration.clock = clock
        return try CloudSuiteSimulator(configuration: configuration)
    }

    @Test func `the demo shows every payment status, every state and every form of customer`() throws {
        let shop = try demoShop()
        let states = ["draft", "quotation", "confirmed", "processing", "done", "cancel", "on_hold"]
        let orders = states.flatMap { shop.orderIDs(state: $0) }.compactMap { shop.order($0) }
        #expect(orders.count >= 48)
        for state in states { #expect(!shop.orderIDs(state: state).isEmpty, "\(state)") }
        let payments = Set(orders.map { $0["payment_status"]?.compactText })
        for status in ["closed_success", "paid", "account", "started", "none", "closed_canceled", "pending_review"] {
            #expect(payments.contains("\"\(status)\""), "\(status)")
        }
        #expect(payments.contains(nil))
        #expect(payments.contains("null"))
        let customers = orders.compactMap { $0["customer"] }
        #expect(customers.contains { $0["name"] != nil })
        #expect(customers.contains { $0.objectValue?.members.count == 2 })
        #expect(customers.contains(999_999))
        #expect(orders.count { $0["reference"] == "CS48193" } == 2)
    }

    @Test func `spellings are kept and the simulator's own member is taken out`() throws {
        let shop = try demoShop()
        let text = shop.orderIDs(state: "confirmed").compactMap { shop.order($0)?.compactText }.joined()
        for spelling in [
            "1.00000000000000000000000000001", "1234567890123456789012345678901234567890.00", "1.2e1", "5E+0",
            #"Caf\u00e9 \"De Hoek\"\/terras"#,
            "🐕‍🦺", #""leeg":{},"lijst":[]"#,
        ] {
            #expect(text.contains(spelling), "\(spelling)")
        }
        for id in shop.orderIDs(state: "done") { #expect(shop.order(id)?["@simulator"] == nil) }
    }

    @Test func `dates of now follow the shop's clock and zone`() throws {
        let shop = try demoShop(clock: HandTurnedClock().simulatorClock)
        let settling = try #require(shop.order(48136))
        #expect(settling["order_date"] == "2025-06-02")
        #expect(settling["confirm_date"] == "2025-06-02T11:59:55")
        #expect(settling["create_date"] == "2025-06-02T11:56:00")
    }

    @Test func `offline orders are told apart only by the filter`() async throws {
        try await withShop(fixtures: true) { shop, probe in
            let offline = try #require(probe.get("/api/order/?offline=true&limit=100").json)
            #expect(offline.resultIDs.count == 2)
            let listed = try #require(probe.get("/api/order/?state=confirmed&offline=false&limit=100").json)
            #expect(listed.resultIDs == shop.orderIDs(state: "confirmed").map { Int64($0) })
        }
    }

    @Test func `a folder that isn't there is named`() {
        var configuration = CloudSuiteConfiguration()
        configuration.fixtures = "/nowhere/at/all"
        #expect(throws: FixtureError.self) { try CloudSuiteSimulator(configuration: configuration) }
    }
}
