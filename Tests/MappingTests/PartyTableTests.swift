import Mapping
import Orders
import Testing

@Suite struct PartyTableTests {
    static func party(code: String, id: Int64? = nil) -> Party {
        var party = Party()
        (party.id, party.code) = (id, code)
        return party
    }

    let table = PartyTable(["1324": party(code: "10023"), "myorigin/C1324": party(code: "10024")])

    @Test(
        arguments: [
            (PartyReference.id(1324), "10023"), (.id(1325), nil), (.originKey(origin: "myorigin", key: "C1324"), "10024"),
            (.originKey(origin: "other", key: "C1324"), nil), (.originKey(origin: "", key: "1324"), nil),
            (.expanded(party(code: "of the order", id: 1324)), "10023"), (.expanded(party(code: "of the order")), nil),
        ] as [(PartyReference, String?)])
    func `a reference is looked up by its id or by its origin and key`(_ reference: PartyReference, _ code: String?) {
        #expect(table.party(for: reference)?.code == code)
    }
}
