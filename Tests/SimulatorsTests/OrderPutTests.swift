internal import Orders
internal import Simulators
internal import Testing

struct OrderPutTests {
    private static let sample =
        #"{"reference":"CS48193","customer":1324,"erp_order_number":"123456789","state":"confirmed","currency":"EUR","order_lines":["#
        + #"{"product":{"key":"124_STUK","origin":"myorigin"},"description":"a","type":"line","quantity":1.0,"erp_line_number":11},"#
        + #"{"product":{"key":"123_KG","origin":"myorigin"},"description":"b","type":"line","quantity":2.0,"erp_line_number":22}],"#
        + #""shipment_address":1695,"invoice_address":1652,"webshop":1,"user":1260}"#

    @Test func `the documented sample puts the order back to confirmed and empties what it leaves out`() async throws {
        try await withShop(orders: 1) { shop, probe in
            #expect(probe.patch("/api/order/100001/", #"{"state":"processing"}"#).status == 200)
            let before = try #require(shop.order(100_001))
            #expect(probe.put("/api/order/100001/", Self.sample).status == 200)
            let after = try #require(shop.order(100_001))
            #expect(after["state"] == "confirmed")
            #expect(shop.backwardMoves == 1)
            for name in ["payment_status", "confirm_date", "order_date", "customer_order_number", "custom_fields"] {
                #expect(after[name] == .null, "\(name)")
            }
            for name in ["id", "reference", "create_date"] { #expect(after[name] == before[name], "\(name)") }
            let lines = try #require(after["order_lines"]?.arrayValue)
            #expect(lines.map { $0["id"]?.integerValue } == [900_000_001, 900_000_002])
            #expect(lines.map { $0["unit_price"] } == [.null, .null])
            #expect(lines.map { $0["erp_line_number"]?.integerValue } == [11, 22])
            #expect(probe.get("/api/order/?state=confirmed").json?.resultIDs == [100_001])
        }
    }

    @Test func `merge mode keeps what the body leaves out`() async throws {
        try await withShop(orders: 1, { $0.putMode = .merge }) { shop, probe in
            let before = try #require(shop.order(100_001))
            #expect(probe.put("/api/order/100001/", Self.sample).status == 200)
            let after = try #require(shop.order(100_001))
            for name in ["payment_status", "confirm_date", "custom_fields"] { #expect(after[name] == before[name], "\(name)") }
        }
    }

    @Test func `every fixture survives being read and put back, byte for byte`() async throws {
        let clock = HandTurnedClock()
        try await withShop(fixtures: true, { $0.clock = clock.simulatorClock }) { shop, probe in
            for state in ["confirmed", "processing", "done", "cancel", "draft", "quotation"] {
                for id in shop.orderIDs(state: state) {
                    let read = probe.get("/api/order/\(id)").text
                    let answer = probe.put("/api/order/\(id)/", read)
                    let holdsWords = read.contains("\"abc\"")
                    #expect(answer.status == (holdsWords ? 400 : 200), "\(id)")
                    guard !holdsWords else { continue }
                    #expect(Self.withoutModifiedDate(answer.text) == Self.withoutModifiedDate(read), "\(id)")
                }
            }
            #expect(shop.backwardMoves == 0)
        }
    }

    private static func withoutModifiedDate(_ text: String) -> String? {
        guard var object = (try? JSONValue(parsing: text))?.objectValue else { return nil }
        object["modified_date"] = nil
        return JSONValue.object(object).compactText
    }

    @Test func `a line keeps its id once; lines without one or with a foreign one get a new id`() async throws {
        try await withShop(fixtures: true) { shop, probe in
            let id = 48106
            var order = try #require(shop.order(id)?.objectValue)
            let lines = try #require(order["order_lines"]?.arrayValue)
            #expect(lines.count == 3)
            var foreign = try #require(lines[1].objectValue)
            foreign["id"] = 5
            foreign["remark"] = "new key"
            order["order_lines"] = .array([lines[2], lines[2], .object(foreign)])
            #expect(probe.put("/api/order/\(id)/", JSONValue.object(order).compactText).status == 200)
            let after = try #require(shop.order(id)?["order_lines"]?.arrayValue)
            #expect(after.map { $0["id"]?.integerValue } == [481_063, 900_000_001, 900_000_002])
            #expect(after[2]["remark"] == "new key")
            #expect(after[2]["quantity"] == lines[1]["quantity"])
        }
    }

    @Test func `a put to an unknown id creates an order`() async throws {
        try await withShop { shop, probe in
            #expect(probe.put("/api/order/77/", Self.sample).status == 201)
            #expect(shop.order(77)?["reference"] == "CS77")
            #expect(probe.get("/api/order/?state=confirmed").json?.resultIDs == [77])
        }
    }

    @Test(arguments: [
        (#"{"order_lines":[]}"#, ["state", "currency"]),
        (#"{"state":"gone","currency":"EUR","order_lines":{}}"#, ["state", "order_lines"]),
        (#"{"state":"done","currency":"EUR","order_lines":[{"quantity":1},{"quantity":"abc"},7]}"#, ["order_lines"]),
    ])
    func `a bad put names every field`(_ body: String, _ fields: [String]) async throws {
        try await withShop(orders: 1) { shop, probe in
            let answer = probe.put("/api/order/100001/", body)
            #expect(answer.status == 400)
            #expect(answer.json?.objectValue?.members.map(\.name.value) == fields)
            #expect(shop.writes == 0)
        }
    }
}
