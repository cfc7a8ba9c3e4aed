import Foundation
import Orders
import Simulators
import TestSupport
import Testing

/// `crossdock ledger`, over the built binary.
@Suite struct LedgerTests {
    private func path(_ installation: Installation, _ name: String = "ledger.db") -> String {
        installation.folder.path + "/" + name
    }

    @Test func `verify says what it checked in figures, and ends with 1 where something is wrong`() async throws {
        let installation = try await Installation()
        _ = try await installation.crossdock("sync")
        let sound = try await installation.crossdock("ledger", "verify", "--json")
        #expect(sound.status == 0, "\(sound.output)")
        let figures = try JSONValue(parsing: sound.output)
        #expect(figures["whole"]?.boolValue == true && figures["orders"]?.integerValue == 45, "\(sound.output)")
        #expect((figures["entries"]?.integerValue ?? 0) > 200)
        _ = try SyncTests.query("UPDATE journal SET body = replace(body, 'SO-', 'SX-') WHERE position = 1", path(installation))
        let damaged = try await installation.crossdock("ledger", "verify")
        #expect(damaged.status == 1)
        #expect(damaged.output.contains("the journal's digest isn't that of its") && damaged.errors.contains("ledger rebuild"))
        await installation.stop()
    }

    @Test func `what was done is in the ledger's one file once a command has ended`() async throws {
        let installation = try await Installation { $0.orders = 6 }
        let log = path(installation, "ledger.db-wal")
        for _ in 0..<5 {
            _ = try await installation.crossdock("sync")
            #expect(!FileManager.default.fileExists(atPath: log), "whoever copies the file now has all of it")
        }
        await installation.stop()
    }

    @Test func `a damaged journal stops the sync with what to do, and after a rebuild no order is made twice`() async throws {
        let installation = try await Installation(sink: .remote(.lookUp)) { $0.orders = 6 }
        let erp = try #require(installation.erp)
        // Half of them are in the ERP and told to nobody.
        erp.addFault(FaultRule(method: "POST", pathPrefix: "/orders", skip: 3, action: .applyThenDrop))
        _ = try await installation.crossdock("sync")
        erp.clearFaults()
        _ = try SyncTests.query(
            "UPDATE journal SET body = replace(body, 'confirmed', 'donfirmed') WHERE position > 2 AND sequence = 1; "
                + "UPDATE orders SET due_at = 0", path(installation))
        let refused = try await installation.crossdock("sync")
        #expect(refused.status == 75 && refused.errors.contains("crossdock ledger rebuild"), "\(refused.errors)")
        let rebuilt = try await installation.crossdock("ledger", "rebuild")
        #expect(
            rebuilt.status == 1 && rebuilt.output.contains("2 orders restored whole, 4 start anew, 0 lost"), "\(rebuilt.output)")
        let next = try await installation.crossdock("sync")
        #expect(next.status == 0, "\(next.output)\(next.errors)")
        #expect(erp.orders.count == 6 && erp.audit().values.allSatisfy { $0.ordersCreated == 1 })
        #expect(try await installation.standings().values.allSatisfy { $0.standing == "finished" })
        #expect(FileManager.default.fileExists(atPath: path(installation, "ledger.db.damaged")))
        await installation.stop()
    }

    @Test func `class N: after a rebuild every order that isn't in the ERP for sure waits for a person`() async throws {
        let installation = try await Installation(sink: .remote(.neither))
        _ = try await installation.crossdock("sync")
        let posts = installation.erp?.requestCounts["POST orders"]
        #expect(try await installation.crossdock("ledger", "rebuild").status == 2, "nothing is wrong with it")
        #expect(try await installation.crossdock("ledger", "rebuild", "--anyway").status == 0)
        _ = try await installation.crossdock("sync")
        #expect(installation.erp?.requestCounts["POST orders"] == posts)
        #expect(try await installation.standings().values.contains { $0.reason == "older_than_ledger" })
        await installation.stop()
    }

    @Test func `a backup is taken beside a run, refused as a ledger, and made one by rebuild`() async throws {
        let installation = try await Installation(sink: .remote(.key)) { $0.orders = 40 }
        let erp = try #require(installation.erp)
        erp.addFault(FaultRule(method: "POST", action: .delay(milliseconds: 100, .after)))
        let run = try installation.start("sync")
        try await Waiting.until { erp.orders.count > 3 }
        let backup = path(installation, "backup.db")
        let copied = try await installation.crossdock("ledger", "backup", backup)
        #expect(copied.status == 0 && copied.output.contains("40 orders"), "\(copied.output)\(copied.errors)")
        #expect(try await run.waitForEnd().status == 0)
        #expect(try FileManager.default.attributesOfItem(atPath: backup)[.posixPermissions] as? Int == 0o600)
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path(installation) + suffix) }
        try FileManager.default.copyItem(atPath: backup, toPath: path(installation))
        let refused = try await installation.crossdock("sync")
        #expect(refused.status == 78 && refused.errors.contains("is a backup, not a ledger"), "\(refused.errors)")
        #expect(try await installation.crossdock("ledger", "rebuild", "--from", backup).status == 0)
        // What is sound isn't given up for what is older, nor for what is no ledger at all.
        for wrong in [backup, path(installation, "crossdock.yml"), path(installation, "."), path(installation, "none.db")] {
            let refused = try await installation.crossdock("ledger", "rebuild", "--from", wrong)
            #expect(refused.status == 2 && refused.errors.contains("nothing was done"), "\(wrong): \(refused.errors)")
        }
        #expect(try await installation.crossdock("ledger", "verify").status == 0)
        erp.clearFaults()
        #expect(try await installation.crossdock("sync").status == 0)
        #expect(erp.orders.count == 40 && erp.audit().values.allSatisfy { $0.ordersCreated == 1 })
        await installation.stop()
    }

    @Test func `prune erases one order's payloads, or the old ones, and the story stays`() async throws {
        let installation = try await Installation()
        _ = try await installation.crossdock("sync")
        #expect(try await installation.crossdock("ledger", "prune").output.contains("0 payloads erased"))
        #expect(try await installation.crossdock("ledger", "prune", "--order", "CS48101").output.contains("1 payloads erased"))
        #expect(try await installation.crossdock("order", "CS48101").output.contains("the ERP accepted it"))
        let all = try await installation.crossdock("ledger", "prune", "--older-than", "0s")
        #expect(all.status == 0 && !all.output.hasPrefix("0 "), "\(all.output)")
        #expect(try SyncTests.query("SELECT count(*) FROM payloads", path(installation)) == "0")
        #expect(try await installation.crossdock("ledger", "prune", "--older-than", "soon").status == 2)
        #expect(try await installation.crossdock("ledger", "verify").status == 0)
        await installation.stop()
    }

    @Test func `without a ledger each command says so, and help has examples`() async throws {
        let installation = try await Installation()
        for words in [["verify"], ["backup", "b.db"], ["prune"], ["rebuild"]] {
            let ending = try await ChildProgram.run(
                "crossdock", ["ledger"] + words + ["--config", installation.configurationPath])
            #expect(ending.status == 78 && ending.errors.contains("there is no ledger"), "\(ending.errors)")
        }
        for command in ["verify", "backup", "prune", "rebuild"] {
            #expect(try await ChildProgram.run("crossdock", ["ledger", command, "--help"]).output.contains("EXAMPLE"))
        }
        await installation.stop()
    }
}
