import Foundation
import Orders
import Simulators
import TestSupport
import Testing

/// Codes on their way to the buyer, from the built binary.
@Suite struct CodeHandOffTests {
    private static let timeline = "{shop: 1, language: nl_NL, text: \"Uw codes: {codes}\"}"

    private func texts(_ shop: CodeShop) -> [String] { shop.installation.shop.orderStatuses.map(\.text) }

    @Test func `the buyer finds every code in the shop, once, and nobody else anywhere`() async throws {
        let shop = try await CodeShop(handOff: Self.timeline) { $0.rateLimit = nil }
        let id = shop.add([("8PX-UF-Y5U", 2), ("4TR-GH-K2M", 1)])
        let planned = try await shop.installation.crossdock("sync", "--dry-run")
        var runs = [planned]
        for _ in 0..<2 { runs.append(try await shop.installation.crossdock("sync")) }
        #expect(runs.allSatisfy { $0.status == 0 }, "\(runs)")
        #expect(try await shop.installation.standings()[id]?.standing == "finished")
        let secrets = shop.ezcards.purchases.flatMap(\.redeemCodes)
        #expect(secrets.count == 3 && texts(shop).count == 1)
        let text = try #require(texts(shop).first)
        #expect(text.hasPrefix("Uw codes: A card: ") && secrets.allSatisfy { text.contains($0) }, "\(text)")
        runs.append(try await shop.installation.crossdock("documents"))
        runs.append(try await shop.installation.crossdock("document", "show", "1"))
        runs.append(try await shop.installation.crossdock("document", "show", "1", "--bytes"))
        runs.append(try await shop.installation.crossdock("order", "CS90001"))
        for run in runs {
            for secret in secrets { #expect(!run.output.contains(secret) && !run.errors.contains(secret), "\(run)") }
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: shop.installation.folder.path) {
            guard let bytes = FileManager.default.contents(atPath: shop.installation.folder.path + "/" + name) else { continue }
            for secret in secrets { #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)") }
        }
        await shop.stop()
    }

    @Test func `codes whose arrival nobody knows of aren't sent again until a person says so`() async throws {
        let shop = try await CodeShop(handOff: Self.timeline) { $0.rateLimit = nil }
        let id = shop.add([("8PX-UF-Y5U", 1)])
        shop.installation.shop.addFault(
            FaultRule(method: "POST", kind: "order-status", times: 1, action: .applyThenDrop))
        #expect(try await shop.installation.crossdock("sync").status == 1)
        #expect(try await shop.installation.crossdock("sync").status == 0)
        let stands = try await shop.installation.standings()[id]
        #expect(stands?.standing == "quarantined" && stands?.reason == "document_unknown")
        #expect(texts(shop).count == 1)
        let released = try await shop.installation.crossdock("release", "CS90001", "--reason", "the shop shows them")
        #expect(released.status == 0, "\(released)")
        #expect(try await shop.installation.crossdock("sync").status == 0)
        #expect(try await shop.installation.standings()[id]?.standing == "finished")
        #expect(texts(shop).count == 1)
        await shop.stop()
    }
}
