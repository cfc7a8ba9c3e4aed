import Orders
import Settings
import SinkKit
import Sinks
import Synchronization
import Testing
import Transport

/// Answers that a real Tryton gives when it is busy, old, asked too often or in doubt.
@Suite struct TrytonWireTests {
    private let context = SinkContext()

    private static func order() throws -> SinkOrder { try ERPOrders.order([("SKU-1001", "1", "8.395")]) }

    @Test(arguments: [("/erp/rpc/", "/erp/"), ("/erp/", "/erp/rpc/")])
    func `the two generations are told apart at the log-in`(missing: String, path: String) async throws {
        let tryton = PretendedTryton { $0.path == missing ? .status(405) : nil }
        #expect(try await tryton.sink().find(try Self.order().key, context) == nil)
        #expect(tryton.calls.filter { $0.method != "common.db.login" }.allSatisfy { $0.path == path })
    }

    @Test func `a session that has ended is renewed once`() async throws {
        let logins = Mutex(0)
        let tryton = PretendedTryton { call in
            if call.method == "common.db.login" {
                let number = logins.withLock { logins in
                    logins += 1
                    return logins
                }
                return .result([2, .text("token\(number)"), nil])
            }
            // Base64 of connector:2:token1.
            return call.authorization == "Session Y29ubmVjdG9yOjI6dG9rZW4x" ? .status(401) : nil
        }
        #expect(try await tryton.sink().find(try Self.order().key, context) == nil)
        #expect(tryton.count("common.db.login") == 2 && tryton.count("web.shop.search_read") == 2)
    }

    @Test func `a session that is refused again and again ends the call`() async throws {
        let tryton = PretendedTryton { $0.method == "common.db.login" ? nil : .status(401) }
        let (sink, key) = (try tryton.sink(), try Self.order().key)
        let error = await sinkError { () throws(SinkError) in try await sink.find(key, context) }
        #expect(error?.code == .unauthorized && tryton.count("common.db.login") == 2)
    }

    @Test(arguments: [(401, SinkError.Code.unauthorized), (429, .throttled)])
    func `a refused log-in is not tried again, however many calls come`(status: Int, code: SinkError.Code) async throws {
        let tryton = PretendedTryton { _ in .status(status) }
        let (sink, key) = (try tryton.sink(), try Self.order().key)
        for _ in 0..<5 {
            let error = await sinkError { () throws(SinkError) in try await sink.find(key, context) }
            #expect(error?.code == code && error?.message.contains("hush") == false)
        }
        #expect(tryton.calls.count == 1)
    }

    /// What a create's answer may be, and what it means.
    private static let creates: [(PretendedTryton.Answer, SinkError.Code)] = [
        (.cut, .unknownOutcome), (.status(500), .unknownOutcome), (.status(502), .unknownOutcome),
        (.status(503), .unknownOutcome), (.status(504), .unknownOutcome), (.status(200), .unknownOutcome),
        (.error(["database is locked", ""]), .unknownOutcome), (.error(["ConcurrencyException", ["x"]]), .notApplied),
        (.error(["'web_shop'", ""]), .misconfigured), (.status(403), .misconfigured), (.status(422), .misconfigured),
        (.status(429), .throttled),
    ]

    @Test(arguments: creates.indices)
    func `a create is posted once, and nothing is taken for certain that isn't`(index: Int) async throws {
        let (answer, code) = Self.creates[index]
        let tryton = PretendedTryton { $0.method == "sale.sale.create" ? answer : nil }
        let (sink, order) = (try tryton.sink(), try Self.order())
        let error = await sinkError { () throws(SinkError) in try await sink.create(order, context) }
        #expect(error?.code == code, "\(answer): \(error?.message ?? "")")
        #expect(tryton.count("sale.sale.create") == 1)
    }

    @Test func `a look-up that failed isn't 'not found'`() async throws {
        for answer in [PretendedTryton.Answer.cut, .status(500), .status(503), .error(["UserError", ["no", "", nil]])] {
            let tryton = PretendedTryton { $0.method == "sale.sale.search_read" ? answer : nil }
            let (sink, order) = (try tryton.sink(), try Self.order())
            await #expect(throws: SinkError.self, "\(answer)") { try await sink.find(order.key, context) }
            await #expect(throws: SinkError.self, "\(answer)") { try await sink.create(order, context) }
            #expect(tryton.count("sale.sale.create") == 0)
        }
    }

    @Test func `a refusal is told in Tryton's words, cut, and without what the customer said`() async throws {
        let order = try Self.order()
        let name = try #require(order.customer?.name)
        let text = "The party \(name) at Voorbeeldstraat is blocked. " + String(repeating: "long ", count: 20_000)
        let tryton = PretendedTryton { call in
            call.method == "sale.sale.create" ? .error(["UserError", [.text(text), "", ["a": "domain"]]]) : nil
        }
        guard case .rejected(let faults) = try await tryton.sink().create(order, context) else {
            Issue.record("it wasn't rejected")
            return
        }
        let message = try #require(faults.first?.message)
        #expect(message.contains("The party ••• at ••• is blocked.") && message.count < 400, "\(message)")
    }

    @Test func `a warning is for a person, unless the settings agree to it`() async throws {
        let order = try Self.order()
        let state = Mutex((isMade: false, isAgreed: false, sale: "draft"))
        let tryton = PretendedTryton { call in
            state.withLock { state in
                switch call.method {
                case "sale.sale.create":
                    state.isMade = true
                    return nil
                case "sale.sale.search_read": return state.isMade ? .result(PretendedTryton.sale(order, state: state.sale)) : nil
                case "sale.line.search_read": return .result(PretendedTryton.lines(order))
                case "res.user.warning.skip":
                    state.isAgreed = true
                    return .result(nil)
                case "sale.sale.quote" where !state.isAgreed:
                    return .error(["UserWarning", ["sale_late_1", "It is late.", "Really?"]])
                case "sale.sale.quote":
                    state.sale = "quotation"
                    return nil
                default: return nil
                }
            }
        }
        let strict = try tryton.sink { $0.confirmation = .quotation }
        let error = await sinkError { () throws(SinkError) in try await strict.create(order, context) }
        #expect(error?.code == .conflict && error?.message.contains("warns (sale_late_1): It is late. Really?") == true)
        #expect(tryton.count("res.user.warning.skip") == 0)
        let agreeing = try tryton.sink {
            $0.confirmation = .quotation
            $0.agreedWarnings = ["sale_late_"]
        }
        #expect(try await agreeing.create(order, context).receipt?.state == .draft)
        #expect(tryton.count("sale.sale.quote") == 3 && tryton.count("sale.sale.create") == 1)
    }

    @Test func `an answer to quote that got lost leaves the outcome open, and the same create carries the sale on`() async throws
    {
        let order = try Self.order()
        let state = Mutex((isMade: false, quotes: 0, sale: "draft"))
        let tryton = PretendedTryton { call in
            state.withLock { state in
                switch call.method {
                case "sale.sale.create": state.isMade = true
                case "sale.sale.search_read": return state.isMade ? .result(PretendedTryton.sale(order, state: state.sale)) : nil
                case "sale.line.search_read": return .result(PretendedTryton.lines(order))
                case "sale.sale.quote":
                    (state.quotes, state.sale) = (state.quotes + 1, "quotation")
                    return .cut
                default: break
                }
                return nil
            }
        }
        let sink = try tryton.sink { $0.confirmation = .quotation }
        let error = await sinkError { () throws(SinkError) in try await sink.create(order, context) }
        #expect(error?.code == .unknownOutcome)
        #expect(try await sink.create(order, context).receipt?.state == .draft)
        #expect(tryton.count("sale.sale.quote") == 1 && tryton.count("sale.sale.create") == 1)
    }

    @Test func `an order that can't be sent soon enough isn't sent`() async throws {
        let tryton = PretendedTryton { _ in nil }
        let (sink, order) = (try tryton.sink(), try Self.order())
        let late = SinkContext(startLimit: .zero)
        let error = await sinkError { () throws(SinkError) in try await sink.create(order, late) }
        #expect(error?.code == .notSentInTime && tryton.count("sale.sale.create") == 0)
    }

    /// A clock that a test sets.
    private final class SetClock: Timekeeper {
        private let now = Mutex<Int64>(1_900_000_000_000)
        var millisecondsSince1970: Int64 { now.withLock { $0 } }
        var uptime: Uptime { SystemTimekeeper().uptime }
        func sleep(milliseconds: Int64) async throws { pass(milliseconds) }
        func pass(_ milliseconds: Int64) { now.withLock { $0 += milliseconds } }
    }

    @Test func `a look-up that nobody answers ends by its time limit, with all that is repeated`() async throws {
        let clock = SetClock()
        let tryton = PretendedTryton { call in
            guard call.method == "sale.sale.search_read" else { return nil }
            clock.pass(1500)
            return .cut
        }
        let (sink, key) = (try tryton.sink(timekeeper: clock), try Self.order().key)
        let error = await sinkError { () throws(SinkError) in try await sink.find(key, SinkContext(timeLimit: .seconds(2))) }
        #expect(
            error != nil && (1...2).contains(tryton.count("sale.sale.search_read")), "\(tryton.count("sale.sale.search_read"))")
    }

    @Test func `a log-in that takes long leaves the create the time that is left, not a new one`() async throws {
        let clock = SetClock()
        let isExpired = Mutex(false)
        let tryton = PretendedTryton { call in
            switch call.method {
            case "sale.sale.create" where isExpired.withLock({ $0 }): return nil
            case "sale.sale.create":
                isExpired.withLock { $0 = true }
                return .status(401)
            case "common.db.login" where isExpired.withLock({ $0 }):
                clock.pass(6000)
                return nil
            default: return nil
            }
        }
        let (sink, order) = (try tryton.sink(timekeeper: clock), try Self.order())
        let error = await sinkError { () throws(SinkError) in
            try await sink.create(order, SinkContext(startLimit: .seconds(5)))
        }
        #expect(error?.code == .notSentInTime && tryton.count("sale.sale.create") == 1, "\(error?.message ?? "")")
    }

    @Test func `a button isn't pressed later than the create might be sent, and the next create presses it`() async throws {
        let clock = SetClock()
        let order = try Self.order()
        let sale = Mutex<String?>(nil)
        let tryton = PretendedTryton { call in
            switch call.method {
            case "sale.sale.create":
                sale.withLock { $0 = "draft" }
                clock.pass(6000)
                return nil
            case "sale.sale.search_read": return sale.withLock { $0 }.map { .result(PretendedTryton.sale(order, state: $0)) }
            case "sale.line.search_read": return .result(PretendedTryton.lines(order))
            case "sale.sale.quote":
                sale.withLock { $0 = "quotation" }
                return nil
            default: return nil
            }
        }
        let sink = try tryton.sink(timekeeper: clock) { $0.confirmation = .quotation }
        let error = await sinkError { () throws(SinkError) in
            try await sink.create(order, SinkContext(startLimit: .seconds(5)))
        }
        #expect(error?.code == .unknownOutcome && tryton.count("sale.sale.quote") == 0, "\(error?.message ?? "")")
        let answer = try await sink.create(order, SinkContext(startLimit: .seconds(5)))
        #expect(answer.receipt?.state == .draft && tryton.count("sale.sale.quote") == 1)
        #expect(tryton.count("sale.sale.create") == 1)
    }
}
