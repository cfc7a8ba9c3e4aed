import Foundation
import Glibc
import Orders
import Simulators
import TestSupport
import Testing

/// The built binary against the bundled shop.
@Suite struct SyncTests {
    @Test func `every order of the fixtures ends where its file says`() async throws {
        let installation = try await Installation()
        let first = try await installation.crossdock("sync")
        #expect(first.status == 1, "\(first.errors)")
        let standings = try await installation.standings()
        let reasons = standings.values.reduce(into: [String: Int]()) { $0[$1.reason, default: 0] += 1 }
        #expect(
            reasons == [
                "finished": 28, "payment_started": 1, "unpaid": 1, "payment_cancelled": 1, "payment_missing": 2,
                "payment_unknown": 1,
                "settling": 1, "total_mismatch": 1, "malformed": 6, "rejected": 3,
            ])
        for (id, stands) in standings where stands.standing == "finished" {
            #expect(installation.shopText(id, "state") == "processing")
            #expect(installation.shopText(id, "shipment_state") == "sent")
            let lines = installation.shop.order(id)?["order_lines"]?.arrayValue ?? []
            #expect(lines.allSatisfy { $0["type"]?.stringValue != "line" || $0["erp_line_number"]?.integerValue != nil })
        }
        for (id, stands) in standings where stands.standing != "finished" {
            #expect(installation.shopText(id, "state") == "confirmed", "order \(id) was touched")
        }
        let numbers = try Self.query(
            "SELECT count(*), count(DISTINCT order_id) FROM orders", installation.folder.path + "/erp.db")
        #expect(numbers == "28|28")
        await installation.stop()
    }

    @Test func `a dry run writes nothing into the ledger, whose turn it is under a shared limit neither`() async throws {
        let installation = try await Installation { $0.orders = 2 }
        let path = installation.configurationPath
        try String(contentsOfFile: path, encoding: .utf8)
            .replacing("total_field:", with: "rate_limit: {requests: 50, per: 1s, shared: true}\n    total_field:")
            .write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try await installation.crossdock("sync").status == 0)
        let ledger = installation.folder.path + "/ledger.db"
        func places() throws -> String { try Self.query("SELECT * FROM limiter_places ORDER BY account, place", ledger) }
        let before = try places()
        #expect(!before.isEmpty)
        let log = installation.shop.requestLog.count
        #expect(try await installation.crossdock("sync", "--dry-run").status == 0)
        #expect(installation.shop.requestLog.count > log)
        #expect(try places() == before)
        await installation.stop()
    }

    @Test func `a second run writes nothing and says so, a third picks up what was paid meanwhile`() async throws {
        let installation = try await Installation()
        _ = try await installation.crossdock("sync")
        let writes = installation.shop.writes
        let second = try await installation.crossdock("sync")
        #expect(second.status == 0)
        #expect(second.output.contains("nothing was written to the shop or the ERP"))
        #expect(installation.shop.writes == writes)
        let held = try #require(try await installation.standings().first { $0.value.reason == "payment_started" }?.key)
        installation.shop.pay(held)
        #expect(try await installation.crossdock("sync").status == 0)
        #expect(try await installation.standings()[held]?.standing == "finished")
        await installation.stop()
    }

    @Test func `a dry run writes nothing anywhere and shows what it would send`() async throws {
        let installation = try await Installation(sink: .remote(.key))
        _ = try await installation.crossdock("sync", "--dry-run")
        #expect(!FileManager.default.fileExists(atPath: installation.folder.path + "/ledger.db"))
        let held = 48130
        #expect(try await installation.crossdock("sync").status ?? -1 <= 1)
        installation.shop.pay(held)
        let before = try Snapshot(installation)
        let dry = try await installation.crossdock("sync", "--dry-run")
        #expect(dry.status == 0, "\(dry.errors)")
        #expect(dry.output.contains("would send: create attempt 1"))
        #expect(dry.output.contains("\"key\": \"crossdock:test:48130\""))
        #expect(try Snapshot(installation) == before)
        await installation.stop()
    }

    @Test func `a dry run before the first one shows what will go into an ERP that must be waited for`() async throws {
        let installation = try await Installation(sink: .remote(.lookUp, latestEffect: "60s")) { $0.orders = 2 }
        let dry = try await installation.crossdock("sync", "--dry-run")
        #expect(dry.status == 0, "\(dry.errors)")
        #expect(dry.output.components(separatedBy: "would send: create attempt 1").count == 3, "\(dry.output)")
        #expect(installation.erp?.orders.isEmpty ?? false)
        #expect(!FileManager.default.fileExists(atPath: installation.folder.path + "/ledger.db"))
        await installation.stop()
    }

    /// Everything a run could have written: the ledger's bytes, the shop's orders, the ERP's orders.
    private struct Snapshot: Equatable {
        var ledger: [String: Data] = [:]
        var shop: [Int: String] = [:]
        var erp: [String]

        init(_ installation: Installation) throws {
            let folder = installation.folder.path
            for name in try FileManager.default.contentsOfDirectory(atPath: folder)
            where name.hasPrefix("ledger.db") && !name.hasSuffix("-shm") {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
                // A reader of a WAL database may leave an empty log behind; that is no write.
                if !bytes.isEmpty { ledger[name] = bytes }
            }
            for state in ["confirmed", "processing", "done"] {
                for id in installation.shop.orderIDs(state: state) { shop[id] = installation.shop.order(id)?.compactText }
            }
            erp = installation.erp?.orders.map { "\($0)" } ?? []
        }
    }

    @Test func `a run that finds another one active ends with 75`() async throws {
        let installation = try await Installation(sink: .remote(.key)) { $0.orders = 3 }
        let erp = try #require(installation.erp)
        erp.addFault(FaultRule(method: "POST", times: 1, action: .delay(milliseconds: 25_000, .before)))
        let first = try installation.start("sync")
        try await Waiting.until { erp.requestCounts["POST orders"] != nil }
        let second = try await installation.crossdock("sync")
        #expect(second.status == 75)
        #expect(second.errors.contains("another run of this flow is active"))
        #expect(try await first.waitForEnd().status == 0)
        #expect(erp.orders.count == 3)
        await installation.stop()
    }

    @Test func `SIGTERM finishes what is in flight, begins nothing new and ends with 75`() async throws {
        let installation = try await Installation(sink: .remote(.key)) { $0.orders = 200 }
        let erp = try #require(installation.erp)
        erp.addFault(FaultRule(method: "POST", action: .delay(milliseconds: 300, .after)))
        let run = try installation.start("sync")
        try await Waiting.until { !erp.orders.isEmpty }
        run.send(SIGTERM)
        let ending = try await run.waitForEnd()
        #expect(ending.status == 75, "\(ending.errors)")
        let made = erp.orders.count
        #expect(made < 200)
        #expect(installation.shop.orderIDs(state: "processing").count == made, "an order was left half-told")
        erp.clearFaults()
        #expect(try await installation.crossdock("sync").status == 0)
        #expect(erp.orders.count == 200)
        #expect(erp.audit().values.allSatisfy { $0.ordersCreated == 1 })
        await installation.stop()
    }

    static func query(_ sql: String, _ path: String) throws -> String {
        let output = try ChildProgram.output(of: ["sqlite3", path, sql])
        return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
