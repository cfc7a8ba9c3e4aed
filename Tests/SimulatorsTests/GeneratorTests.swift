internal import Orders
internal import Simulators
internal import Testing

struct GeneratorTests {
    private func shop(
        orders: Int = 300, seed: UInt64 = 1, _ configure: (inout CloudSuiteConfiguration) -> Void = { _ in }
    ) throws -> CloudSuiteSimulator {
        var configuration = CloudSuiteConfiguration()
        configuration.orders = orders
        configuration.seed = seed
        configuration.clock = HandTurnedClock().simulatorClock
        configure(&configuration)
        return try CloudSuiteSimulator(configuration: configuration)
    }

    @Test func `an order depends on the seed and its number alone`() throws {
        let few = try shop(orders: 10), many = try shop(orders: 300), other = try shop(seed: 2)
        for id in 100_001...100_010 {
            #expect(few.order(id)?.compactText == many.order(id)?.compactText)
            #expect(few.order(id)?.compactText != other.order(id)?.compactText)
        }
        #expect(few.order(100_011) == nil)
    }

    @Test func `all generated orders are eligible by default`() throws {
        let shop = try shop()
        let ids = shop.orderIDs(state: "confirmed")
        #expect(ids == Array(100_001...100_300))
        let now = try #require(NaiveDateTime("2025-06-02T12:00:00"))
        var linesMax = 0, withoutFraction = 0, asNumber = 0, fractional = 0
        for id in ids {
            let order = try #require(shop.order(id))
            #expect(["account", "closed_success", "paid"].contains(order["payment_status"]?.stringValue))
            #expect((2001...2300).contains(try #require(order["customer"]?.integerValue)))
            let confirmed = try #require(order["confirm_date"]?.stringValue.flatMap { NaiveDateTime($0) })
            let age = now.microseconds - confirmed.microseconds
            #expect((599_000_000...5 * 86_400_000_000).contains(age))
            let lines = try #require(order["order_lines"]?.arrayValue)
            #expect((1...8).contains(lines.count))
            linesMax = max(linesMax, lines.count)
            if order["confirm_date"]?.stringValue?.contains(".") == false { withoutFraction += 1 }
            for line in lines {
                if case .number = line["unit_price"] { asNumber += 1 }
                if case .number(let number) = line["quantity"], !number.spelling.hasSuffix(".0") { fractional += 1 }
            }
        }
        #expect(linesMax == 8)
        #expect(withoutFraction > 10)
        #expect(asNumber > 50)
        #expect(fractional > 50)
    }

    @Test func `shares of other orders are kept`() throws {
        let shop = try shop(orders: 2000) {
            $0.generated.unpaidPerThousand = 100
            $0.generated.offlinePerThousand = 50
            $0.generated.cancelledPerThousand = 50
            $0.generated.processingPerThousand = 50
        }
        let confirmed = shop.orderIDs(state: "confirmed")
        let unpaid = confirmed.count { id in
            ["started", "none", "closed_canceled"].contains(shop.order(id)?["payment_status"]?.stringValue)
        }
        #expect((1600...1800).contains(confirmed.count))
        #expect((120...220).contains(unpaid))
        #expect((60...140).contains(shop.orderIDs(state: "cancel").count))
    }

    @Test func `what the list filters by is what the order says`() async throws {
        try await withShop(orders: 60) { shop, probe in
            for id in 100_001...100_060 {
                let order = try #require(shop.order(id))
                for name in ["confirm_date", "create_date", "modified_date", "order_date"] {
                    let value = try #require(order[name]?.stringValue)
                    let window = probe.get("/api/order/?\(name)__gte=\(value)&\(name)__lte=\(value)&limit=60").json
                    #expect(window?.resultIDs.contains(Int64(id)) == true, "\(name)")
                }
            }
        }
    }
}
