import Mapping
import Orders
import SinkKit
import Testing

/// Which entry is about a line, and what it says.
@Suite("Products, units and services")
struct ProductMappingTests {
    private static let tables = MappingTables(
        products: ProductTable(
            [
                ProductEntry(key: "124", target: target("TEA-GLASS", line: 2)),
                ProductEntry(key: "124", origin: "old", target: target("TEA-GLASS-OLD", line: 3)),
                ProductEntry(key: "124_DOOS", target: target("TEA-GLASS", unit: "u", factor: "12", line: 4)),
                ProductEntry(key: "SHIP-EXPRESS", target: target("EXPRESS", line: 5)),
                ProductEntry(key: "AB_12", target: target("AB12", line: 6)),
                ProductEntry(key: "77", target: target("BULK", factor: "0.001", line: 7)),
            ], unitSeparator: "_", otherwise: .refuse),
        services: [
            ServiceRule(pattern: KeyPattern("SHIP*"), target: target("SHIPPING", line: 10)),
            ServiceRule(pattern: KeyPattern("S*"), target: target("SERVICE", unit: "h", line: 11)),
        ],
        units: UnitTable(
            [
                UnitEntry(key: "STUK", unit: "u", place: place(20)),
                UnitEntry(key: "KG", unit: "g", factor: decimal("1000"), place: place(21)),
                UnitEntry(key: "EIGEN", unit: nil, place: place(22)),
            ], otherwise: .refuse))

    struct Case: Sendable, CustomTestStringConvertible {
        var key: String
        var origin: String? = "shop"
        var item: SinkItem
        var lines: [Int]
        var testDescription: String { "\(origin ?? "-")/\(key)" }

        /// - Parameter lines: of the entries that product and unit come from.
        init(
            _ key: String, origin: String? = "shop", _ code: String, _ unit: String? = nil, quantity: String = "2",
            price: String = "12.50", lines: Int...
        ) {
            (self.key, self.origin, self.lines) = (key, origin, lines)
            item = SinkItem(productCode: code, unit: unit, quantity: decimal(quantity), unitPrice: decimal(price))
        }
    }

    @Test(arguments: [
        Case("124", "TEA-GLASS", lines: 2), Case("124", origin: nil, "TEA-GLASS", lines: 2),
        Case("124", origin: "old", "TEA-GLASS-OLD", lines: 3), Case("124_STUK", "TEA-GLASS", "u", lines: 2, 20),
        Case("124_STUK", origin: "old", "TEA-GLASS-OLD", "u", lines: 3, 20),
        Case("124_KG", "TEA-GLASS", "g", quantity: "2000", price: "0.0125", lines: 2, 21),
        Case("124_EIGEN", "TEA-GLASS", lines: 2, 22),
        // The whole key before its parts; what an entry says of units before the units' table.
        Case("124_DOOS", "TEA-GLASS", "u", quantity: "24", price: "1.041666", lines: 4, 4),
        Case("77_STUK", "BULK", nil, quantity: "0.002", price: "12500", lines: 7, 7),
        // An exact entry before a pattern, the first pattern before the second, a pattern before a key's parts.
        Case("SHIP-EXPRESS", "EXPRESS", lines: 5), Case("SHIP-NL", "SHIPPING", lines: 10),
        Case("SHIP_STUK", "SHIPPING", lines: 10),
        Case("SETUP", "SERVICE", "h", lines: 11, 11),
        // A whole key may have a separator that parts nothing.
        Case("AB_12", "AB12", lines: 6),
    ])
    func `the entry that says most is the one that counts`(_ expected: Case) {
        // Of a price that a box of twelve can be divided into.
        let price = expected.key == "124_DOOS" ? "12.499992" : "12.50"
        let mapped = Self.tables.map(line(expected.key, origin: expected.origin, price: price))
        #expect(mapped.faults.isEmpty, "\(mapped.faults)")
        #expect(mapped.lines[0].item == expected.item)
        let places = [mapped.value("product"), mapped.value("unit")].compactMap { value -> Int? in
            guard case .entry(let place)? = value?.origin else { return nil }
            return place.line
        }
        #expect(places == expected.lines)
    }

    @Test func `what nothing converts keeps the shop's spelling`() {
        let mapped = Self.tables.map(line("124_STUK", quantity: "2.000", price: "12.50000"))
        #expect(mapped.lines[0].item?.quantity.spelling == "2.000")
        #expect(mapped.lines[0].item?.unitPrice?.spelling == "12.50000")
        #expect(mapped.value("quantity")?.origin == .shop)
        let one = MappingTables(products: ProductTable([ProductEntry(key: "1", target: target("A", factor: "1.0"))]))
        #expect(one.map(line("1", quantity: "2.0")).lines[0].item?.quantity.spelling == "2.0")
    }

    @Test func `a line without a price has none afterwards`() {
        let mapped = Self.tables.map(line("124_KG", price: nil))
        #expect(mapped.faults.isEmpty && mapped.lines[0].item?.unitPrice == nil)
        #expect(mapped.lines[0].item?.quantity == decimal("2000"))
    }

    @Test(arguments: [
        ("124_DOOS", "2", "12.50", ["lines[0].erp.unit_price"]),
        ("124_KG", "9e99", "1", ["lines[0].erp.quantity"]),
        ("77_STUK", "1e-99", "1e99", ["lines[0].erp.quantity", "lines[0].erp.unit_price"]),
    ])
    func `what can't be converted exactly is a fault, and no item`(
        _ key: String, _ quantity: String, _ price: String, _ paths: [String]
    ) {
        let mapped = Self.tables.map(line(key, quantity: quantity, price: price))
        #expect(mapped.paths == paths && mapped.lines[0].item == nil && mapped.items.isEmpty)
        #expect(mapped.faults.allSatisfy { !$0.isQuestion && $0.missing == nil })
    }

    @Test func `a negative line is mapped like any other`() {
        let mapped = Self.tables.map(line("124_KG", quantity: "-0.5", price: "-3"))
        #expect(mapped.lines[0].item?.quantity == decimal("-500") && mapped.lines[0].item?.unitPrice == decimal("-0.003"))
    }

    @Test func `lines of one product stay apart, and lines that aren't sold don't count`() {
        var comment = line("no product", position: 2)
        comment.type = "comment"
        let mapped = Self.tables.map(
            order(line("124", position: 1), comment, line("124", quantity: "5", position: 3), line("999", position: 4)))
        #expect(mapped.items["id:9001"]?.quantity == decimal("2") && mapped.items["id:9003"]?.quantity == decimal("5"))
        #expect(mapped.items.count == 2 && mapped.paths == ["lines[2].product"])
    }

    @Test(
        arguments: [
            ("124_STUK", "124", "STUK"), ("a_b_c", "a_b", "c"), ("_x", nil, nil), ("x_", nil, nil), ("x", nil, nil),
            ("", nil, nil),
            ("é_ü", "é", "ü"),
        ] as [(String, String?, String?)])
    func `a key parts at its last separator, where something stands on both sides`(
        _ key: String, _ product: String?, _ unit: String?
    ) {
        let split = Self.tables.products.split(key)
        #expect(split?.product == product && split?.unit == unit)
        #expect(ProductTable().split(key) == nil)
    }

    @Test(arguments: [
        ("*", "", true), ("*", "any", true), ("SHIP*", "SHIP", true), ("SHIP*", "ASHIP", false), ("*SHIP", "ASHIP", true),
        ("S?IP", "SHIP", true), ("S?IP", "SIP", false), ("", "", true), ("", "a", false), ("a*b*c", "aXbYbZc", true),
        ("a*b*c", "aXbYbZ", false), ("**a", "bba", true), ("ship", "SHIP", false), ("é?", "éü", true), ("[a]", "a", false),
    ])
    func `a pattern is matched whole`(_ pattern: String, _ key: String, _ matches: Bool) {
        #expect(KeyPattern(pattern).matches(key) == matches)
    }

    @Test func `a pattern of many stars takes no time`() {
        #expect(!KeyPattern(String(repeating: "*a", count: 200) + "b").matches(String(repeating: "a", count: 2000)))
    }
}
