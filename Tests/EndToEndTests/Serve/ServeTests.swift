import Foundation
import Glibc
import Orders
import Simulators
import TestSupport
import Testing

/// The built binary as a service, against the bundled shop.
@Suite struct ServeTests {
    private static let everySecond = "    schedule: {every: 1s}"
    private static let everyDay = "    schedule: {every: 1d}"

    @Test func `orders are done at each tick, health tells it, and a stop ends it with 0`() async throws {
        let installation = try await Installation(extra: Self.everySecond)
        let service = try await RunningService(installation)
        try await Waiting.until { try await service.health().outcome("main") == "done" }
        let standings = try await installation.standings()
        #expect(standings.values.filter { $0.standing == "finished" }.count == 28)
        let held = try #require(standings.first { $0.value.reason == "payment_started" }?.key)
        installation.shop.pay(held)
        try await Waiting.until { installation.shopText(held, "shipment_state") == "sent" }
        let health = try await service.health()
        #expect(health.status == 200 && health.body["ready"] == true && health.body["ledger"]?.stringValue == "writable")
        #expect(health.flow("main")?["next_tick"]?.stringValue?.hasSuffix("Z") == true)
        #expect(!health.body.compactText.contains("secret") && !health.body.compactText.contains("CS48"))
        service.program.send(SIGHUP)
        let status = try await installation.crossdock("status", "--json")
        let schedule = try JSONValue(parsing: status.output)["schedules"]?.arrayValue?.first
        #expect(schedule?["schedule"]?.stringValue == "every 1s" && schedule?["next_tick_at_ms"]?.integerValue != nil)
        let ending = try await service.end()
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(ending.errors.contains("is read at the start only"), "\(ending.errors)")
        await installation.stop()
    }

    @Test func `a stop amidst a run leaves what the next start carries on at once, between two ticks`() async throws {
        let installation = try await Installation(sink: .remote(.key), extra: Self.everyDay) { $0.orders = 200 }
        let erp = try #require(installation.erp)
        erp.addFault(FaultRule(method: "POST", action: .delay(milliseconds: 300, .after)))
        let first = try await RunningService(installation)
        try await Waiting.until { !erp.orders.isEmpty }
        #expect(try await first.end(SIGINT).status == 0)
        let made = erp.orders.count
        #expect(made < 200)
        #expect(installation.shop.orderIDs(state: "processing").count == made, "an order was left half-told")
        erp.clearFaults()
        let second = try await RunningService(installation)
        try await Waiting.until { installation.shop.orderIDs(state: "processing").count == 200 }
        #expect(try await second.end().status == 0)
        #expect(erp.audit().values.allSatisfy { $0.ordersCreated == 1 })
        await installation.stop()
    }

    @Test func `two services beside each other run a flow once, and count the ticks that the other has`() async throws {
        let installation = try await Installation(sink: .remote(.key), extra: Self.everySecond) { $0.orders = 40 }
        let erp = try #require(installation.erp)
        erp.addFault(FaultRule(method: "POST", times: 1, action: .delay(milliseconds: 4000, .before)))
        let first = try await RunningService(installation)
        try await Waiting.until { erp.requestCounts["POST orders"] != nil }
        let second = try await RunningService(installation)
        try await Waiting.until { second.events("skipped").contains { $0["by_other_process"] == true } }
        try await Waiting.until { installation.shop.orderIDs(state: "processing").count == 40 }
        #expect(try await installation.crossdock("sync").status ?? -1 != 1)
        #expect(try await first.end().status == 0)
        #expect(try await second.end().status == 0)
        #expect(erp.orders.count == 40)
        #expect(erp.audit().values.allSatisfy { $0.ordersCreated == 1 })
        await installation.stop()
    }

    @Test func `ticks that a stopped service missed are made up by one run`() async throws {
        let installation = try await Installation(extra: "    schedule: {every: 2s}")
        #expect(try await installation.crossdock("sync").status == 1)
        let began = Date()
        // Three ticks at the least pass, and none is anybody's.
        try await Waiting.until { Date().timeIntervalSince(began) > 8 }
        let service = try await RunningService(installation)
        try await Waiting.until { try await service.health().outcome("main") == "done" && !service.events("summary").isEmpty }
        let missed = try await service.health().flow("main")?["missed_ticks"]?.integerValue ?? 0
        #expect(missed >= 2)
        #expect(try await service.end().status == 0)
        let runs = try JSONValue(parsing: try await installation.crossdock("status", "--json").output)["runs"]?.arrayValue ?? []
        #expect(runs.count < 2 + Int(missed), "each missed tick had a run of its own")
        await installation.stop()
    }

    @Test func `a flow whose shop is down is tried at each tick, and doesn't touch the others`() async throws {
        let closed = try ClosedPort()
        let installation = try await Installation(
            extra: """
                \(Self.everySecond)
                  down:
                    shop: down
                    sink: erp
                    since: 2020-01-01
                    schedule: {every: 1s}
                """)
        let yaml = try String(contentsOfFile: installation.configurationPath, encoding: .utf8)
        let shop = "  down: {base_url: \"http://127.0.0.1:\(closed.number)\", timeouts: {connect: 1s, total: 1s}}\nsinks:"
        try yaml.replacing("sinks:", with: shop, maxReplacements: 1).write(
            toFile: installation.configurationPath, atomically: true, encoding: .utf8)
        let service = try await RunningService(installation)
        try await Waiting.until { service.events("summary").filter { "\($0)".contains("down") }.count >= 2 }
        try await Waiting.until { try await service.health().outcome("main") == "done" }
        let health = try await service.health()
        #expect(health.status == 200 && health.outcome("down") == "outage", "\(health.body.compactText)")
        #expect(try await service.end().status == 0)
        await installation.stop()
    }

    @Test func `what can't work is told before anything is contacted`() async throws {
        let installation = try await Installation(extra: "    schedule: {cron: \"61 * * * *\"}")
        let ending = try await installation.crossdock("serve")
        #expect(ending.status == 78)
        #expect(ending.errors.contains("flows.main.schedule.cron: '61 * * * *' is no cron expression, at character 1"))
        #expect(installation.shop.requestLog.isEmpty)
        try installation.writeConfiguration(.file, extra: "    webhook: {secret: 0123456789abcdef}")
        let refused = try await installation.crossdock("serve")
        #expect(refused.status == 78 && refused.errors.contains("sink 'erp' takes no messages"), "\(refused.errors)")
        await installation.stop()
    }

    @Test func `a port that is taken is told of, and ends it with 75`() async throws {
        let installation = try await Installation(extra: Self.everyDay)
        let first = try await RunningService(installation)
        let second = try await installation.crossdock("serve", "--port", String(first.port))
        #expect(second.status == 75 && second.errors.contains("can't listen on 127.0.0.1:\(first.port)"), "\(second.errors)")
        #expect(try await first.end().status == 0)
        await installation.stop()
    }
}
