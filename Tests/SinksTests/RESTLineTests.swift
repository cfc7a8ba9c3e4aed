import Logging
import Orders
import Settings
import SinkKit
import Sinks
import Synchronization
import Testing
import Transport

/// How lines of an ERP's answer find ours, in answers that the bundled ERP doesn't give.
@Suite("Lines in the REST sink's receipts")
struct RESTLineTests {
    private func receipt(_ lines: String, ids: [Int64?] = [100, 101, 102], lineKey: String = "line_id") async throws
        -> SinkReceipt?
    {
        let answer = #"{"number": 77, "state": "open", "lines": \#(lines)}"#
        var settings = RESTSinkSettings(sinkClass: .neither)
        settings.lineKeyPath = lineKey
        let endpoint = Endpoint(
            Endpoint.Settings(base: try BaseURL("http://erp.example")),
            surroundings: Endpoint.Surroundings(exchange: OneAnswer(body: Array(answer.utf8))))
        let plain = try sinkOrder()
        var order = plain.order
        for (index, id) in ids.enumerated() { order.lines[index].id = id }
        let withIDs = SinkOrder(key: plain.key, order: order, customer: nil, shipmentAddress: nil, invoiceAddress: nil)
        return try await RESTSink(settings, endpoint: endpoint).create(withIDs, SinkContext()).receipt
    }

    private func summary(_ receipt: SinkReceipt?) -> [String] {
        (receipt?.lines ?? []).map { "\($0.lineKey)=\($0.erpLineNumber.map(String.init) ?? "none") \($0.outcome)" }.sorted()
    }

    @Test func `lines in another order find ours by id, numbers and texts alike`() async throws {
        let lines = #"[{"line_id": "102", "number": 1}, {"line_id": 100, "number": "2"}, {"line_id": 101, "number": 3}]"#
        #expect(summary(try await receipt(lines)) == ["id:100=2 accepted", "id:101=3 accepted", "id:102=1 accepted"])
    }

    @Test func `an ERP that gives back the whole line key is understood too`() async throws {
        let lines = #"[{"line": "id:101", "number": 1}, {"line": "id:100", "number": 2}, {"line": "position:3", "number": 3}]"#
        let receipt = try await receipt(lines, ids: [100, 101, nil], lineKey: "line")
        #expect(summary(receipt) == ["id:100=2 accepted", "id:101=1 accepted", "position:3=3 accepted"])
    }

    @Test func `lines without any key are taken in their order, if none is missing`() async throws {
        let lines = #"[{"number": 5}, {"number": 6}, {"number": 7}]"#
        #expect(summary(try await receipt(lines)) == ["id:100=5 accepted", "id:101=6 accepted", "id:102=7 accepted"])
        let short = #"[{"number": 5}, {"number": 6}]"#
        #expect(summary(try await receipt(short)) == ["id:100=none rejected", "id:101=none rejected", "id:102=none rejected"])
    }

    @Test func `a line without an id is the one that is left, wherever it stands`() async throws {
        let lines = #"[{"line_id": null, "number": 1}, {"line_id": 100, "number": 2}, {"line_id": 102, "number": 3}]"#
        let receipt = try await receipt(lines, ids: [100, nil, 102])
        #expect(summary(receipt) == ["id:100=2 accepted", "id:102=3 accepted", "position:2=1 accepted"])
    }

    @Test func `a line that the answer leaves out is one that the ERP didn't take`() async throws {
        let lines =
            #"[{"line_id": 100, "number": 10}, {"line_id": 102, "number": 20, "status": "changed", "message": "two left"}]"#
        let receipt = try #require(try await receipt(lines))
        #expect(summary(receipt) == ["id:100=10 accepted", "id:101=none rejected", "id:102=20 changed"])
        #expect(receipt.lines.first { $0.lineKey == "id:102" }?.message == "two left")
        #expect(!receipt.isWhole)
    }

    @Test func `an answer without lines gives a receipt with the number alone`() async throws {
        let receipt = try await receipt("[]")
        #expect(receipt == SinkReceipt(erpOrderNumber: "77", state: .confirmed, lines: []))
    }
}

/// Answers every request alike, without a socket.
private struct OneAnswer: HTTPExchange {
    let body: [UInt8]

    func perform(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        HTTPResponse(status: 201, headers: ["Content-Type": "application/json"], body: body)
    }
}
