import Foundation
import Glibc
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

    /// A plugin whose create takes ten minutes, and then effect, whatever becomes of its input and whoever asks it to end.
    private static let stubborn = """
        import json, os, signal, sys, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        for line in sys.stdin:
            message = json.loads(line)
            method, result = message.get("method"), {}
            if method == "initialize":
                result = {"contract": "1.0.0", "plugin": {"name": "stubborn", "version": "1"},
                    "capabilities": {"class": "look_up", "latest_effect_ms": 100}, "settings_schema": {}}
            elif method == "find":
                result = {"receipt": None}
            elif method == "create":
                with open("creates", "a") as creates:
                    creates.write(f"{os.getpid()}\\n")
                if not os.path.exists("gentle"):
                    time.sleep(600)
                with open("orders", "a") as orders:
                    orders.write(message["params"]["order"]["key"] + "\\n")
                result = {"answer": "accepted", "receipt": {"erp_order_number": "S-1", "state": "confirmed", "lines": []}}
            if "id" in message:
                print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
        """

    @Test func `a program that outlives a killed run is gone before the next one works on any order`() async throws {
        let installation = try await Installation(
            sink: .configured(
                "{type: plugin, command: [python3, stubborn.py], environment: [PATH, HOME], start_time_limit: 60s}",
                timeLimit: "10s")
        ) { $0.orders = 1 }
        let folder = installation.folder.path
        try Self.stubborn.write(toFile: folder + "/stubborn.py", atomically: true, encoding: .utf8)
        func creates() -> [Int32] {
            ((try? String(contentsOfFile: folder + "/creates", encoding: .utf8)) ?? "").split(separator: "\n").compactMap {
                Int32($0)
            }
        }
        let run = try installation.start("sync")
        try await Waiting.until { creates().count == 1 }
        run.send(SIGKILL)
        #expect(try await run.waitForEnd().wasKilled)
        let orphan = creates()[0]
        #expect(kill(orphan, 0) == 0, "it goes on by itself")
        try "".write(toFile: folder + "/gentle", atomically: true, encoding: .utf8)
        let next = try await installation.crossdock("sync")
        #expect(next.errors.contains("was killed first (process \(orphan))"), "\(next.errors)")
        #expect(kill(orphan, 0) != 0)
        // The time in which a late effect may come begins once it is gone.
        try await Waiting.until {
            _ = try await installation.crossdock("sync")
            return creates().count == 2
        }
        let orders = try String(contentsOfFile: folder + "/orders", encoding: .utf8).split(separator: "\n")
        #expect(orders.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/ledger.db-programs") == [])
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
