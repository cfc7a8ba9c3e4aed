import Mapping
import Orders
import SinkKit
import Testing

@Suite("Customers and taxes")
struct CustomerAndTaxTests {
    private static func party(id: Int64? = nil, origin: String? = nil, key: String? = nil, code: String? = nil) -> Party {
        var party = Party()
        (party.id, party.origin, party.key, party.code) = (id, origin, key, code)
        return party
    }

    private static let entries = [
        CustomerEntry(mark: .id(1324), customer: "by id", place: place(1)),
        CustomerEntry(mark: .key(origin: "a", "C1"), customer: "by origin and key", place: place(2)),
        CustomerEntry(mark: .key(origin: nil, "C1"), customer: "by key", place: place(3)),
        CustomerEntry(mark: .code("100"), customer: "by code", place: place(4)),
    ]

    @Test(
        arguments: [
            (.id(1324), nil, "by id"), (.id(1325), nil, nil), (nil, nil, nil),
            (.originKey(origin: "a", key: "C1"), nil, "by origin and key"), (.originKey(origin: "b", key: "C1"), nil, "by key"),
            (.originKey(origin: "a", key: "C2"), nil, nil), (.id(1), party(id: 1, code: "100"), "by code"),
            (.id(1), party(id: 1, origin: "a", key: "C1", code: "100"), "by origin and key"),
            (.id(1324), party(id: 1324, key: "C1", code: "100"), "by id"), (.expanded(party(key: "C1")), nil, "by key"),
            (.expanded(party(code: "100")), nil, "by code"), (.id(100), nil, nil),
        ] as [(PartyReference?, Party?, String?)])
    func `a customer is found by what says most`(_ reference: PartyReference?, _ party: Party?, _ customer: String?) {
        let tables = MappingTables(customers: CustomerTable(Self.entries, otherwise: .refuse))
        let mapped = tables.map(order(line("1"), customer: reference), .init(customer: party))
        #expect(mapped.customer?.erp == customer)
        #expect(mapped.paths == (customer == nil ? ["customer_code"] : []))
    }

    @Test(
        arguments: [
            (nil, .id(5), party(id: 5, key: "X9"), "GUEST"), ("BK*", .id(5), party(id: 5, key: "BK12345"), "GUEST"),
            ("BK*", .id(5), party(id: 5, key: "X9"), nil), ("BK*", nil, nil, "GUEST"), ("BK*", .id(5), nil, nil),
            ("BK*", .id(5), party(code: "BK1"), "GUEST"), ("BK*", .id(1324), party(key: "BK1"), "by id"),
        ] as [(String?, PartyReference?, Party?, String?)])
    func `guests go to the customer that is for them`(
        _ pattern: String?, _ reference: PartyReference?, _ party: Party?, _ customer: String?
    ) {
        let guests = GuestRule(customer: "GUEST", pattern: pattern.map(KeyPattern.init), place: place(9))
        let tables = MappingTables(customers: CustomerTable(Self.entries, guests: guests, otherwise: .refuse))
        #expect(tables.map(order(line("1"), customer: reference), .init(customer: party)).customer?.erp == customer)
    }

    private static let rules = [
        TaxRule(countries: ["BE", "DE"], hasTaxNumber: true, taxes: ["REVERSE"], place: place(1)),
        TaxRule(customer: "EXEMPT", taxes: ["ZERO"], place: place(2)),
        TaxRule(countries: ["NL"], group: "food", taxes: ["NL9"], place: place(3)),
        TaxRule(countries: ["NL"], taxes: ["NL21"], place: place(4)),
        TaxRule(countries: ["FR"], hasTaxNumber: false, taxes: [], place: place(5)),
    ]

    @Test(
        arguments: [
            ("NL", nil, false, nil, 4), ("nl", nil, false, nil, 4), ("NL", "food", false, nil, 3), ("NL", "food", true, nil, 3),
            ("BE", "food", true, nil, 1), ("BE", nil, false, nil, nil), ("NL", "food", false, "EXEMPT", 2),
            (nil, nil, true, nil, nil),
            ("DE", nil, true, "EXEMPT", 1), ("FR", nil, false, nil, 5), ("FR", nil, true, nil, nil),
        ] as [(String?, String?, Bool, String?, Int?)])
    func `the first rule that fits counts`(
        _ country: String?, _ group: String?, _ hasTaxNumber: Bool, _ customer: String?, _ rule: Int?
    ) {
        let circumstances = TaxCircumstances(country: country, customer: customer, group: group, hasTaxNumber: hasTaxNumber)
        #expect(TaxTable(Self.rules).rule(for: circumstances)?.place.line == rule)
    }

    @Test func `taxes go by where the goods go, who buys and what the product's entry says`() {
        let products = ProductTable([
            ProductEntry(key: "bread", target: target("BREAD", group: "food")),
            ProductEntry(key: "glass", target: target("GLASS")),
            ProductEntry(key: "stamp", target: target("STAMP", taxes: ["NONE"])),
            ProductEntry(key: "gift", target: target("GIFT", taxes: [])),
        ])
        let tables = MappingTables(products: products, taxes: TaxTable(Self.rules))
        var (buyer, address) = (Party(), Party())
        (buyer.country, buyer.taxNumber, address.country) = ("BE", "BE0123", "NL")
        let shopOrder = order(
            line("bread", position: 1), line("glass", position: 2), line("stamp", position: 3), line("gift", position: 4))
        let shipped = tables.map(shopOrder, .init(customer: buyer, shipmentAddress: address))
        #expect(shipped.lines.map { $0.item?.taxes } == [["NL9"], ["NL21"], ["NONE"], []])
        let fetched = tables.map(shopOrder, .init(customer: buyer))
        #expect(fetched.lines.map { $0.item?.taxes } == [["REVERSE"], ["REVERSE"], ["NONE"], []])
    }
}
