import Foundation
import Orders
import Simulators
import TestSupport
import Testing

/// `crossdock audit`, over the built binary.
@Suite struct AuditTests {
    private func lines(_ ending: ChildProgram.Ending) throws -> [JSONValue] {
        try ending.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    @Test func `what the ledger doesn't have is told, a lost ledger's orders are adopted, and nothing is made twice`()
        async throws
    {
        let installation = try await Installation()
        _ = try await installation.crossdock("sync")
        let before = try await installation.standings()
        let first = try await installation.crossdock("audit")
        #expect(first.status == 1)
        #expect(first.output.contains("missing   CS48153 (id 48153)  the shop has it as 'processing'"), "\(first.output)")
        #expect(first.output.contains("a run would leave it quarantined processed_elsewhere"), "\(first.output)")
        let writes = installation.shop.writes

        for name in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: installation.folder.path + "/ledger.db\(name)")
        }
        let lost = try await installation.crossdock("audit", "--json")
        #expect(lost.status == 1 && installation.shop.writes == writes)
        let sums = try #require(try lines(lost).last)
        #expect(sums["event"] == "audited" && sums["complete"] == true && sums["drifted"] == 0)
        #expect(try await installation.crossdock("orders", "--all", "--json").output.isEmpty, "an audit wrote a ledger")

        let mended = try await installation.crossdock("audit", "--mend", "--json")
        #expect(installation.shop.writes == writes, "\(mended.output)")
        let after = try await installation.standings()
        for (id, standing) in before where standing.standing == "finished" {
            #expect(after[id]?.standing == "finished", "order \(id): \(String(describing: after[id]))")
        }
        #expect(mended.status == 1 && after[48153]?.reason == "processed_elsewhere")
        #expect(try await installation.crossdock("audit").status == 0)
        await installation.stop()
    }

    @Test func `a span is said in the shop's time, and what isn't one is refused`() async throws {
        let installation = try await Installation { $0.orders = 5 }
        _ = try await installation.crossdock("sync")
        let none = try await installation.crossdock("audit", "--from", "2020-01-01", "--to", "2020-01-02")
        #expect(none.status == 0 && none.output == "main: the shop lists 0 orders; no difference\n", "\(none)")
        for (words, expected) in [
            (["--from", "yesterday"], "--from is 'yesterday'; it is a day"),
            (["--to", "2019-12-31"], "--to is before the 'since'"),
            (["--from", "2026-02-30"], "--from is '2026-02-30'"),
        ] {
            let refused = try await installation.crossdock("audit", words[0], words[1])
            #expect(refused.status == 2 && refused.errors.contains(expected), "\(refused)")
        }
        await installation.shop.stop()
        #expect(try await installation.crossdock("audit").status == 69)
        await installation.stop()
    }

    @Test func `output that can't be written isn't taken for read`() async throws {
        let installation = try await Installation { $0.orders = 1 }
        _ = try await installation.crossdock("sync")
        let program = ProjectFolder.program("crossdock")
        let full = try await ChildProgram(
            ["sh", "-c", "\"$1\" orders --all --config \"$2\" > /dev/full", "sh", program, installation.configurationPath]
        ).waitForEnd()
        #expect(full.status == 75 && full.errors.contains("standard output couldn't be written"), "\(full)")
        await installation.stop()
    }
}
