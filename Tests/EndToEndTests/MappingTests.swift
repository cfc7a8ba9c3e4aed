import Foundation
import Orders
import Simulators
import TestSupport
import Testing

/// Mapping tables, over the built binary.
@Suite("Mapping tables")
struct MappingTests {
    private static let mapping = """
            mapping:
              products: {file: products.csv, unit_separator: "_", otherwise: refuse}
              units: {file: units.csv}
              taxes: {entries: [{country: [NL], taxes: [VAT21]}]}
              customers: {guests: {customer: "100000"}}
        """

    /// A shop with orders, and tables that know every product but one, which is returned.
    private func site() async throws -> (Installation, missing: String) {
        let installation = try await Installation(sink: .remote(.key), extra: Self.mapping) { $0.orders = 6 }
        let missing = try #require(keys(installation).min())
        try writeProducts(installation, without: missing)
        let otherUnits = Set(shopKeys(installation).map { $0.split(separator: "_").last ?? "" }).subtracting(["STUK", "KG"])
            .sorted().map { "\($0);;\n" }.joined()
        try "key;unit;factor\nSTUK;u;\nKG;g;1000\n\(otherUnits)".write(
            toFile: installation.folder.path + "/units.csv", atomically: true, encoding: .utf8)
        return (installation, missing)
    }

    /// The product keys of all orders, without their units.
    private func keys(_ installation: Installation) -> Set<String> {
        Set(shopKeys(installation).map { String($0.prefix { $0 != "_" }) })
    }

    private func shopKeys(_ installation: Installation) -> [String] { orders(installation).flatMap(\.keys) }

    private func orders(_ installation: Installation) -> [(id: Int, keys: [String])] {
        ["confirmed", "processing"].flatMap { installation.shop.orderIDs(state: $0) }.map { id in
            let lines = installation.shop.order(id)?["order_lines"]?.arrayValue ?? []
            let sold = lines.filter { $0["type"]?.stringValue == "line" }
            return (id, sold.compactMap { $0["product"]?["key"]?.stringValue })
        }
    }

    private func writeProducts(_ installation: Installation, without missing: String?) throws {
        let rows = keys(installation).filter { $0 != missing }.sorted().map { "\($0),ERP-\($0)" }
        try (["key,code"] + rows).joined(separator: "\r\n").write(
            toFile: installation.folder.path + "/products.csv", atomically: true, encoding: .utf8)
    }

    @Test func `an order waits for an entry, and goes by itself in the run after it was written`() async throws {
        let (installation, missing) = try await site()
        let stopped = orders(installation).filter { $0.keys.contains { $0.hasPrefix("\(missing)_") } }.map(\.id)
        let id = try #require(stopped.first)
        let first = try await installation.crossdock("sync")
        #expect(first.status == 1, "\(first.errors)")
        let standings = try await installation.standings()
        #expect(stopped.allSatisfy { standings[$0]?.reason == "rejected" })
        #expect(standings.values.filter { $0.standing == "finished" }.count == 6 - stopped.count)
        let story = try await installation.crossdock("order", String(id))
        #expect(story.output.contains("the products table has no entry for '\(missing)'"), "\(story.output)")
        #expect(story.output.contains("looked at again by itself once the tables"), "\(story.output)")

        let asked = try await installation.crossdock("map", "missing", "--table", "products")
        #expect(asked.status == 0, "\(asked.errors)")
        #expect(asked.output.hasPrefix("key,origin,code,unit,factor,group,taxes\n\(missing),"), "\(asked.output)")
        let readsBefore = installation.shop.requestCounts["GET order"] ?? 0
        #expect(try await installation.crossdock("sync").status == 0)
        #expect(installation.shop.requestCounts["GET order"] ?? 0 == readsBefore, "nothing changed, so nothing is read")

        try writeProducts(installation, without: nil)
        let dry = try await installation.crossdock("sync", "--dry-run")
        #expect(dry.output.contains("create attempt 1 in sink 'erp'"), "\(dry.output)")
        let healed = try await installation.crossdock("sync")
        #expect(healed.status == 0, "\(healed.errors)")
        #expect(try await installation.standings().values.allSatisfy { $0.standing == "finished" })
        let erp = try #require(installation.erp)
        #expect(erp.audit().values.allSatisfy { $0.ordersCreated == 1 && $0.posts == 1 } && erp.orders.count == 6)
        #expect(erp.orders.allSatisfy { $0.json["customer_code"]?.stringValue == "100000" })
        #expect(erp.orders.flatMap(\.lines).allSatisfy { $0["erp"]?["product"]?.stringValue?.hasPrefix("ERP-") ?? false })
        #expect(try await installation.crossdock("map", "missing").output.isEmpty)
        await installation.stop()
    }

    @Test func `map check says of each value where it comes from, writes nothing, and ends with 1 where something is missing`()
        async throws
    {
        let (installation, missing) = try await site()
        let id = try #require(orders(installation).first { $0.keys.contains { $0.hasPrefix("\(missing)_") } }?.id)
        let lacking = try await installation.crossdock("map", "check", String(id))
        #expect(lacking.status == 1, "\(lacking.errors)")
        #expect(lacking.output.contains("the products table has no entry for '\(missing)'"), "\(lacking.output)")
        try writeProducts(installation, without: nil)
        let good = try await installation.crossdock("map", "check", String(id))
        #expect(good.status == 0, "\(good.output)\(good.errors)")
        for expected in [
            "ERP-\(missing)", "products.csv, line ", "units.csv, line ", "crossdock.yml, line ", "100000", "Nothing is missing.",
        ] {
            #expect(good.output.contains(expected), "\(good.output)")
        }
        let json = try JSONValue(parsing: try await installation.crossdock("map", "check", String(id), "--json").output)
        #expect(json["faults"]?.arrayValue?.isEmpty ?? false)
        #expect(json["sink_order"]?["customer_code"]?.stringValue == "100000")
        let values = json["lines"]?.arrayValue?.first?["values"]?.arrayValue ?? []
        #expect(
            values.first { $0["name"]?.stringValue == "product" }?["from"]?.stringValue?.hasPrefix("products.csv, line ") ?? false
        )
        #expect(installation.shop.writes == 0 && installation.erp?.orders.isEmpty ?? false)
        #expect(!FileManager.default.fileExists(atPath: installation.folder.path + "/ledger.db"))
        await installation.stop()
    }

    @Test func `map check reads an order from a file without contacting anybody`() async throws {
        let (installation, _) = try await site()
        await installation.stop()
        try "key,code\n123,ALMONDS\n".write(
            toFile: installation.folder.path + "/products.csv", atomically: true, encoding: .utf8)
        let ending = try await installation.crossdock(
            "map", "check", "--file", ProjectFolder.cloudsuiteFixtures + "/plain-order.json", "--json")
        #expect(ending.status == 1, "\(ending.errors)")
        let faults = try JSONValue(parsing: ending.output)["faults"]?.arrayValue ?? []
        #expect(faults.map { $0["path"]?.stringValue } == ["lines[0].product"])
    }

    @Test func `map check of a file starts no program`() async throws {
        let installation = try await Installation(sink: .plugin(command: "./no-such-program"), extra: Self.mapping)
        await installation.stop()
        for (file, text) in [("products.csv", "key,code\n124,GLASS\n"), ("units.csv", "key;unit;factor\nSTUK;u;\n")] {
            try text.write(toFile: "\(installation.folder.path)/\(file)", atomically: true, encoding: .utf8)
        }
        let ending = try await installation.crossdock(
            "map", "check", "--file", ProjectFolder.cloudsuiteFixtures + "/plain-order.json")
        #expect([0, 1].contains(ending.status ?? -1), "\(ending.errors)")
        #expect(ending.errors.contains("it is a program, which isn't started here"), "\(ending.errors)")
    }

    @Test func `map missing names an order that can't be read, and tells what the others lack`() async throws {
        let (installation, missing) = try await site()
        let stopped = orders(installation).filter { $0.keys.contains { $0.hasPrefix("\(missing)_") } }.map(\.id)
        let id = try #require(stopped.first)
        try writeProducts(installation, without: nil)
        try "key,code\nnone,none\n".write(
            toFile: installation.folder.path + "/products.csv", atomically: true, encoding: .utf8)
        #expect(try await installation.crossdock("sync").status == 1)
        let whole = try await installation.crossdock("map", "missing", "--table", "products")
        #expect(whole.status == 0 && whole.output.contains("\n\(missing),"), "\(whole.output)")
        installation.shop.delete(id)
        let rest = try await installation.crossdock("map", "missing", "--table", "products")
        #expect(rest.status == 1 && rest.output.split(separator: "\n").count > 1, "\(rest.output)\(rest.errors)")
        #expect(rest.errors.contains("is left out: "), "\(rest.errors)")
        await installation.stop()
    }

    @Test func `the ERP has its own units, and the shop is told of shipments in the shop's`() async throws {
        let site = try await ShippingSite(
            ShippingSite.desadv + """
                    mapping:
                      products: {unit_separator: "_", otherwise: use_key}
                      units: {entries: [{key: STUK, unit: u}, {key: KG, unit: g, factor: 1000}]}

                """)
        #expect(try await site.sync().status == 0)
        let lines = try ChildProgram.output(
            of: ["sqlite3", site.installation.folder.path + "/erp.db", "SELECT product, unit, quantity, unit_price FROM lines"])
        #expect(
            String(decoding: lines, as: UTF8.self).split(separator: "\n")
                == ["124|u|10.0|1.8500", "125|u|3.0|2.1000", "123|g|2500|0.013499"])
        try site.ship("PS-1", ("3SA", [10: "10", 30: "500"]))
        #expect(try await site.sync().status == 0)
        #expect(site.booked() == [10: "10", 30: "0.5"])
        // A change of the tables is none for orders that are on their way.
        let path = site.installation.configurationPath
        try String(contentsOfFile: path, encoding: .utf8).replacing("factor: 1000", with: "factor: 7")
            .write(toFile: path, atomically: true, encoding: .utf8)
        try site.ship("PS-2", ("3SB", [20: "3", 30: "2000"]))
        let last = try await site.sync()
        #expect(last.status == 0, "\(last)")
        #expect(site.booked() == ShippingSite.ordered)
        #expect(try await site.standing() == "finished")
        await site.installation.stop()
    }

    @Test func `a part of the shop's unit that no number says exactly stops the order at once, with all that a person needs`()
        async throws
    {
        let site = try await ShippingSite(
            ShippingSite.desadv + """
                    mapping:
                      products: {unit_separator: "_", otherwise: use_key, entries: [{key: "125", code: "125", unit: glass, factor: 3}]}
                      units: {entries: [{key: STUK, unit: u}, {key: KG, unit: g, factor: 1000}]}

                """)
        #expect(try await site.sync().status == 0)
        try site.ship("PS-1", ("3SA", [10: "10"]))
        try site.ship("PS-2", ("3SB", [20: "7"]))
        let stopped = try await site.sync()
        #expect(stopped.status == 1, "\(stopped)")
        #expect(try await site.standing() == "document_impossible")
        #expect(site.booked() == [10: "10"])
        let story = try await site.installation.crossdock("order", ShippingSite.reference).output
        for part in [ShippingSite.reference, "id:70012", "7 of its units", "3 of them", "ordered: 3", "'rerun'", "'release'"] {
            #expect(story.contains(part), "\(part): \(story)")
        }
        await site.installation.stop()
    }

    @Test func `a fault in a table is 78, with the file and the line, before anything is contacted`() async throws {
        let (installation, missing) = try await site()
        try "key,code,factor\n\(missing),A,0\n\(missing),B,1\n".write(
            toFile: installation.folder.path + "/products.csv", atomically: true, encoding: .utf8)
        for command in [["config", "check"], ["sync"]] {
            let ending = try await ChildProgram.run("crossdock", command + ["--config", installation.configurationPath])
            #expect(ending.status == 78)
            #expect(
                ending.errors.contains("products.csv: line 2, factor: '0' is not a decimal number above 0"), "\(ending.errors)")
            #expect(
                ending.errors.contains(
                    "products.csv: line 3, key: product '\(missing)' has an entry already: products.csv, line 2"))
        }
        #expect(installation.shop.requestLog.isEmpty)
        await installation.stop()
    }
}
