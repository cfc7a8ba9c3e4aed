import Orders
import Testing

/// RFC 8259: what is JSON, what isn't, and where it goes wrong.
@Suite struct JSONGrammarTests {
    struct Malformed: Sendable, CustomTestStringConvertible {
        let text: String
        let offset: Int
        let message: String

        init(_ text: String, _ offset: Int, _ message: String) {
            (self.text, self.offset, self.message) = (text, offset, message)
        }

        var testDescription: String { text }
    }

    static let malformed = [
        Malformed("", 0, "ends where a value"), Malformed("  ", 2, "ends where a value"),
        Malformed("[1,", 3, "ends where a value"),
        Malformed("[", 1, "ends where a value"), Malformed("[,]", 1, "begins no JSON value"),
        Malformed("[1,]", 3, "begins no JSON value"),
        Malformed("[1 2]", 3, "',' or a closing bracket"), Malformed("[1", 2, "ends inside an array"),
        Malformed("[1}", 2, "',' or a closing"),
        Malformed("1 2", 2, "follows the end"), Malformed("[]]", 2, "follows the end"), Malformed("{", 1, "member's name"),
        Malformed("{a:1}", 1, "member's name"), Malformed("{'a':1}", 1, "member's name"), Malformed("{1:1}", 1, "member's name"),
        Malformed(#"{"a"}"#, 4, "':' should be"), Malformed(#"{"a" 1}"#, 5, "':' should be"),
        Malformed(#"{"a":}"#, 5, "begins no JSON"),
        Malformed(#"{"a":1,}"#, 7, "member's name"), Malformed(#"{"a":1"#, 6, "ends inside"), Malformed(#"{"a":1;"#, 6, "','"),
        Malformed(#"{"a":1]"#, 6, "','"), Malformed("tru", 0, "cut short"), Malformed("trux", 0, "not 'true'"),
        Malformed("[nulL]", 1, "not 'null'"), Malformed("falsE", 0, "not 'false'"), Malformed("True", 0, "begins no JSON"),
        Malformed("truefalse", 4, "follows the end"), Malformed("NaN", 0, "begins no JSON"),
        Malformed("Infinity", 0, "begins no JSON"),
        Malformed("-Infinity", 1, "digit"), Malformed("-", 1, "digit"), Malformed("+1", 0, "begins no JSON"),
        Malformed("01", 1, "follows"),
        Malformed("-01", 2, "follows"), Malformed("1.", 2, "digit"), Malformed(".5", 0, "begins no JSON"),
        Malformed("1.e1", 2, "digit"),
        Malformed("1e", 2, "digit"), Malformed("1e+", 3, "digit"), Malformed("1e1.5", 3, "follows"),
        Malformed("0x10", 1, "follows"),
        Malformed("1_000", 1, "follows"), Malformed("12,5", 2, "follows"), Malformed("\"a", 2, "ends inside a string"),
        Malformed("\"", 1, "ends inside a string"), Malformed(#""\"#, 1, "ends inside a string"),
        Malformed(#""\x""#, 1, "escape"),
        Malformed(#""ab\u12G4""#, 3, "four hexadecimal"), Malformed(#""\u12"#, 1, "four hexadecimal"),
        Malformed(#""\u""#, 1, "four hexa"),
        Malformed(#""\U0041""#, 1, "escape"), Malformed("\"a\nb\"", 2, "control character"),
        Malformed("\"\u{0}\"", 1, "control character"),
        Malformed("\"\u{1F}\"", 1, "control character"), Malformed("// c\n1", 0, "begins no JSON"),
        Malformed("/* */1", 0, "begins no JSON"),
        Malformed("\u{A0}1", 0, "begins no JSON"), Malformed("<html>", 0, "begins no JSON value (0x3c)"),
        Malformed("'a'", 0, "begins no JSON"), Malformed("\u{0}", 0, "begins no JSON"), Malformed("1\u{0}", 1, "follows"),
    ]

    @Test(arguments: malformed)
    func `a malformed text is refused at its byte`(_ malformed: Malformed) {
        let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: malformed.text) }
        #expect(error?.byteOffset == malformed.offset)
        #expect(error?.message.contains(malformed.message) ?? false, "\(error?.message ?? "")")
    }

    @Test(
        arguments: [
            // An overlong form, a surrogate, beyond U+10FFFF, a lone continuation byte, a sequence cut short by the quote.
            [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xE2, 0x82], [0xFF],
        ] as [[UInt8]])
    func `bytes that are not UTF-8 are refused where they stand`(_ bytes: [UInt8]) {
        let text = Array("[\"ok\",\"ab".utf8) + bytes + Array("\"]".utf8)
        let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: text) }
        #expect(error?.description == "bytes that are not UTF-8 at byte 9")
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: Array("{\"ab".utf8) + bytes + Array("\":1}".utf8)) }
    }

    @Test(arguments: [
        (#"{"a":1,"b":2,"a":3}"#, 13), (#"{"a":1,"\u0061":2}"#, 7), (#"{"\u0061":1,"a":2}"#, 12), (#"[{"x":{"":1,"":2}}]"#, 12),
        (#"{"é":1,"\u00e9":2}"#, 8),
    ])
    func `a name that stands twice in one object is refused, however it is spelled`(_ text: String, _ offset: Int) {
        let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: text) }
        #expect(error?.byteOffset == offset)
        #expect(error?.message.contains("twice") ?? false)
    }

    @Test func `a name that stands twice is found in a large object too`() {
        let members = (0..<100).map { "\"n\($0)\":\($0)" }
        for twin in [0, 5, 31, 32, 33, 98, 99] {
            let text = "{" + (members + ["\"n\(twin)\":0"]).joined(separator: ",") + "}"
            let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: text) }
            #expect(error?.byteOffset == text.utf8.count - "\"n\(twin)\":0}".utf8.count)
        }
    }

    @Test(arguments: [
        // Accent composed and apart; two different lone surrogates; one of them and what it reads as; the same letter in two cases.
        "{\"\u{E9}\":1,\"e\u{301}\":2}", #"{"\ud800":1,"\ud801":2}"#, "{\"\\ud800\":1,\"\u{FFFD}\":2}", #"{"a":1,"A":2}"#,
        #"{"a":{"a":{"a":1}}}"#,
    ])
    func `names that only look alike are two names`(_ text: String) throws {
        #expect(try JSONValue(parsing: text).compactText == text)
    }

    @Test(arguments: ["null", "true", "\"\"", "{}", "[]", "0", "[[[]],{}]", "{\"\":\"\"}"])
    func `any value may stand alone`(_ text: String) throws {
        #expect(try JSONValue(parsing: text).compactText == text)
    }

    @Test func `depth is limited, at the bracket that goes too deep`() throws {
        let limits = JSONLimits(depthMax: 3)
        #expect(try JSONValue(parsing: #"[{"a":[]},{"b":[1]}]"#, limits: limits).arrayValue?.count == 2)
        let tooDeep = #expect(throws: JSONParseError.self) { try JSONValue(parsing: #"[{"a":[[]]}]"#, limits: limits) }
        #expect(tooDeep?.description == "nested deeper than the limit of 3 at byte 7")
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: deep) }
        let allowed = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(try JSONValue(parsing: allowed).compactText == allowed)
    }

    @Test func `size is limited before anything is read`() throws {
        let limits = JSONLimits(bytesMax: 10)
        #expect(try JSONValue(parsing: "[12345678]", limits: limits) == [12_345_678])
        let tooLong = #expect(throws: JSONParseError.self) { try JSONValue(parsing: "[123456789]", limits: limits) }
        #expect(tooLong?.description == "the text has 11 bytes, more than the limit of 10 at byte 10")
    }
}
