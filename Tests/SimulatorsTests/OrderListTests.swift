internal import Orders
internal import Simulators
internal import Testing

struct OrderListTests {
    @Test func `a summary has eight fields and no payment status`() async throws {
        try await withShop(orders: 1) { _, probe in
            let results = probe.get("/api/order/").json?["results"]?.arrayValue
            let names = results?.first?.objectValue?.members.map(\.name.value)
            #expect(
                names == [
                    "id", "reference", "customer_order_number", "erp_order_number", "state", "order_date", "create_date",
                    "modified_date",
                ])
        }
    }

    @Test func `links keep the filters and the first page has no offset`() async throws {
        try await withShop(orders: 5) { _, probe in
            let target = "/api/order/?state=confirmed&limit=2&confirm_date__gte=2020-01-01T00:00:00"
            let root = "http://127.0.0.1:\(probe.port)/api/order/?confirm_date__gte=2020-01-01T00%3A00%3A00&limit=2"
            let first = try #require(probe.get(target).json)
            #expect(first["count"] == 5)
            #expect(first["previous"] == .null)
            #expect(first["next"] == .text("\(root)&offset=2&state=confirmed"))
            let second = try #require(probe.get(target + "&offset=2").json)
            #expect(second["previous"] == .text("\(root)&state=confirmed"))
            #expect(second.resultIDs == [100_003, 100_004])
            #expect(probe.get(target + "&offset=4").json?["next"] == .null)
        }
    }

    @Test func `next may name a foreign host`() async throws {
        try await withShop(orders: 3, { $0.nextLinkHost = "test.cloudsuite.example" }) { _, probe in
            let next = probe.get("/api/order/?limit=1").json?["next"]?.stringValue
            #expect(next == "http://test.cloudsuite.example/api/order/?limit=1&offset=1")
        }
    }

    @Test(arguments: [
        ("state=confirmd", "state"), ("confirm_date__gte=yesterday", "confirm_date__gte"),
        ("modified_date__lte=2025-02-30", "modified_date__lte"),
        ("offline=maybe", "offline"), ("webshop=one", "webshop"), ("limit=0", "limit"), ("offset=-1", "offset"),
    ])
    func `a bad filter value is refused by its name`(_ query: String, _ field: String) async throws {
        try await withShop { _, probe in
            let answer = probe.get("/api/order/?\(query)")
            #expect(answer.status == 400)
            #expect(answer.json?[field]?.arrayValue?.count == 1)
        }
    }

    @Test(arguments: [
        ("", [1, 2, 3, 4]), ("state=confirmed", [1, 4]), ("state=confirmed&offline=false", [1, 4]), ("offline=true", [3]),
        ("reference=A", [1, 2]), ("reference=A&webshop=2", [2]), ("confirm_date__gte=2025-03-02T00:00:00", [2, 3, 4]),
        ("confirm_date__lte=2025-03-02T10:00:00", [1, 2]), ("confirm_date__gte=2025-03-02T10:00:00.000001", [3, 4]),
        ("order_date__gte=2025-03-04&state=confirmed", [4]), ("create_date__lte=2025-03-01T23:59:59", [1]),
        ("payment_status=paid&statee=confirmed", [1, 2, 3, 4]),
    ])
    func `filters narrow the list and unknown ones are ignored`(_ query: String, _ ids: [Int64]) async throws {
        try await withShop { shop, probe in
            for (id, reference, webshop, state) in [
                (1, "A", 1, "confirmed"), (2, "A", 2, "cancel"), (3, "C", 1, "done"), (4, "D", 1, "confirmed"),
            ] {
                let date = "2025-03-0\(id)"
                shop.add(
                    JSONObject([
                        ("id", .integer(id)), ("reference", .text(reference)), ("webshop", .integer(webshop)),
                        ("state", .text(state)),
                        ("order_date", .text(date)), ("create_date", .text("\(date)T09:00:00")),
                        ("confirm_date", .text("\(date)T10:00:00")),
                        ("@simulator", ["offline": .bool(id == 3)]),
                    ]))
            }
            #expect(probe.get("/api/order/?\(query)").json?.resultIDs == ids)
        }
    }

    @Test func `moving orders on while walking by offset skips some`() async throws {
        try await withShop(orders: 4) { _, probe in
            let target = "/api/order/?state=confirmed&limit=2"
            #expect(probe.get(target).json?.resultIDs == [100_001, 100_002])
            for id in [100_001, 100_002] { #expect(probe.patch("/api/order/\(id)/", #"{"state":"processing"}"#).status == 200) }
            let second = probe.get(target + "&offset=2").json
            #expect(second?.resultIDs == [])
            #expect(second?["count"] == 2)
        }
    }

    @Test func `a page is never longer than the maximum`() async throws {
        try await withShop(orders: 7, { $0.pageSizeMax = 3 }) { _, probe in
            let page = probe.get("/api/order/?limit=100").json
            #expect(page?.resultIDs.count == 3)
            #expect(page?["next"]?.stringValue?.contains("limit=3&offset=3") == true)
        }
    }

    @Test func `a shuffled list holds the same orders in another order`() async throws {
        try await withShop(orders: 40, { $0.listOrder = .shuffled }) { _, probe in
            let ids = try #require(probe.get("/api/order/").json).resultIDs
            #expect(ids != ids.sorted())
            #expect(ids.sorted() == Array(100_001...100_040))
        }
    }

    @Test func `a list without its slash is redirected`() async throws {
        try await withShop { _, probe in
            let answer = probe.get("/api/order?state=confirmed")
            #expect(answer.status == 301)
            #expect(answer.headers["location"] == "/api/order/?state=confirmed")
        }
    }

    @Test func `a page from the midst of a backlog of two hundred thousand comes like any other`() async throws {
        try await withShop(orders: 200_000) { shop, probe in
            for offset in [0, 100_000, 199_950] {
                let page = try #require(probe.get("/api/order/?state=confirmed&offline=false&limit=50&offset=\(offset)").json)
                #expect(page["count"] == 200_000)
                #expect(page.resultIDs == (0..<50).map { Int64(100_001 + offset + $0) })
            }
            #expect(shop.order(300_000)?["order_lines"]?.arrayValue?.isEmpty == false)
        }
    }
}
