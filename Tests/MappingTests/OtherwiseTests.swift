import Mapping
import Orders
import SinkKit
import Testing

/// What becomes of what no entry fits, table by table.
@Suite("What no entry fits")
struct OtherwiseTests {
    private func tables(_ otherwise: Otherwise) -> MappingTables {
        MappingTables(
            products: ProductTable(unitSeparator: "_", otherwise: otherwise), units: UnitTable(otherwise: otherwise),
            taxes: TaxTable([TaxRule(countries: ["XX"], taxes: ["never"], place: place(1))], otherwise: otherwise),
            customers: CustomerTable(otherwise: otherwise))
    }

    private let shopOrder = order(line("124_STUK"), line("125", position: 2), customer: .id(1324))
    private let allPaths = ["customer_code", "lines[0].product", "lines[0].erp.unit", "lines[1].product"]

    @Test func `use_key takes what the shop calls it`() {
        let mapped = tables(.useKey).map(shopOrder)
        #expect(mapped.faults.isEmpty && mapped.customer?.erp == "1324")
        #expect(
            mapped.items["id:9001"]
                == SinkItem(productCode: "124", unit: "STUK", quantity: decimal("2"), unitPrice: decimal("12.50")))
        #expect(mapped.items["id:9002"]?.productCode == "125" && mapped.items["id:9002"]?.unit == nil)
        #expect(mapped.value("product")?.origin == .shop)
    }

    @Test func `refuse names every missing entry at once, and nothing is asked`() {
        let mapped = tables(.refuse).map(shopOrder)
        #expect(mapped.paths == allPaths && mapped.items.isEmpty && mapped.customer?.erp == nil)
        #expect(mapped.faults.allSatisfy { !$0.isQuestion && $0.missing != nil })
        #expect(
            mapped.faults[1].fault.message == "the products table has no entry for '124' of origin 'shop', nor for '124_STUK'")
        #expect(
            mapped.faults.compactMap { $0.missing?.table } == [.customers, .products, .units, .products])
        let cells = mapped.faults[1].missing?.cells.map { "\($0.column)=\($0.text)" }
        #expect(cells == ["key=124", "origin=shop"])
        #expect(mapped == tables(.refuse).map(shopOrder, isReleased: true), "a release is no answer to a refusal")
    }

    @Test func `ask asks, until a person releases the order as the shop has it`() {
        let asked = tables(.ask).map(shopOrder)
        #expect(asked.paths == allPaths && asked.faults.allSatisfy(\.isQuestion))
        let released = tables(.ask).map(shopOrder, isReleased: true)
        #expect(released.faults.isEmpty && released.customer?.erp == "1324" && released.customer?.origin == .released)
        #expect(released.items == tables(.useKey).map(shopOrder).items)
    }

    @Test func `what has no name can't be taken as it is`() {
        for otherwise in Otherwise.allCases {
            let mapped = tables(otherwise).map(order(line("1_u")), isReleased: true)
            #expect(mapped.paths.first == "customer_code" && mapped.faults.first?.isQuestion == false, "\(otherwise)")
            #expect(mapped.faults.first?.missing == nil)
        }
    }

    @Test func `taxes that no rule is about are left, refused or asked for`() {
        let known = ProductTable([ProductEntry(key: "1", target: target("A"))])
        for (otherwise, faults, isQuestion) in [(Otherwise.useKey, 0, false), (.refuse, 1, false), (.ask, 1, true)] {
            var tables = tables(otherwise)
            (tables.products, tables.customers) = (known, nil)
            let mapped = tables.map(line("1"))
            #expect(mapped.faults.count == faults && mapped.paths.allSatisfy { $0 == "lines[0].erp.taxes" })
            #expect(mapped.faults.allSatisfy { $0.isQuestion == isQuestion && $0.missing?.table == .taxes })
        }
        var released = tables(.ask)
        (released.products, released.customers) = (known, nil)
        #expect(released.map(line("1"), isReleased: true).items["id:9001"]?.taxes == [])
    }

    @Test func `without tables everything is as the shop has it`() {
        let mapped = MappingTables().map(shopOrder)
        #expect(mapped.faults.isEmpty && mapped.customer == nil)
        #expect(mapped.items == Dictionary(uniqueKeysWithValues: shopOrder.lines.map { ($0.key, SinkItem($0)) }))
    }
}
