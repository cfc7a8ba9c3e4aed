import Foundation
import Simulators
import TestSupport
import Testing

/// The built binary with a sink that is a program.
@Suite struct PluginTests {
    @Test func `orders go into a plugin once each, and its numbers into the shop`() async throws {
        let installation = try await Installation(sink: .plugin())
        let first = try await installation.crossdock("sync")
        #expect(first.status == 1, "\(first.errors)")
        let finished = try await installation.standings().filter { $0.value.standing == "finished" }.keys
        #expect(finished.count > 20)
        for id in finished { #expect(installation.shopText(id, "erp_order_number")?.hasPrefix("PY-") == true) }
        let writes = installation.shop.writes
        let second = try await installation.crossdock("sync")
        #expect(second.status == 0, "\(second.errors)")
        #expect(installation.shop.writes == writes)
        let count = try SyncTests.query("SELECT count(*), count(DISTINCT key) FROM orders", installation.folder.path + "/erp.db")
        #expect(count == "\(finished.count)|\(finished.count)")
        await installation.stop()
    }

    @Test func `checking the configuration and reading lists starts no program`() async throws {
        let installation = try await Installation(sink: .plugin(command: "./no-such-program"))
        #expect(try await installation.crossdock("config", "check").status == 0)
        for list in ["status", "orders", "documents"] {
            let run = try await installation.crossdock(list)
            #expect(run.status == 0, "\(list): \(run.errors)")
        }
        let sync = try await installation.crossdock("sync")
        #expect(sync.status == 78)
        #expect(sync.errors.contains("plugin 'erp': ./no-such-program can't be started"))
        await installation.stop()
    }

    @Test func `settings that a plugin doesn't take stop the run before anything is contacted`() async throws {
        let installation = try await Installation(sink: .plugin(settings: "prefix: lower, colour: red"))
        let sync = try await installation.crossdock("sync")
        #expect(sync.status == 78)
        for part in ["settings.path: is missing", "settings.prefix: should match", "settings.colour: is not known here"] {
            #expect(sync.errors.contains(part), "\(sync.errors)")
        }
        #expect(installation.shop.writes == 0)
        await installation.stop()
    }

    @Test func `a dry run sends a plugin nothing that writes`() async throws {
        let installation = try await Installation(sink: .plugin())
        let dry = try await installation.crossdock("sync", "--dry-run")
        #expect(dry.status ?? -1 <= 1, "\(dry.errors)")
        #expect(try SyncTests.query("SELECT count(*) FROM orders", installation.folder.path + "/erp.db") == "0")
        await installation.stop()
    }
}
