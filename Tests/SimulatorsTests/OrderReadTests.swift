internal import Orders
internal import Simulators
internal import Testing

struct OrderReadTests {
    @Test func `an order is found by id, with and without slash, and by its external key`() async throws {
        try await withShop(fixtures: true) { shop, probe in
            let key = "EXT%2F2025%20%237"
            let byKey = try #require(probe.get("/api/order/ext:\(key)").json)
            let id = try #require(byKey["id"]?.integerValue)
            #expect(probe.get("/api/order/\(id)").json == byKey)
            #expect(probe.get("/api/order/\(id)/").json == byKey)
            #expect(shop.order(Int(id)) == byKey)
        }
    }

    @Test(arguments: [
        "/api/order/99", "/api/order/ext:nothing", "/api/order/abc", "/api/customer/999999/", "/api/origin/x/customer/y/",
    ])
    func `what isn't there is 404 with a detail`(_ target: String) async throws {
        try await withShop { _, probe in
            let answer = probe.get(target)
            #expect(answer.status == 404)
            #expect(answer.json == ["detail": "Not found."])
        }
    }

    @Test(arguments: [
        ("POST", "/api/order/"), ("DELETE", "/api/order/100001/"), ("POST", "/api/order/100001/"), ("PUT", "/api/customer/2001/"),
    ])
    func `other verbs are not allowed`(_ method: String, _ target: String) async throws {
        try await withShop(orders: 1) { _, probe in
            #expect(probe.send(method, target, "{}").status == 405)
        }
    }

    @Test func `customers and addresses are found by id, by ids and by key`() async throws {
        try await withShop(fixtures: true) { _, probe in
            let customer = try #require(probe.get("/api/customer/1324/").json)
            #expect(customer["origin"] == "cloudsuite")
            #expect(customer["name"] == "Restaurant De Gouden Leeuw")
            #expect(probe.get("/api/origin/cloudsuite/customer/BK12345/").json == customer)
            let list = try #require(probe.get("/api/customer/?id__in=1410,1324,7").json)
            #expect(list.resultIDs == [1324, 1410])
            #expect(list["count"] == 2)
            #expect(list["next"] == .null)
            #expect(probe.get("/api/address/?id__in=1695,1652").json?.resultIDs == [1652, 1695])
            let address = try #require(probe.get("/api/address/1695/").json)
            for name in ["key", "code", "street1", "house_number", "addition", "zip", "city", "country", "email", "phone"] {
                #expect(address[name] != nil, "\(name)")
            }
            #expect(probe.get("/api/address/?id__in=1,x").status == 400)
        }
    }
}
