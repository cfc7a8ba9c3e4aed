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
