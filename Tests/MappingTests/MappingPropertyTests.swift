import Mapping
import Orders
import SinkKit
import TestSupport
import Testing

/// What holds for whatever tables and orders.
@Suite("Mapping, at random")
struct MappingPropertyTests {
    /// Tables and an order that meet in some of their keys.
    private struct World {
        var random: SeededGenerator
        private let keys = ["1", "2", "1_A", "1_B", "2_A", "3_C", "SHIP", "SHIP_A", "_", "é"]
        private let factors: [String?] = [nil, "1", "12", "0.001", "3", "7.5", "1e40", "0.3333333333"]

        init(seed: UInt64) { random = SeededGenerator(seed: seed) }

        mutating func tables() -> MappingTables {
            let otherwise = Otherwise.allCases
            var seen: Set<String> = []
            let products = (0..<random.pick([0, 3, 6])).compactMap { _ -> ProductEntry? in
                let (key, origin) = (random.pick(keys), random.pick([nil, "a"]))
                guard seen.insert("\(key) \(origin ?? "")").inserted else { return nil }
                return ProductEntry(key: key, origin: origin, target: anyTarget())
            }
            let units = ["A", "B"].compactMap { key in
                random.oneIn(3) ? nil : UnitEntry(key: key, unit: random.pick([nil, "u"]), factor: factor(), place: place(1))
            }
            let services = random.oneIn(2) ? [ServiceRule(pattern: KeyPattern("SHIP*"), target: anyTarget())] : []
            let rules = random.oneIn(2) ? [TaxRule(group: "g", taxes: ["T"], place: place(1))] : []
            return MappingTables(
                products: ProductTable(products, unitSeparator: random.pick([nil, "_"]), otherwise: random.pick(otherwise)),
                services: services, units: UnitTable(units, otherwise: random.pick(otherwise)),
                taxes: TaxTable(rules, otherwise: random.pick(otherwise)),
                customers: random.oneIn(2) ? CustomerTable(otherwise: random.pick(otherwise)) : nil)
        }

        private mutating func factor() -> ExactDecimal? { random.pick(factors).map { decimal($0) } }

        private mutating func anyTarget() -> ItemTarget {
            ItemTarget(
                code: "C\(Int.random(in: 0..<9, using: &random))", unit: random.pick([nil, "u"]), factor: factor(),
                group: random.pick([nil, "g"]), taxes: random.pick([nil, [], ["T"]]), place: place(1))
        }

        mutating func order() -> Order {
            var order = Order(id: 1, state: .confirmed)
            order.customer = random.pick([nil, .id(7)])
            for position in 0..<random.pick([1, 4, 12]) {
                var line = line(
                    random.pick(keys), origin: random.pick([nil, "a", "b"]), quantity: number(),
                    price: random.oneIn(5) ? nil : number(),
                    position: position)
                if random.oneIn(6) { line.type = "comment" }
                order.lines.append(line)
            }
            return order
        }

        private mutating func number() -> String {
            let digits = (0..<Int.random(in: 1...20, using: &random)).map { _ in String(Int.random(in: 0...9, using: &random)) }
            let point = Int.random(in: 0...digits.count, using: &random)
            let (whole, fraction) = (digits[..<point].joined(), digits[point...].joined())
            return (random.oneIn(4) ? "-" : "") + (whole.isEmpty ? "0" : whole) + (fraction.isEmpty ? "" : ".\(fraction)")
        }
    }

    @Test(arguments: 0..<400 as Range<UInt64>)
    func `a line's amount never changes, and a line has either an item or a fault`(_ seed: UInt64) throws {
        var world = World(seed: seed)
        let (tables, order) = (world.tables(), world.order())
        let mapped = tables.map(order)
        #expect(mapped.lines.map(\.line) == order.pushedLines)
        for (index, line) in mapped.lines.enumerated() {
            let faults = mapped.faults.filter { $0.fault.path.hasPrefix("lines[\(index)].") }
            #expect((line.item == nil) == !faults.isEmpty)
            guard let item = line.item else { continue }
            #expect(mapped.items[line.line.key] == item)
            #expect(item.quantity.isNegative == line.line.quantity.isNegative)
            guard let price = line.line.unitPrice, let newPrice = item.unitPrice else {
                #expect(line.line.unitPrice == nil && item.unitPrice == nil)
                continue
            }
            // Where the amount can be held at all, it is the same to the last digit.
            if let amount = line.line.quantity.multiplied(by: price), let newAmount = item.quantity.multiplied(by: newPrice) {
                #expect(amount == newAmount)
            }
        }
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `every fault of an order is one of its lines' or its customer's, whatever else is in it`(_ seed: UInt64) {
        var world = World(seed: seed)
        let (tables, order) = (world.tables(), world.order())
        let together = tables.map(order)
        var alone: [String] = []
        for (index, line) in order.pushedLines.enumerated() {
            var single = order
            single.lines = [line]
            let faults = tables.map(single).faults.filter { $0.fault.path != "customer_code" }
            alone += faults.map { "\($0.fault.path.replacing("lines[0]", with: "lines[\(index)]")): \($0.fault.message)" }
        }
        let told = together.faults.filter { $0.fault.path != "customer_code" }.map(\.fault.description)
        #expect(told == alone)
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func `the same tables and order give the same, and a release never refuses more`(_ seed: UInt64) {
        var (first, second) = (World(seed: seed), World(seed: seed))
        let (tables, order) = (first.tables(), first.order())
        #expect(tables.fingerprint == second.tables().fingerprint)
        #expect(tables.map(order) == tables.map(order))
        let released = tables.map(order, isReleased: true)
        #expect(released.faults.allSatisfy { !$0.isQuestion })
        #expect(
            released.faults == tables.map(order).faults.filter { !$0.isQuestion || $0.missing == nil }
                || released.faults.count <= tables.map(order).faults.count)
    }

    @Test func `a fingerprint tells tables apart that could map otherwise, and no others`() {
        let base = MappingTables(products: ProductTable([ProductEntry(key: "1", target: target("A", line: 1))]))
        let moved = MappingTables(products: ProductTable([ProductEntry(key: "1", target: target("A", line: 9))]))
        #expect(base.fingerprint == moved.fingerprint)
        let others = [
            MappingTables(), MappingTables(products: ProductTable([ProductEntry(key: "1", target: target("B"))])),
            MappingTables(products: ProductTable([ProductEntry(key: "1", origin: "A", target: target("A"))])),
            MappingTables(products: ProductTable([ProductEntry(key: "1", target: target("A", unit: "A"))])),
            MappingTables(products: ProductTable([ProductEntry(key: "1", target: target("A", taxes: []))])),
            MappingTables(products: ProductTable([ProductEntry(key: "1", target: target("A"))], otherwise: .ask)),
            MappingTables(services: [ServiceRule(pattern: KeyPattern("1"), target: target("A"))]),
            MappingTables(taxes: TaxTable([TaxRule(taxes: ["A"], place: place(1))])),
            MappingTables(taxes: TaxTable([TaxRule(countries: ["A"], taxes: [], place: place(1))])),
            MappingTables(customers: CustomerTable()), MappingTables(customers: CustomerTable(otherwise: .ask)),
        ]
        let prints = [base.fingerprint] + others.map(\.fingerprint)
        #expect(Set(prints).count == prints.count)
    }
}
