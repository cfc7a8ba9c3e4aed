import Foundation
import Glibc
import Orders
import Simulators
import TestSupport
import Testing

/// The built binary between the bundled shop and the bundled EZ Cards.
@Suite(.serialized) struct EZCardsTests {
    private static let twelve = [(sku: "8PX-UF-Y5U", quantity: 7), (sku: "4TR-GH-K2M", quantity: 5)]

    private func spent(_ shop: CodeShop) -> [String: String] { shop.ezcards.spent.mapValues(\.description) }

    @Test(arguments: ["instant", "bulk"])
    func `an order of twelve units is bought once and its codes are kept sealed`(_ order: String) async throws {
        let shop = try await CodeShop(order: order) { ($0.codesPerRequestMax, $0.rateLimit) = (2, nil) }
        let id = shop.add(Self.twelve)
        let run = try await shop.installation.crossdock("sync")
        #expect(run.status == 0, "\(run)")
        #expect(try await shop.installation.standings()[id]?.standing == "finished")
        #expect(spent(shop) == ["EUR": "188.75"] && shop.ezcards.requestCounts["GET codes"] ?? 0 > 2)
        #expect(shop.installation.shopText(id, "erp_order_number") == shop.ezcards.purchases.first?.transactionID)

        let counted = try JSONValue(parsing: try await shop.installation.crossdock("codes", "CS90001", "--json").output)
        #expect(counted["count"]?.integerValue == 17)
        let story = try await shop.installation.crossdock("order", "CS90001")
        let secrets = shop.ezcards.purchases.flatMap(\.redeemCodes)
        #expect(secrets.count == 12)
        for secret in secrets {
            for text in [run.output, run.errors, story.output, story.errors] { #expect(!text.contains(secret)) }
        }
        try expectSealed(secrets, in: shop.installation.folder.path)

        let refused = try await shop.installation.crossdock("codes", "CS90001", "--reveal")
        #expect(refused.status == 2 && secrets.allSatisfy { !refused.output.contains($0) })
        let shown = try await shop.installation.crossdock("codes", "CS90001", "--reveal", "--reason", "the mail never came")
        #expect(shown.status == 0 && secrets.allSatisfy { shown.output.contains($0) }, "\(shown)")
        let after = try await shop.installation.crossdock("order", "CS90001")
        #expect(after.output.contains("looked at its codes: the mail never came"))
        #expect(try await shop.installation.crossdock("ledger", "verify").status == 0)
        await shop.stop()
    }

    private func expectSealed(_ secrets: [String], in folder: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            guard let bytes = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
            for secret in secrets { #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)") }
        }
    }

    @Test func `a purchase whose answer was lost is found again, and nothing is spent twice`() async throws {
        let shop = try await CodeShop { $0.rateLimit = nil }
        let id = shop.add(Self.twelve)
        for skip in [2, 3, 4] {
            shop.ezcards.addFault(FaultRule(method: "POST", skip: skip, times: 1, action: .applyThenDrop))
        }
        _ = try await shop.installation.crossdock("sync")
        #expect(try await shop.installation.crossdock("sync").status == 0)
        #expect(try await shop.installation.standings()[id]?.standing == "finished")
        #expect(spent(shop) == ["EUR": "188.75"] && shop.ezcards.requestCounts["POST instant-orders"] == 12)
        await shop.stop()
    }

    @Test(arguments: ["instant-orders", "codes"])
    func `a run that is killed half-way is carried on by the next`(_ kind: String) async throws {
        let shop = try await CodeShop { $0.rateLimit = nil }
        let id = shop.add(Self.twelve)
        shop.ezcards.addFault(FaultRule(kind: kind, skip: 4, times: 1, action: .delay(milliseconds: 90_000, .after)))
        let run = try shop.installation.start("sync")
        let method = kind == "codes" ? "GET" : "POST"
        try await Waiting.until { shop.ezcards.requestCounts["\(method) \(kind)"] ?? 0 >= 5 }
        run.send(SIGKILL)
        #expect(try await run.waitForEnd().wasKilled)
        shop.ezcards.clearFaults()
        #expect(try await shop.installation.crossdock("sync").status == 0)
        #expect(try await shop.installation.standings()[id]?.standing == "finished")
        #expect(spent(shop) == ["EUR": "188.75"] && shop.ezcards.purchases.count == 12)
        let counted = try JSONValue(parsing: try await shop.installation.crossdock("codes", "CS90001", "--json").output)
        #expect(counted["count"]?.integerValue == 17)
        await shop.stop()
    }

    @Test func `a cancelled line is for a person, and what came is kept`() async throws {
        let shop = try await CodeShop { $0.rateLimit = nil }
        let id = shop.add([("8PX-UF-Y5U", 2), ("6CA-NC-EL1", 1)])
        let run = try await shop.installation.crossdock("sync")
        #expect(run.status == 1, "\(run)")
        let stands = try await shop.installation.standings()[id]
        #expect(stands?.standing == "quarantined" && stands?.reason == "partially_accepted")
        #expect(shop.installation.shopText(id, "state") == "confirmed")
        let counted = try JSONValue(parsing: try await shop.installation.crossdock("codes", "CS90001", "--json").output)
        #expect(counted["count"]?.integerValue == 2)
        await shop.stop()
    }

    @Test func `a flow whose sink hands out codes is refused without a key`() async throws {
        let shop = try await CodeShop()
        let path = shop.installation.configurationPath
        let yaml = try String(contentsOfFile: path, encoding: .utf8)
        let bare = yaml.replacing("codes: {key: \(CodeShop.codesKey)}", with: "")
        try bare.write(toFile: path, atomically: true, encoding: .utf8)
        let check = try await shop.installation.crossdock("config", "check")
        #expect(check.status == 78 && check.errors.contains("give the key under 'codes'"), "\(check)")
        try yaml.replacing(CodeShop.codesKey, with: "12ab").write(toFile: path, atomically: true, encoding: .utf8)
        let short = try await shop.installation.crossdock("config", "check")
        #expect(
            short.status == 78 && short.errors.contains("64 hexadecimal digits") && !short.errors.contains("12ab"), "\(short)")
        await shop.stop()
    }

    @Test func `a day's purchases are shown by the purchase order they are invoiced on`() async throws {
        let shop = try await CodeShop { $0.rateLimit = nil }
        _ = shop.add([("8PX-UF-Y5U", 2)])
        #expect(try await shop.installation.crossdock("sync").status == 0)
        let list = try await shop.installation.crossdock("purchase-orders", "--json")
        let order = try JSONValue(parsing: list.output)
        #expect(order["purchase_order"]?.stringValue?.hasPrefix("PO-") == true && order["sums"]?.stringValue == "19.5 EUR")
        #expect(order["transactions"]?.arrayValue?.count == 2)
        let empty = try await shop.installation.crossdock("purchase-orders", "--day", "2020-01-01")
        #expect(empty.status == 0 && empty.output.contains("nothing was bought"))
        #expect(try await shop.installation.crossdock("purchase-orders", "--day", "2026-02-30").status == 2)
        await shop.stop()
    }

    /// EZCARDS_ORDERS=16 makes it a run of about a minute.
    @Test func `two processes on one ledger never send more than ten requests in any second`() async throws {
        let count = ProcessInfo.processInfo.environment["EZCARDS_ORDERS"].flatMap { Int($0) } ?? 2
        let shop = try await CodeShop(webshops: 2) { $0.rateLimit = RateLimit(requests: 10) }
        for webshop in 1...2 {
            for number in 1...count {
                _ = shop.add([("8PX-UF-Y5U", 4)], reference: "CS9\(webshop)\(1000 + number)", webshop: webshop)
            }
        }
        let runs = [
            try shop.installation.start("sync", "--flow", "main"), try shop.installation.start("sync", "--flow", "second"),
        ]
        for run in runs { _ = try await run.waitForEnd(within: .seconds(300)) }
        let log = shop.ezcards.requestLog
        let seconds = Double((log.last?.receivedUnixMicroseconds ?? 0) - (log.first?.receivedUnixMicroseconds ?? 0)) / 1_000_000
        print("\(log.count) requests in \(seconds) s, at the most \(shop.ezcards.requestsInBusiestSecond) in any second")
        #expect(shop.ezcards.requestsInBusiestSecond <= 10)
        #expect(log.allSatisfy { $0.status != 429 } && log.count > count * 8)
        await shop.stop()
    }
}
