import Orders
import SinkKit
import SinkTesting
import Testing

@Suite("Good sinks")
struct GoodSinkTests {
    @Test(arguments: ["K", "L", "N"]) func `the sink in memory holds every rule of its class`(_ letter: String) async throws {
        let report = try #require(await SinkCheck.run(.reference(letter)))
        #expect(report.fallen.map(\.text) == [])
        #expect(report.notRun.map(\.text) == [])
        #expect(report.sinkClass == letter)
        #expect(report.results.count == SinkRule.all.count)
    }

    @Test func `what isn't declared is not applicable, never held`() async throws {
        let report = try #require(await SinkCheck.run(.bare()))
        for rule in ["cancel.cancels", "cancel.twice", "shipments.none", "validate.writes-nothing", "draft.release"] {
            #expect(report[rule]?.word == "not-applicable", "\(rule)")
        }
        #expect(report["class.look-up.latest-effect"]?.word == "not-applicable")
        #expect(report["class.neither.find"]?.word == "not-applicable")
    }

    @Test func `what can't be looked at is not run, and says why`() async throws {
        let report = try #require(await SinkCheck.run(.bare()))
        #expect(report.fallen.map(\.text) == [])
        for rule in [
            "create.cut-off", "create.killed", "create.one-send", "find.fails-closed", "decimal.long", "text.kept",
            "deadline.create",
            "draft.carried-on", "settings.unknown",
        ] {
            guard case .notRun(let why)? = report[rule] else {
                Issue.record("\(rule): \(String(describing: report[rule]))")
                continue
            }
            #expect(!why.isEmpty)
        }
        for rule in ["create.accepted", "create.then-find", "create.twice", "restart.remembers", "lines.many"] {
            #expect(report[rule]?.word == "held", "\(rule)")
        }
    }

    @Test func `a create whose time was up before it was sent is open, and wrong where nobody can say that it wasn't sent`()
        async throws
    {
        var target = SinkUnderTest.reference()
        let open = target.open
        target.open = { SlowSink(base: try await open()) }
        let found = try await verdict("deadline.create", target)
        guard case .notRun(let why)? = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect(why.contains("before it had sent the order: logging in took too long"))
        target.auditor = nil
        let unseen = try await verdict("deadline.create", target)
        #expect(unseen?.word == "fell", "\(String(describing: unseen))")
    }

    @Test func `a sink that can't be opened holds nothing`() async throws {
        var target = SinkUnderTest.bare()
        target.open = { throw SinkError(.misconfigured, "no such file") }
        let report = try #require(await SinkCheck.run(target))
        #expect(!report.hasLooked)
        #expect(report.results.allSatisfy { ["not-run", "not-applicable"].contains($0.verdict.word) })
    }
}

/// Takes more time to get ready than a rule about deadlines gives it.
private struct SlowSink: ERPSink {
    let base: any ERPSink
    var capabilities: SinkCapabilities { base.capabilities }

    func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
        try await base.find(key, context)
    }

    func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        if context.timeLimit < .seconds(1) { throw SinkError(.unavailable, "logging in took too long") }
        return try await base.create(order, context)
    }

    func check(_ context: SinkContext) async throws(SinkError) -> [String] { try await base.check(context) }
}

/// Declares its class and nothing else.
private struct BareSink: ERPSink {
    let base: ReferenceSink
    var capabilities: SinkCapabilities { SinkCapabilities(sinkClass: base.capabilities.sinkClass) }

    func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
        try await base.find(key, context)
    }

    func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        try await base.create(order, context)
    }

    func check(_ context: SinkContext) async throws(SinkError) -> [String] { try await base.check(context) }
}

extension SinkUnderTest {
    /// With no means but the sink itself.
    static func bare() -> SinkUnderTest {
        let erp = ReferenceERP("K")
        return SinkUnderTest("bare", sample: SinkSample(products: ReferenceERP.products, firstOrderID: 1001)) {
            BareSink(base: ReferenceSink(erp))
        }
    }
}
