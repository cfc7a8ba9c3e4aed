import Orders
import TestSupport
import Testing

/// Reading a text beside an earlier value gives what reading it alone gives, the errors included.
@Suite struct JSONLikenessTests {
    private static let order = """
        {"id":1,"reference":"CS1","state":"confirmed","erp_order_number":null,"total":12.50,"offline":false,"tags":[],"more":{},
         "order_lines":[{"id":11,"quantity":"1.0","erp_line_number":null},{"id":12,"quantity":2,"erp_line_number":7}]}
        """

    private static let others = [
        order, "{}", "[]", "null", "7", "\"\"", "", "[1", "{\"id\":1}", "{\"id\":1,", "{\"id\":1,\"id\":1}",
        order.replacing("null", with: "\"SO-1\""), order.replacing("12.50", with: "12.5"),
        order.replacing("12.50", with: "12.501"),
        order.replacing("12.50", with: "12.50e1"), order.replacing("12.50", with: "12.50-"), order.replacing("1.0", with: "1.00"),
        order.replacing("CS1", with: "CS"), order.replacing("CS1", with: "CS12"), order.replacing("CS1", with: #"\u0043S1"#),
        order.replacing("state", with: "status"), order.replacing("state", with: "id"), order.replacing("[]", with: "[1]"),
        order.replacing("{}", with: "{\"new\":true}"), order.replacing("{}", with: "[]"), order.replacing("12.50", with: "{}"),
        order.replacing(",\"tags\":[]", with: ""), order.replacing("\"more\"", with: "\"new\":0,\"more\""),
        order.replacing("}]}", with: "}],\"new\":1}"), order.replacing("}]}", with: "},{}]}"), order.replacing("}]}", with: "}]"),
        order.replacing("}]}", with: "}]}}"), order.replacing("\"id\":12", with: "\"id\":12 x"), order + " ", "\u{FEFF}" + order,
        order.replacing(":", with: " : "),
    ]

    private static func read(_ text: String, like earlier: JSONValue? = nil) -> Result<String, JSONParseError> {
        Result { () throws(JSONParseError) in try JSONValue(parsing: Array(text.utf8), like: earlier).compactText }
    }

    @Test(arguments: others) func `an order is read as if there had been no earlier one`(text: String) throws {
        #expect(Self.read(text, like: try JSONValue(parsing: Self.order)) == Self.read(text))
        guard let earlier = try? JSONValue(parsing: text) else { return }
        #expect(Self.read(Self.order, like: earlier) == Self.read(Self.order))
    }

    @Test func `nesting is limited beside an earlier value, too`() throws {
        let deep = String(repeating: "[", count: 64) + "1" + String(repeating: "]", count: 64)
        let earlier = try JSONValue(parsing: deep)
        #expect(Self.read(deep, like: earlier) == .success(deep))
        #expect(Self.read("[\(deep)]", like: .array([earlier])) == Self.read("[\(deep)]"))
        #expect(throws: JSONParseError.self) { try Self.read("[\(deep)]", like: .array([earlier])).get() }
    }

    @Test func `any text beside any value gives what it gives alone`() throws {
        for seed in 1...3000 as ClosedRange<UInt64> {
            var maker = JSONTextMaker(seed: seed, isSpaced: seed.isMultiple(of: 2))
            let text = maker.value(depth: 5)
            let earlier = try JSONValue(parsing: text)
            #expect(Self.read(text, like: earlier) == .success(earlier.compactText), "seed \(seed)")
            let bytes = Array(text.utf8)
            var random = SeededGenerator(seed: seed)
            for _ in 0..<8 {
                var changed = bytes
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: changed[place] = UInt8.random(in: 0...255, using: &random)
                case 1: changed[place] = bytes.randomElement(using: &random) ?? 0
                default: changed.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...20, using: &random)))
                }
                let alone = Result { () throws(JSONParseError) in try JSONValue(parsing: changed).compactText }
                let beside = Result { () throws(JSONParseError) in try JSONValue(parsing: changed, like: earlier).compactText }
                #expect(beside == alone, "seed \(seed)")
            }
        }
    }
}
