import Foundation
import Orders
import TestSupport
import Testing

/// What a server sent comes out again byte for byte, white space between tokens aside.
@Suite struct JSONLosslessTests {
    @Test(arguments: [
        "0", "-0", "12.50", "1.0", "1e5", "1E+05", "-0.000e-00", "123456789012345678901234567890",
        "0.10000000000000000000000000000001",
        "1e400",
    ])
    func `a number keeps its spelling`(_ spelling: String) throws {
        #expect(try JSONValue(parsing: spelling) == .number(JSONNumber(spelling: spelling)))
        #expect(try JSONValue(parsing: "[\(spelling)]").compactText == "[\(spelling)]")
    }

    @Test(arguments: [
        #""caf\u00e9""#, #""caf\u00E9""#, #""café""#, #""\/ and /""#, #""\"\\\b\f\n\r\t""#, #""\u001f""#, #""😀""#,
        #""\ud83d\ude00""#,
        #""\ud800""#, #""\udc00\ud800""#, #""\ud800A""#, #""\u0000""#, "\"\u{7F}\u{2028}\"", #""""#,
    ])
    func `a string keeps its escapes`(_ literal: String) throws {
        #expect(try JSONValue(parsing: literal).compactText == literal)
        #expect(try JSONValue(parsing: "{\(literal):\(literal)}").compactText == "{\(literal):\(literal)}")
    }

    @Test(arguments: [
        (#"\u00e9"#, "é"), (#"\ud83d\ude00"#, "😀"), (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{C}\n\r\t"), (#"a\u0000b"#, "a\0b"),
        // What no Unicode text can hold reads as U+FFFD, one for each.
        (#"\ud800"#, "\u{FFFD}"), (#"\ud800\u0041"#, "\u{FFFD}A"), (#"\ud800\ud83d\ude00"#, "\u{FFFD}😀"),
        (#"\udc00\ud800x"#, "\u{FFFD}\u{FFFD}x"),
        (#"\ud7ff\ue000"#, "\u{D7FF}\u{E000}"), (#"\uFFFF\u07ff\u0800"#, "\u{FFFF}\u{7FF}\u{800}"),
        (#"\udbff\udfff"#, "\u{10FFFF}"),
    ])
    func `a string reads as the text it stands for`(_ literal: String, _ text: String) throws {
        let value = try #require(try JSONValue(parsing: "\"\(literal)\"").stringValue)
        #expect(Array(value.unicodeScalars) == Array(text.unicodeScalars))
    }

    @Test func `members keep their order, and those nobody knows survive an edit`() throws {
        let text = #"{"z":1,"a":{"unknown":[1.0,{"n\u0065sted":null}],"emoji":"📦"},"state":"confirmed","m":12.50}"#
        var object = try #require(try JSONValue(parsing: text).objectValue)
        object["state"] = "processing"
        object["added"] = true
        let expected = text.replacing("confirmed", with: "processing").dropLast() + #","added":true}"#
        #expect(JSONValue.object(object).compactText == String(expected))
    }

    @Test func `a byte order mark is passed over and counts for the offsets`() throws {
        #expect(try JSONValue(parsing: [0xEF, 0xBB, 0xBF] + Array("[1]".utf8)) == [1])
        let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: [0xEF, 0xBB, 0xBF] + Array("[1 x]".utf8)) }
        #expect(error?.byteOffset == 6)
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: Array("[1]".utf8) + [0xEF, 0xBB, 0xBF]) }
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: [0xEF, 0xBB]) }
    }

    @Test func `white space between tokens goes, inside strings it stays`() throws {
        #expect(try JSONValue(parsing: " \t\r\n{ \"a b\" : [ 1 , \" x \" ] }\n").compactText == #"{"a b":[1," x "]}"#)
    }

    @Test func `every fixture comes out as it went in`() throws {
        let folder = ProjectFolder.cloudsuiteFixtures
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }
        #expect(names.count > 30)
        for name in names {
            let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
            let parsed = try JSONValue(parsing: bytes)
            #expect(parsed.serialized() == Self.withoutWhiteSpace(bytes), "\(name)")
            #expect(try JSONValue(parsing: parsed.prettyText).serialized() == parsed.serialized(), "\(name)")
        }
    }

    /// What the serializer must yield, found without parsing.
    private static func withoutWhiteSpace(_ bytes: [UInt8]) -> [UInt8] {
        var (isInString, isEscaped) = (false, false)
        return bytes.filter { byte in
            if isEscaped {
                isEscaped = false
            } else if isInString, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString.toggle()
            }
            return isInString || ![0x20, 0x09, 0x0A, 0x0D].contains(byte)
        }
    }
}
