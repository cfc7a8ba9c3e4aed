import Orders
import Settings
import SinkKit
import Sinks
import Synchronization
import Testing
import Transport

/// How long the REST sink waits, and what it repeats of what the ERP says.
@Suite struct RESTDeadlineTests {
    /// Answers everything alike and remembers how long it might have taken.
    private final class Recorder: HTTPExchange {
        let deadlines = Mutex<[HTTPDeadlines]>([])
        let answer: HTTPResponse

        init(_ answer: HTTPResponse) { self.answer = answer }

        func perform(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            deadlines.withLock { $0.append(request.deadlines) }
            return answer
        }
    }

    private func sink(_ recorder: Recorder, timeouts: HTTPDeadlines = HTTPDeadlines()) throws -> RESTSink {
        let clock = Silence()
        return RESTSink(
            RESTSinkSettings(sinkClass: .neither),
            endpoint: Endpoint(
                Endpoint.Settings(base: try BaseURL("http://erp.example"), deadlines: timeouts),
                surroundings: Endpoint.Surroundings(exchange: recorder, timekeeper: clock)), timekeeper: clock)
    }

    @Test(arguments: [(Duration.seconds(60), Duration.seconds(7)), (.seconds(5), .seconds(5)), (.seconds(1), .seconds(1))])
    func `the sink's own timeouts hold, and never more than the flow allows a call`(limit: Duration, total: Duration) async throws
    {
        let recorder = Recorder(HTTPResponse(status: 201, body: Array(#"{"number": "7"}"#.utf8)))
        let timeouts = HTTPDeadlines(connect: .seconds(2), total: .seconds(7), stall: .seconds(3))
        _ = try await sink(recorder, timeouts: timeouts).create(try sinkOrder(), SinkContext(timeLimit: limit))
        let expected = HTTPDeadlines(connect: min(.seconds(2), limit), total: total, stall: min(.seconds(3), limit))
        #expect(recorder.deadlines.withLock { $0 } == [expected])
    }

    /// Lets all time pass that a request allows, and never answers.
    private final class Silence: HTTPExchange, Timekeeper {
        private let passed = Mutex<(milliseconds: Int64, requests: Int)>((0, 0))

        var millisecondsSince1970: Int64 { passed.withLock { $0.milliseconds } }
        var requests: Int { passed.withLock { $0.requests } }

        func sleep(milliseconds: Int64) { passed.withLock { $0.milliseconds += max(0, milliseconds) } }

        func perform(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            passed.withLock { passed in
                passed.milliseconds += Int64(request.deadlines.total / .milliseconds(1))
                passed.requests += 1
            }
            throw TransportError(.timedOut, .unknown, "no answer")
        }
    }

    @Test(arguments: [Duration.seconds(10), .seconds(100)])
    func `a look-up that nobody answers ends by its time limit, with all that is repeated`(limit: Duration) async throws {
        let silence = Silence()
        let settings = RESTSinkSettings(sinkClass: .lookUp(latestEffect: .seconds(1)))
        let deadlines = HTTPDeadlines(connect: .seconds(2), total: .seconds(7), stall: .seconds(7))
        let sink = RESTSink(
            settings,
            endpoint: Endpoint(
                Endpoint.Settings(base: try BaseURL("http://erp.example"), deadlines: deadlines),
                surroundings: Endpoint.Surroundings(exchange: silence, timekeeper: silence)))
        let error = await sinkError { () throws(SinkError) in try await sink.find(sinkKey(), SinkContext(timeLimit: limit)) }
        #expect(error?.code == .unavailable)
        #expect(silence.requests > 1 && silence.millisecondsSince1970 <= Int64(limit / .milliseconds(1)))
    }

    @Test(arguments: [422, 500, 200])
    func `what the ERP says of a person is repeated nowhere, unless it is declared to be a reason`(status: Int) async throws {
        let body = #"{"error": {"customer": "Jan Jansen"}, "detail": "Jan Jansen owes us 12.50"}"#
        let sink = try sink(Recorder(HTTPResponse(status: status, body: Array(body.utf8))))
        let order = try sinkOrder()
        var text = ""
        do throws(SinkError) {
            if case .rejected(let faults) = try await sink.create(order, SinkContext()) {
                text = faults.map(\.message).joined()
            }
        } catch { text = error.message }
        #expect(!text.contains("Jan"))
        #expect(status == 200 || text.contains("\(status)") && text.contains("'error', 'detail'"), "\(text)")
    }
}
