import Engine
import Ledger
import OrderFlow
import Orders
import Simulators
import Testing
import Transport

/// Lists in which an order isn't as it should be.
@Suite struct OddListTests {
    /// Changes the entries of every list, and nothing else.
    private struct AlteringExchange: HTTPExchange {
        let base: any HTTPExchange
        let alter: @Sendable ([JSONValue]) -> [JSONValue]

        func perform(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            var response = try await base.perform(request)
            guard request.url.contains("/api/order/?"), var page = (try? JSONValue(parsing: response.body))?.objectValue else {
                return response
            }
            page["results"] = .array(alter(page["results"]?.arrayValue ?? []))
            response.body = JSONValue.object(page).serialized()
            return response
        }
    }

    @Test func `an order without an id is told of in every run, and the others go on`() async throws {
        let bench = try await Workbench(
            orders: 5,
            exchange: { base in
                AlteringExchange(base: base) { entries in
                    entries.map { entry in
                        guard entry["id"] == 100_003, var object = entry.objectValue else { return entry }
                        object["id"] = .null
                        return .object(object)
                    }
                }
            })
        let reference = try #require(bench.shopText(100_003, "reference"))
        let first = await bench.run()
        #expect(first.counts.finished == 4, "\(first)")
        #expect(first.withoutID == [reference], "\(first)")
        #expect(bench.shopText(100_003, "state") == "confirmed")
        let run = try #require(bench.ledger.runs(limit: 1).first)
        #expect(run.outcome?.contains("without an id, which can't be read: \(reference)") ?? false, "\(run)")
        #expect(bench.ledger.memory(flow: "main").watermark == nil, "the list wasn't seen whole")
        #expect(await bench.run().withoutID == [reference], "nothing of it can be recorded, so it is never old news")
        await bench.stop()
    }

    @Test func `an order that is listed with a state that nobody knows is for a person`() async throws {
        let bench = try await Workbench(
            orders: 3,
            exchange: { base in
                AlteringExchange(base: base) { $0 + [["id": 100_002, "state": "hovering"], ["id": 7, "state": "draft"]] }
            })
        bench.shop.edit(100_002, ["state": "hovering"])
        let report = await bench.run()
        #expect(report.counts.finished == 2, "\(report)")
        #expect(bench.reason(100_002) == .unknownState)
        #expect(bench.reason(7) == nil, "a state that the query doesn't ask for shows a filter that is ignored")
        await bench.stop()
    }
}
