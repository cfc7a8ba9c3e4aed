internal import Orders
internal import Simulators
internal import Testing

struct ERPShipmentTests {
    private static func order(_ number: Int, products: [String] = ["124", "125"]) -> String {
        let lines = products.enumerated().map { #"{"line":"id:\#($0.offset)","product":"\#($0.element)","quantity":"5"}"# }
        return #"{"external_reference":"r\#(number)","customer":{"code":"1"},"lines":[\#(lines.joined(separator: ","))]}"#
    }

    @Test func `goods go out in parts, are told by the API, and the last one closes its line`() async throws {
        try await withERP({ $0.acceptAnyProduct = true }) { erp, probe in
            #expect(probe.post("/orders", Self.order(1)).status == 201)
            #expect(probe.get("/orders/SO-000001/shipments").json == ["shipments": [], "closed_lines": []])
            let part = #"{"carrier":"DHL","tracking_code":"A","lines":[{"number":10,"quantity":"2"}]}"#
            #expect(probe.post("/_simulator/orders/SO-000001/ship", part).json == ["id": "SH-000001"])
            #expect(probe.post("/_simulator/orders/SO-000001/ship", #"{"lines":[{"number":10}]}"#).status == 201)
            let told = try #require(probe.get("/orders/SO-000001/shipments").json)
            let shipments = try #require(told["shipments"]?.arrayValue)
            #expect(shipments.map { $0["id"] } == ["SH-000001", "SH-000002"])
            #expect(
                shipments.map { $0["packages"] } == [
                    [["tracking_code": "A", "lines": [["line": "id:0", "quantity": "2"]]]],
                    [["lines": [["line": "id:0", "quantity": "3"]]]],
                ])
            #expect(told["closed_lines"] == ["id:0"])
            #expect(probe.get("/orders/r1/shipments").json == told)
            #expect(probe.post("/_simulator/orders/SO-000001/close", #"{"lines":[20]}"#).status == 200)
            #expect(probe.get("/orders/SO-000001/shipments").json?["closed_lines"] == ["id:0", "id:1"])
            #expect(erp.orders[0].openLines.isEmpty)
            #expect(probe.get("/orders/SO-000002/shipments").status == 404)
        }
    }

    @Test(arguments: [
        (#"{"lines":[{"number":10,"quantity":"6"}]}"#, "of line 10 only 5 is left"),
        (#"{"packages":[{"lines":[{"number":10}]},{"lines":[{"number":10}]}]}"#, "of line 10 only 5 is left"),
        (#"{"lines":[{"number":40}]}"#, "there is no open line of that number"),
        (#"{"lines":[{"number":10,"quantity":"0"}]}"#, "a decimal above zero is wanted"),
        (#"{"lines":[]}"#, "there is nothing to send"), (#"{"id":7}"#, "a string that isn't empty is wanted"),
        (#"{"id":"SH-000001"}"#, "there is a shipment SH-000001; several orders' goods are in one only if each says 'shared'"),
    ])
    func `what can't be sent isn't`(request: String, message: String) async throws {
        try await withERP({ $0.acceptAnyProduct = true }) { erp, probe in
            for number in 1...2 { #expect(probe.post("/orders", Self.order(number)).status == 201) }
            #expect(probe.post("/_simulator/orders/SO-000002/ship", "{}").status == 201)
            let answer = probe.post("/_simulator/orders/SO-000001/ship", request)
            #expect(answer.status == 409)
            #expect(answer.json?["errors"]?.arrayValue?.contains { $0["message"]?.stringValue == message } == true)
            #expect(erp.orders[0].shipments.isEmpty)
        }
    }

    @Test func `a cancelled order is told as such, and the shipper leaves it alone`() async throws {
        let clock = HandTurnedClock()
        try await withERP {
            $0.acceptAnyProduct = true
            $0.clock = clock.simulatorClock
            $0.shipper = ERPShipper(pauseMilliseconds: 1000...1000, shipmentsMax: 1)
        } _: { erp, probe in
            for number in 1...2 { #expect(probe.post("/orders", Self.order(number)).status == 201) }
            #expect(probe.post("/orders/SO-000001/cancel", "{}").status == 200)
            clock.advance(milliseconds: 5000)
            let told = try #require(probe.get("/orders/r1/shipments").json)
            #expect(told == ["shipments": [], "closed_lines": [], "cancelled": true])
            #expect(probe.post("/_simulator/orders/SO-000001/ship", "{}").status == 409)
            let other = try #require(probe.get("/orders/r2/shipments").json)
            #expect(other["shipments"]?.arrayValue?.count == 1 && other["cancelled"] == nil)
        }
    }

    @Test func `one shipment may hold several orders' goods, and rejected lines are never sent`() async throws {
        try await withERP {
            $0.acceptAnyProduct = true
            $0.rejectedPrefix = "NO-"
        } _: { erp, probe in
            #expect(probe.post("/orders", Self.order(1)).status == 201)
            #expect(probe.post("/orders", Self.order(2, products: ["124", "NO-1"])).status == 201)
            let shared = try #require(try JSONValue(parsing: Array(#"{"id":"PS-1","shared":true}"#.utf8)).objectValue)
            for number in ["SO-000001", "SO-000002"] {
                let id = try erp.ship(number, shared)
                #expect(id == "PS-1")
            }
            #expect(throws: DocumentFaults.self) { try erp.ship("SO-000001", shared) }
            let told = try #require(probe.get("/orders/SO-000002/shipments").json)
            #expect(told["shipments"]?.arrayValue?.map { $0["shared"] } == [true])
            #expect(told["closed_lines"] == ["id:0", "id:1"])
            #expect(erp.orders[1].shipments[0].packages[0].contents.map(\.lineNumber) == [10])
        }
    }

    @Test func `the automatic shipper sends the same for the same seed, told once it is told unchanged`() async throws {
        var runs: [[JSONValue]] = []
        for _ in 0..<2 {
            let clock = HandTurnedClock()
            var last: [JSONValue] = []
            try await withERP {
                $0.acceptAnyProduct = true
                $0.clock = clock.simulatorClock
                $0.shipper = ERPShipper(pauseMilliseconds: 1000...5000, shipmentsMax: 3, closesShortOneIn: 4)
            } _: { erp, probe in
                for number in 1...40 { #expect(probe.post("/orders", Self.order(number)).status == 201) }
                // Asked often or seldom: what is told is the same.
                for _ in 0..<(runs.isEmpty ? 16 : 2) {
                    clock.advance(milliseconds: runs.isEmpty ? 1000 : 8000)
                    let told = (1...40).compactMap { probe.get("/orders/r\($0)/shipments").json }
                    for (before, after) in zip(last, told) {
                        let kept = before["shipments"]?.arrayValue ?? []
                        let all = after["shipments"]?.arrayValue ?? []
                        #expect(Array(all.prefix(kept.count)) == kept)
                    }
                    last = told
                }
                #expect(erp.orders.allSatisfy { $0.openLines.isEmpty })
                #expect(Set(erp.orders.map(\.shipments.count)).count > 1)
                #expect(erp.orders.contains { !$0.closedLineNumbers.isEmpty })
            }
            runs.append(last)
        }
        #expect(runs[0] == runs[1] && runs[0].count == 40)
    }
}
