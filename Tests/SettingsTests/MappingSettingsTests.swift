import Mapping
import Orders
import Settings
import Testing

/// What a flow says about mapping.
@Suite("Mapping tables in a configuration")
struct MappingSettingsTests {
    /// - Parameter lines: below `mapping:`, which is line 28.
    private func yamlText(_ lines: String...) -> String {
        yaml(replacing: [28: (["    mapping:"] + lines.map { "      \($0)" }).joined(separator: "\n")])
    }

    private func result(_ yaml: String, _ files: [String: String]) -> Result<Configuration, SettingsFaults> {
        do throws(SettingsFaults) {
            return .success(
                try ConfigurationReader.read(
                    yaml, file: "/etc/crossdock/crossdock.yml", folder: "/etc/crossdock", secrets: testSecrets
                ) {
                    path in files[path.replacing("/etc/crossdock/", with: "")].map { Array($0.utf8) }
                })
        } catch { return .failure(error) }
    }

    private func tables(_ yaml: String, _ files: [String: String] = [:]) throws -> MappingTables {
        try #require(try result(yaml, files).get().flows[0].mapping)
    }

    private func faults(_ yaml: String, _ files: [String: String] = [:]) -> [String] {
        guard case .failure(let faults) = result(yaml, files) else { return [] }
        return faults.faults.map { "\($0.file ?? "yml"):\($0.line ?? 0) \($0.path): \($0.message)" }
    }

    @Test func `a flow without mapping has no tables`() throws {
        #expect(try read(yaml()).flows[0].mapping == nil)
    }

    @Test func `entries stand in the configuration, with their lines`() throws {
        let tables = try tables(
            yamlText(
                "products:", "  unit_separator: _", "  otherwise: ask", "  entries:",
                "    - { key: \"124\", origin: a, code: T, unit: u, factor: \"0.5\", group: g, taxes: [V1, V2] }",
                "    - key: \"125\"",
                "      code: U", "services:", "  entries: [{ pattern: SHIP*, code: SHIPPING }]", "units:",
                "  entries: [{ key: STUK, unit: u, factor: 12 }]", "taxes:",
                "  entries: [{ country: [nl, BE], vat_number: no, customer: C, group: g, taxes: [V] }]", "customers:",
                "  guests: { customer: G, pattern: BK* }",
                "  entries: [{ id: 1324, key: C1, origin: a, code: X, customer: \"100\" }]"))
        let first = try #require(tables.products.entry("124", origin: "a"))
        #expect(first.target.code == "T" && first.target.unit == "u" && first.target.factor?.spelling == "0.5")
        #expect(first.target.group == "g" && first.target.taxes == ["V1", "V2"])
        #expect(first.target.place == TablePlace(file: "crossdock.yml", line: 33))
        #expect(tables.products.entry("125", origin: nil)?.target.place.line == 34)
        #expect(tables.products.otherwise == .ask && tables.products.unitSeparator == "_")
        #expect(tables.services.map(\.pattern.text) == ["SHIP*"])
        #expect(tables.units.entry("STUK")?.factor == ExactDecimal(12) && tables.units.otherwise == .refuse)
        let rule = try #require(tables.taxes.rules.first)
        #expect(rule.countries == ["NL", "BE"] && rule.hasTaxNumber == false && rule.customer == "C" && rule.taxes == ["V"])
        #expect(tables.taxes.otherwise == .useKey)
        for mark in [CustomerMark.id(1324), .key(origin: "a", "C1"), .code("X")] {
            #expect(tables.customers?.entry([mark])?.customer == "100")
        }
        #expect(tables.customers?.guests?.customer == "G" && tables.customers?.guests?.pattern?.text == "BK*")
    }

    @Test func `a CSV file says the same in its columns, in any order, beside entries`() throws {
        let tables = try tables(
            yamlText("products:", "  file: tables/p.csv", "  entries: [{ key: Z, code: Y }]", "taxes: { file: t.csv }"),
            [
                "tables/p.csv": "\u{FEFF}Code;key;taxes;factor\r\nT;124;V1|V2;0.5\r\n\r\n\"U;1\";125;;\r\n",
                "t.csv": "country,vat_number,taxes\nNL|BE,yes,\n",
            ])
        let first = try #require(tables.products.entry("124", origin: "any"))
        #expect(first.target.code == "T" && first.target.taxes == ["V1", "V2"] && first.target.factor?.spelling == "0.5")
        #expect(first.target.place == TablePlace(file: "tables/p.csv", line: 2))
        let second = try #require(tables.products.entry("125", origin: nil))
        #expect(second.target.code == "U;1" && second.target.taxes == nil && second.target.place.line == 4)
        #expect(tables.products.entry("Z", origin: nil)?.target.code == "Y")
        #expect(tables.taxes.rules.first?.countries == ["NL", "BE"] && tables.taxes.rules.first?.taxes == [])
        #expect(tables.customers == nil, "a table that isn't there isn't asked")
    }

    @Test func `every fault of every file is told at once, with file and line`() {
        let found = faults(
            yamlText(
                "products:", "  file: p.csv", "  entries: [{ key: \"124\", code: X }, { key: \"9\" }]", "units: { file: u.csv }",
                "taxes: { file: t.csv, otherwise: use_key }", "customers: { file: gone.csv, entries: [{ customer: X }] }"),
            [
                "p.csv": "key,code,factor\n124,T,0\n124,T2,1\n125,,2\n126,U\n127,\"V\"x,1\n128,W,zwölf\n",
                "u.csv": "kee,unit\nA,b\n",
                "t.csv": "country,vat_number,taxes\nNLD,maybe,\n",
            ])
        let expected = [
            "yml:31 flows.main.mapping.products.entries[0].key: product '124' has an entry already: p.csv, line 2",
            "yml:31 flows.main.mapping.products.entries[1].code: is missing: the ERP's code of the product",
            "yml:33 flows.main.mapping.taxes.otherwise: 'use_key' is not one of leave, refuse, ask",
            "yml:34 flows.main.mapping.customers.file: the file gone.csv can't be read, is no ordinary file, or has more than 64 MiB",
            "yml:34 flows.main.mapping.customers.entries[0].id: an entry needs one of id, key and code",
            "p.csv:2 factor: '0' is not a decimal number above 0, such as 12 or 0.5",
            "p.csv:3 key: product '124' has an entry already: p.csv, line 2", "p.csv:4 code: is empty",
            "p.csv:5 : it has 2 cells, and the first line names 3 columns",
            "p.csv:6 : something stands after a cell's closing quote; a quote within a cell is written twice",
            "p.csv:7 factor: 'zwölf' is not a decimal number above 0, such as 12 or 0.5",
            "t.csv:2 vat_number: 'maybe' is not yes or no",
            "t.csv:2 country: 'NLD' is no country code of two letters, such as NL",
            "u.csv:1 kee: there is no such column; known here: key, unit, factor",
            "u.csv:1 key: the column is missing: the unit as it stands in product keys",
        ]
        #expect(Set(found) == Set(expected), "\(found.joined(separator: "\n"))")
        #expect(found.count == expected.count)
    }

    @Test func `the report names the file that a fault is in`() throws {
        guard case .failure(let faults) = result(yamlText("units: { file: u.csv }"), ["u.csv": "key\n\"x"]) else {
            Issue.record("no fault")
            return
        }
        #expect(faults.description.contains("\n  u.csv: line 2: the quote that begins here has no end"))
    }

    @Test(arguments: [
        ("products: { entries: [{ key: a, code: \"\" }] }", "is empty"),
        ("products: { separator: x, file: p.csv }", "neither , nor ;"),
        ("units: { entries: [{ key: a, factor: -1 }] }", "above 0"), ("customers: { guests: { pattern: a } }", "is missing"),
        ("customers: { entries: [{ id: x, customer: C }] }", "whole number"),
        ("services: { entries: [{ pattern: a, code: b }, { pattern: a, code: c }] }", "has an entry already"),
        ("customers: { entries: [{ id: 1, customer: C }, { id: 1, key: K, customer: D }] }", "has an entry already"),
        ("product: {}", "did you mean 'products'"), ("products: { entries: [{ key: a, code: b, price: 1 }] }", "no such setting"),
        ("products: { file: empty.csv }", "the file is empty"), ("products: { file: twice.csv }", "two such columns"),
    ])
    func `what can't be meant is refused`(_ line: String, _ message: String) {
        let found = faults(yamlText(line), ["p.csv": "key,code\n", "empty.csv": "\n", "twice.csv": "key,code,key\n"])
        #expect(found.count == 1 && found[0].contains(message), "\(found)")
    }
}
