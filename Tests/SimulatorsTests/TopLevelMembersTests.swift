internal import Orders
internal import Testing

@testable internal import Simulators

struct TopLevelMembersTests {
    /// Strings that end in a backslash, or hold quotes, commas and brackets.
    private static let text = #"{"a":"x\\","b":"\",\"c\":9,{[","c":[1,{"d":"}]"}],"e":{},"n":-1.50e3,"z":null}"#
    private let members = TopLevelMembers(Array(text.utf8))

    @Test func `members are found behind strings that hold quotes and brackets`() {
        #expect(members.members.map { members.name(of: $0) } == ["a", "b", "c", "e", "n", "z"])
        #expect(members["a"].map { String(decoding: $0, as: UTF8.self) } == #""x\\""#)
        #expect(members["c"].map { String(decoding: $0, as: UTF8.self) } == #"[1,{"d":"}]"}]"#)
        #expect(members["n"].map { String(decoding: $0, as: UTF8.self) } == "-1.50e3")
        #expect(members["d"] == nil)
        #expect(members.has("z"))
        #expect(!members.has("d"))
    }

    @Test func `replacing touches the named values only and appends what is new`() {
        let bytes = members.replacing([("c", Array("7".utf8)), ("new", Array(#""v""#.utf8)), ("a", Array("null".utf8))])
        let expected = #"{"a":null,"b":"\",\"c\":9,{[","c":7,"e":{},"n":-1.50e3,"z":null,"new":"v"}"#
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
        #expect(TopLevelMembers(Array("{}".utf8)).replacing([("a", Array("1".utf8))]) == Array(#"{"a":1}"#.utf8))
    }

    @Test(arguments: [
        ("[]", []), ("[1]", ["1"]), (#"[{"a":"],["},[1,2],"x,y",-3]"#, [#"{"a":"],["}"#, "[1,2]", #""x,y""#, "-3"]),
    ])
    func `an array falls into its elements`(_ array: String, _ elements: [String]) {
        #expect(TopLevelMembers.elements(of: Array(array.utf8)).map { String(decoding: $0, as: UTF8.self) } == elements)
    }
}
