import Orders
import SinkKit
import Testing

@Suite struct JSONSchemaTests {
    static func faults(_ schema: String, _ value: String) throws -> [String] {
        JSONSchema(try JSONValue(parsing: schema)).faults(in: try JSONValue(parsing: value)).map(\.description)
    }

    @Test(arguments: [
        ("true", "1"), ("{}", "[]"), (#"{"type": "integer"}"#, "1.0"), (#"{"type": ["string", "null"]}"#, "null"),
        (#"{"enum": [1, "a"]}"#, "1.0"), (#"{"const": {"a": 1, "b": 2}}"#, #"{"b": 2, "a": 1}"#),
        (#"{"pattern": "^a+$"}"#, #""aa""#), (#"{"pattern": "b"}"#, #""abc""#), (#"{"pattern": "^a$"}"#, "1"),
        (#"{"minimum": 0.1}"#, "0.1"), (#"{"minimum": 99999999999999999999}"#, "99999999999999999999.5"),
        (#"{"properties": {"a": {"type": "string"}}}"#, #"{"b": 1}"#), (#"{"items": {"type": "number"}}"#, "[1, 2.5]"),
        (#"{"additionalProperties": {"type": "string"}}"#, #"{"a": "b"}"#), (#"{"minLength": 1}"#, #""é""#),
        (##"{"$ref": "#/$defs/a", "$defs": {"a": {"items": {"$ref": "#/$defs/a"}, "type": "array"}}}"##, "[[], [[]]]"),
        (#"{"oneOf": [{"type": "string"}, {"type": "null"}]}"#, "null"), (#"{"anyOf": [{}, {}]}"#, "1"),
    ])
    func `what keeps to its schema has no fault`(schema: String, value: String) throws {
        #expect(try Self.faults(schema, value) == [])
    }

    @Test(arguments: [
        ("false", "1", "should not be there"), (#"{"type": "integer"}"#, "1.5", "should be a whole number, not a number"),
        (#"{"type": "integer"}"#, "15e-1", "should be a whole number, not a number"),
        (#"{"type": "object"}"#, "[]", "should be an object, not an array"),
        (#"{"enum": ["a", 1]}"#, #""b""#, #"should be one of "a", 1"#),
        (#"{"const": 1}"#, "2", "should be 1"), (#"{"pattern": "^[A-Z]-$"}"#, #""a-""#, "should match ^[A-Z]-$"),
        (#"{"pattern": "("}"#, #""a""#, "can't be checked: its schema's pattern ( is not understood"),
        (#"{"minimum": 1}"#, "0.999999999999999999999", "should be at least 1"), (#"{"maximum": 1}"#, "2", "should be at most 1"),
        (#"{"minLength": 2}"#, #""a""#, "should have at least 2 characters"),
        (#"{"minItems": 1}"#, "[]", "should have at least 1 entries"),
        (#"{"items": {"type": "string"}}"#, #"["a", 1]"#, "[1]: should be a text, not a number"),
        (#"{"required": ["a"], "properties": {"a": {"description": "the A"}}}"#, "{}", "a: is missing: the A"),
        (
            #"{"properties": {"a": {"properties": {"b": {"type": "null"}}}}}"#, #"{"a": {"b": 1}}"#,
            "a.b: should be null, not a number"
        ),
        (#"{"properties": {"a": {}}, "additionalProperties": false}"#, #"{"b": 1}"#, "b: is not known here; known are: a"),
        (#"{"oneOf": [{}, {}]}"#, "1", "fits more than one of its forms"),
        (##"{"$ref": "#/$defs/none"}"##, "1", "can't be checked: its schema refers to '#/$defs/none'"),
        (##"{"$ref": "#"}"##, "1", "is nested too deep, or its schema refers to itself"),
    ])
    func `what doesn't is told where and why`(schema: String, value: String, fault: String) throws {
        #expect(try Self.faults(schema, value) == [fault])
    }

    @Test func `every fault is told at once`() throws {
        let schema =
            #"{"required": ["a", "b"], "properties": {"c": {"type": "string"}, "d": {"minimum": 1}}, "additionalProperties": false}"#
        #expect(try Self.faults(schema, #"{"c": 1, "d": 0, "e": 1}"#).count == 5)
    }

    @Test(arguments: ["(a+)+$", "^(a*)*$", "^(a|a)*$", "(a|aa)+$", "^(a?){200}a{200}$", "(.*)(.*)(.*)(.*)(.*)x$"])
    func `no pattern takes long, whatever it is held against`(pattern: String) throws {
        let start = ContinuousClock.now
        let schema = JSONSchema(["pattern": .text(pattern)])
        #expect(schema.faults(in: .text(String(repeating: "a", count: 2000) + "b")).count == 1)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test(
        arguments: [
            ("^[0-9]+(ms|s|m|h|d)$", ["250ms", "3h"], ["3", "3 h", "ms"]),
            (#"^\d{2,3}-\w*$"#, ["12-", "123-a_9"], ["1-", "1234-", "12-é"]),
            ("^[^a-c]$", ["d", "é", "🥐"], ["a", "b", ""]), ("a.c", ["xabcx", "a🥐c"], ["a\nc", "ac"]), ("", ["", "x"], []),
            (#"^\.\$\(\)\[\]$"#, [".$()[]"], [". $()[]"]), ("^(?:ab|cd)?$", ["", "ab", "cd"], ["abcd", "a"]),
            (#"^[\w.+-]+@[\w-]+$"#, ["a.b+c@d-e"], ["@d", "a b@c"]), (#"^\u00e9\x41$"#, ["éA"], ["e\u{301}A"]),
            ("^a+?b*?$", ["a", "aab"], ["b"]), (#"^[\S\s]$"#, ["a", "\n"], ["ab"]), ("^[]a]$", [], ["a", "]"]),
            ("^[a-]$", ["a", "-"], ["b"]),
            ("^(a{0}|b{2,})$", ["", "bb", "bbb"], ["b", "a"]), ("x^|^y$", ["y"], ["xy", "x"]),
        ] as [(String, [String], [String])])
    func `a pattern matches what the standard says it does`(pattern: String, good: [String], bad: [String]) {
        let schema = JSONSchema(["pattern": .text(pattern)])
        for text in good { #expect(schema.faults(in: .text(text)).isEmpty, "\(text)") }
        for text in bad { #expect(schema.faults(in: .text(text)).count == 1, "\(text)") }
    }

    @Test(arguments: ["(?=a)", "(a", "a)", "*a", "[a", #"\1"#, "(a{1000}){1000}", "a{2,1}", #"\p{L}"#, "[b-a]", "(?<n>a)", "{"])
    func `a pattern that isn't understood, or is too large, is a fault and no match`(pattern: String) {
        let faults = JSONSchema(["pattern": .text(pattern)]).faults(in: "a")
        #expect(faults.count == 1 && faults[0].message.contains("is not understood"), "\(faults)")
    }

    @Test func `a text that is too long to be matched is a fault`() {
        let faults = JSONSchema(["pattern": "a"]).faults(in: .text(String(repeating: "a", count: 20_000)))
        #expect(faults.count == 1 && faults[0].message.contains("at most 16384 bytes"), "\(faults)")
    }

    @Test func `a fault shows no value, which may be a secret`() throws {
        for schema in [
            #"{"pattern": "^x"}"#, #"{"enum": ["x"]}"#, #"{"const": "x"}"#, #"{"type": "null"}"#, #"{"minLength": 99}"#,
        ] {
            #expect(try !Self.faults(schema, #""hunter2""#).joined().contains("hunter2"))
        }
    }

    @Test func `a schema whose choices refer to itself comes to an end`() throws {
        let schema = ##"{"anyOf": [{"$ref": "#"}, {"$ref": "#"}, {"$ref": "#"}]}"##
        #expect(try !Self.faults(schema, "1").isEmpty)
    }

    @Test func `keywords that nothing looks at are named`() throws {
        let schema =
            #"{"title": "t", "if": {}, "properties": {"a": {"uniqueItems": true, "type": "array"}, "if": {}}, "then": {}}"#
        #expect(JSONSchema(try JSONValue(parsing: schema)).unknownKeywords == ["if", "then", "uniqueItems"])
    }

    @Test func `the protocol's own schema uses nothing that isn't looked at`() throws {
        #expect(JSONSchema(try ProtocolSchema.whole()).unknownKeywords == [])
    }
}
