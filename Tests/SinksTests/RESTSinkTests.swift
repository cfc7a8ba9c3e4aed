import Orders
import Settings
import Simulators
import SinkKit
import Sinks
import Testing

@Suite("The REST sink")
struct RESTSinkTests {
    @Test func `an order is made, with numbers for its lines, and found again by our key`() async throws {
        try await RemoteERP.run { erp in
            let receipt = try await erp.sink.create(try sinkOrder(), erp.context).receipt
            let expected = SinkReceipt(
                erpOrderNumber: "SO-000001", state: .confirmed,
                lines: [100, 101, 102].enumerated().map {
                    SinkReceiptLine(lineKey: "id:\($1)", erpLineNumber: Int64($0 + 1) * 10)
                })
            #expect(receipt == expected)
            #expect(try await erp.sink.find(sinkKey(), erp.context) == expected)
            #expect(try await erp.sink.find(sinkKey(2), erp.context) == nil)
        }
    }

    @Test func `what is posted is the order as it is, with our key in header and body`() async throws {
        try await RemoteERP.run { erp in
            let order = try sinkOrder(quantity: "123456789012345678901234567890.10")
            _ = try await erp.sink.create(order, erp.context)
            let posted = try #require(erp.simulator.orders.first)
            #expect(posted.externalReference == "crossdock:demo:1")
            for member in order.json.members where member.name.value != "lines" {
                #expect(posted.json[member.name.value] == member.value, "\(member.name.value)")
            }
            #expect(posted.lines[0]["quantity"]?.stringValue == "123456789012345678901234567890.10")
            #expect(posted.lines[0]["unit_price"]?.stringValue == "12.5000")
            #expect(posted.json["customer"]?["name"]?.stringValue == "Bakkerij Ö \"De Lelie\" 🥐")
            let request = try #require(erp.simulator.requestLog.last { $0.method == "POST" })
            #expect(request.target == "/orders")
        }
    }

    @Test func `with class K the same bytes again are the same order, others are a conflict`() async throws {
        try await RemoteERP.run { erp in
            let first = try await erp.sink.create(try sinkOrder(), erp.context)
            let again = try await erp.sink.create(try sinkOrder(), erp.context)
            #expect(first == again)
            let error = try await erp.createError(quantity: "3")
            #expect(error?.code == .conflict && error?.message.contains("409") == true)
            #expect(erp.simulator.orders.count == 1 && erp.posts == 3)
        }
    }

    @Test func `a refusal lists every fault with its place`() async throws {
        try await RemoteERP.run(erp: { $0.acceptAnyProduct = false }) { erp in
            let answer = try await erp.sink.create(try sinkOrder(products: ["none", "", "nix"]), erp.context)
            guard case .rejected(let faults) = answer else {
                Issue.record("answered \(answer)")
                return
            }
            #expect(faults.map(\.path) == ["lines[0].product", "lines[1].product", "lines[2].product"])
            #expect(faults.first?.message == "there is no product 'none'")
            #expect(erp.simulator.orders.isEmpty)
        }
    }

    @Test func `a refusal without readable faults is still one, with the status`() async throws {
        try await RemoteERP.run { erp in
            erp.fail(.status(422, retryAfterSeconds: nil))
            guard case .rejected(let faults) = try await erp.sink.create(try sinkOrder(), erp.context) else {
                Issue.record("not rejected")
                return
            }
            #expect(faults.count == 1 && faults[0].message.contains("422"))
        }
    }

    @Test func `each line's outcome is told, by our line id`() async throws {
        try await RemoteERP.run(erp: { ($0.rejectedPrefix, $0.backorderedPrefix) = ("R", "B") }) { erp in
            let receipt = try await erp.sink.create(try sinkOrder(products: ["124", "B1", "R1"]), erp.context).receipt
            #expect(receipt?.lines.map(\.lineKey) == ["id:100", "id:101", "id:102"])
            #expect(receipt?.lines.map(\.outcome) == [.accepted, .backordered, .rejected])
            #expect(receipt?.isWhole == false)
        }
    }

    @Test(arguments: [("draft", SinkReceipt.State.draft), ("confirmed", .confirmed), ("cancelled", .cancelled)])
    func `the state of the ERP's order is told`(_ word: String, _ state: SinkReceipt.State) async throws {
        try await RemoteERP.run(erp: { $0.stateOfNewOrders = word }) { erp in
            let made = try await erp.sink.create(try sinkOrder(), erp.context).receipt
            let found = try await erp.sink.find(sinkKey(), erp.context)
            #expect(made?.state == state && found?.state == state)
        }
    }

    @Test func `two orders under one key are a conflict that names the first`() async throws {
        try await RemoteERP.run(.lookUp) { erp in
            _ = try await erp.sink.create(try sinkOrder(), erp.context)
            _ = try await erp.sink.create(try sinkOrder(), erp.context)
            let error = await erp.findError()
            #expect(
                error?.code == .conflict && error?.message.contains("2 orders") == true
                    && error?.message.contains("SO-000001") == true)
        }
    }

    @Test func `an ERP that passes over our filter is not believed`() async throws {
        // Without its filter this ERP refuses; one that lists the other orders instead is stood in for by asking for another key.
        let path = "/orders?external_reference=crossdock:demo:1&ours={key}"
        try await RemoteERP.run(sink: { $0.findPath = path }) { erp in
            _ = try await erp.sink.create(try sinkOrder(1), erp.context)
            #expect(try await erp.sink.find(sinkKey(1), erp.context) != nil)
            let error = await erp.findError(2)
            #expect(error?.code == .misconfigured && error?.message.contains("does the ERP know that filter?") == true)
        }
    }

    @Test func `a sink that can't look up says so and asks nothing`() async throws {
        try await RemoteERP.run(.neither, sink: { $0.findPath = nil }) { erp in
            #expect(await erp.findError()?.code == .misconfigured)
            let lines = try await erp.sink.check(erp.context)
            #expect(lines.first?.contains("nothing can be asked") == true)
            #expect(erp.simulator.requestLog.isEmpty)
        }
    }

    @Test func `a check reads, and writes nothing`() async throws {
        try await RemoteERP.run { erp in
            let lines = try await erp.sink.check(erp.context)
            #expect(lines == ["GET /orders was answered with 200"])
            #expect(erp.posts == 0)
        }
        try await RemoteERP.run(key: "wrong") { erp in
            let error = await sinkError { () throws(SinkError) in try await erp.sink.check(erp.context) }
            #expect(error?.code == .unauthorized)
        }
    }
}
