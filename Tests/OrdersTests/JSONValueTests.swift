import Orders
import Testing

@Suite struct JSONValueTests {
    @Test(
        arguments: [
            ("5", 5), ("-0", 0), ("9223372036854775807", Int64.max), ("9223372036854775808", nil), ("5.0", nil), ("5e0", nil),
            ("\"5\"", nil),
            ("null", nil),
        ] as [(String, Int64?)])
    func `an integer is a number written as one`(_ text: String, _ integer: Int64?) throws {
        #expect(try JSONValue(parsing: text).integerValue == integer)
    }

    @Test func `each kind reads as itself and as nothing else`() throws {
        let values: [JSONValue] = [nil, true, 1, "a", [1], ["a": 1]]
        #expect(values.map(\.kindName) == ["null", "a boolean", "a number", "a string", "an array", "an object"])
        #expect(values.map(\.isNull) == [true, false, false, false, false, false])
        #expect(values.map { $0.boolValue != nil } == [false, true, false, false, false, false])
        #expect(values.map { $0.integerValue != nil } == [false, false, true, false, false, false])
        #expect(values.map { $0.stringValue != nil } == [false, false, false, true, false, false])
        #expect(values.map { $0.arrayValue != nil } == [false, false, false, false, true, false])
        #expect(values.map { $0.objectValue != nil } == [false, false, false, false, false, true])
        #expect(values.map { $0["a"] != nil } == [false, false, false, false, false, true])
    }

    @Test func `strings are equal by their text, numbers by their spelling`() throws {
        #expect(try JSONValue(parsing: #""caf\u00e9""#) == JSONValue(parsing: #""café""#))
        #expect(try JSONValue(parsing: #""a\/b""#) == "a/b")
        #expect(try JSONValue(parsing: "1.0") != JSONValue(parsing: "1"))
        #expect(try JSONValue(parsing: "\"\u{E9}\"") != JSONValue(parsing: "\"e\u{301}\""), "other code points are other text")
        #expect(try JSONValue(parsing: #""\ud800""#) != JSONValue(parsing: #""\ud801""#))
        #expect(try JSONValue(parsing: #"{"a":1,"b":2}"#) != JSONValue(parsing: #"{"b":2,"a":1}"#))
    }

    @Test func `a member is read, replaced where it stands, appended and taken out`() throws {
        var object = try #require(try JSONValue(parsing: #"{"a":1,"\u0062":2,"c":null}"#).objectValue)
        #expect(object["b"] == 2)
        #expect(object["c"] == .null)
        #expect(object["d"] == nil)
        object["b"] = "x"
        object["d"] = 4
        object["a"] = nil
        object["missing"] = nil
        #expect(JSONValue.object(object).compactText == #"{"\u0062":"x","c":null,"d":4}"#)
    }

    @Test func `what must be escaped is, and nothing else`() {
        #expect(JSONValue.text("\"\\/\u{0}\u{1f}\n\u{7f}é😀").compactText == #""\"\\/\u0000\u001f\n"# + "\u{7F}é😀\"")
        #expect(JSONValue.text(nil) == .null)
        #expect(JSONValue.object(JSONObject([("a\"b", 1)]))["a\"b"] == 1)
    }

    @Test func `the form for people is indented by two and leaves empty ones alone`() {
        let value: JSONValue = ["a": [1, ["b": []]], "c": [:]]
        #expect(
            value.prettyText == """
                {
                  "a": [
                    1,
                    {
                      "b": []
                    }
                  ],
                  "c": {}
                }
                """)
    }
}
