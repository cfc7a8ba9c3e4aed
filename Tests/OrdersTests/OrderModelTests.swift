import Orders
import Testing

@Suite struct OrderModelTests {
    @Test func `the key's text is the shop and the id, and the generation from the second on`() {
        let order = OrderKey(shop: "main", orderID: 48_193)
        #expect(order.description == "main:48193")
        #expect(IdempotencyKey(order: order).text == "crossdock:main:48193")
        #expect(IdempotencyKey(order: order, generation: 2).description == "crossdock:main:48193:2")
        #expect(IdempotencyKey(order: order) != IdempotencyKey(order: order, generation: 2))
        #expect(Set([order, OrderKey(shop: "main", orderID: 48_193), OrderKey(shop: "other", orderID: 48_193)]).count == 2)
    }

    @Test func `a line is named by the shop's id, and by its place where there is none`() throws {
        let line = OrderLine(id: 7, position: 2, productKey: "A", quantity: .zero)
        #expect(line.key == "id:7")
        #expect(OrderLine(id: nil, position: 2, productKey: "A", quantity: .zero).key == "position:2")
        let comment = OrderLine(id: 8, position: 3, type: "comment", productKey: "", quantity: .zero)
        #expect(Order(id: 1, state: .confirmed, lines: [comment, line]).pushedLines == [line])
    }

    @Test func `an instant and a duration make an instant`() {
        let instant = Timestamp(milliseconds: 10_000)
        #expect(instant + .seconds(2) == Timestamp(milliseconds: 12_000))
        #expect(instant - .milliseconds(10_001) == Timestamp(milliseconds: -1))
        #expect(Timestamp(milliseconds: 12_500) - instant == .milliseconds(2500))
        #expect(instant + .microseconds(1999) == Timestamp(milliseconds: 10_001), "rounded towards zero")
        #expect(instant + .microseconds(-1999) == Timestamp(milliseconds: 9999))
        #expect(Timestamp(milliseconds: -1) < Timestamp(milliseconds: 0))
    }
}

@Suite struct PartyTests {
    static let full = """
        {"id":1695,"origin":"erp","key":"K1","code":"10023","name":"De Leeuw","attention":"Keuken","street1":"Marktstraat",\
        "house_number":"12","addition":"A","street2":"hof","zip":"3992 AB","city":"Houten","subdivision":"UT","country":"NL",\
        "email":"a@example.com","phone":"+31","vat_number":"NL1"}
        """

    @Test func `a party with every field comes out as it went in`() throws {
        let party = Party(json: try #require(try JSONValue(parsing: Self.full).objectValue))
        #expect(JSONValue.object(party.json).compactText == Self.full)
        #expect(Party(json: party.json) == party)
        #expect(party.postalCode == "3992 AB" && party.telephone == "+31" && party.taxNumber == "NL1" && party.id == 1695)
    }

    @Test func `a code or postal code may be a number, and keeps its spelling`() throws {
        let party = Party(
            json: try #require(try JSONValue(parsing: #"{"code":10023.0,"zip":3992,"phone":null,"x":1}"#).objectValue))
        #expect(party.code == "10023.0" && party.postalCode == "3992" && party.telephone == nil)
        #expect(JSONValue.object(party.json).compactText == #"{"code":"10023.0","zip":"3992"}"#)
    }

    @Test func `members of another kind are passed over`() throws {
        let object = try #require(try JSONValue(parsing: #"{"id":"7","name":{"nl":"x"},"city":["a"],"email":true}"#).objectValue)
        #expect(Party(json: object) == Party())
        #expect(Party().json == JSONObject())
    }

    @Test func `a field is found by its JSON name`() throws {
        let party = Party(json: try #require(try JSONValue(parsing: Self.full).objectValue))
        #expect(party.text(named: "zip") == "3992 AB")
        #expect(party.text(named: "postalCode") == nil)
    }
}
