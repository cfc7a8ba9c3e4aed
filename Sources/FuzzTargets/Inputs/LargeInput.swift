/// Inputs too large for files: what is quadratic, or recurses without a bound, shows in them.
package struct LargeInput: Sendable, CustomStringConvertible {
    package let description: String
    package let bytes: [UInt8]

    private init(_ description: String, _ text: String) {
        self.description = description
        bytes = Array(text.utf8)
    }

    /// Those for a target, of about a hundred kilobytes each.
    package static func inputs(for target: FuzzTarget) -> [LargeInput] {
        switch target.name {
        case "json": json
        case "order": json.map(asOrderMember) + orders
        case "list": lists
        case "journal": json.map { LargeInput($0.description, "read\n\(String(decoding: $0.bytes, as: UTF8.self))") }
        case "sink-answer": json.map { LargeInput($0.description, "201\n\(String(decoding: $0.bytes, as: UTF8.self))") } + answers
        case "plugin-message":
            json.map {
                LargeInput(
                    $0.description, "find\n{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\(String(decoding: $0.bytes, as: UTF8.self))}"
                )
            }
        case "settings": settings
        case "xml": documents
        case "edifact": interchanges
        default: texts
        }
    }

    private static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    private static func members(_ count: Int, _ member: (Int) -> String) -> String {
        (0..<count).map(member).joined(separator: ",")
    }

    private static let texts = [
        LargeInput("digits", repeated("9", 1 << 17)), LargeInput("zeros after a point", "0." + repeated("0", 1 << 17)),
        LargeInput("line breaks", repeated("\n", 1 << 17)), LargeInput("headers", repeated("X-Y: z\r\n", 1 << 14)),
        LargeInput("one header", "X: " + repeated("x", 1 << 17)),
        LargeInput("a header of many lines", "X: y\r\n" + repeated(" z\r\n", 1 << 15)),
        LargeInput("a path", "https://host/" + repeated("%2e%2e/", 1 << 14)),
        LargeInput("combining characters", repeated("\u{301}", 1 << 16)),
    ]

    private static let json = [
        LargeInput("arrays within arrays", repeated("[", 1 << 17)),
        LargeInput("objects within objects", repeated("{\"a\":", 1 << 15)),
        LargeInput("a long string", "\"" + repeated("x", 1 << 17) + "\""),
        LargeInput("a string of escapes", "[\"" + repeated("\\u00e9", 1 << 14) + "\"]"),
        LargeInput("a string of lone surrogates", "[\"" + repeated("\\ud800", 1 << 14) + "\"]"),
        LargeInput("a long number", "[" + repeated("1", 1 << 17) + "]"),
        LargeInput("many members", "{" + members(1 << 13) { "\"member\($0)\":\($0)" } + "}"),
        LargeInput("many members with escaped names", "{" + members(1 << 12) { "\"\\u006dember\($0)\":\($0)" } + "}"),
        LargeInput("a name twice, far apart", "{" + members(1 << 13) { "\"m\($0 % 8191)\":0" } + "}"),
        LargeInput("many elements", "[" + members(1 << 15) { String($0 % 10) } + "]"),
        LargeInput("white space", repeated(" ", 1 << 17) + "1"),
        LargeInput("invalid bytes", "\"" + repeated("\u{10FFFF}", 1 << 15)),
    ]

    /// Nested within an order that is otherwise good.
    private static func asOrderMember(_ input: LargeInput) -> LargeInput {
        LargeInput(
            input.description,
            #"{"id":1,"state":"confirmed","x":\#(String(decoding: input.bytes, as: UTF8.self)),"order_lines":[{"id":1,"product":{"key":"P"},"quantity":1}]}"#
        )
    }

    private static let orders = [
        LargeInput(
            "many lines",
            #"{"id":1,"state":"confirmed","order_lines":["#
                + members(2048) { #"{"id":\#($0),"product":{"key":"P"},"quantity":"1"}"# } + "]}"),
        LargeInput(
            "many lines of one id",
            #"{"id":1,"state":"confirmed","order_lines":["#
                + members(2048) { _ in #"{"id":1,"product":{"key":"P"},"quantity":"1"}"# } + "]}"),
        LargeInput(
            "many names before the state",
            "{" + members(1 << 13) { "\"member\($0)\":\($0)" } + #","id":1,"state":"confirmed","order_lines":[]}"#),
    ]

    private static let lists = [
        LargeInput("many entries", #"{"count":1,"next":null,"results":["# + members(1 << 13) { "{\"id\":\($0)}" } + "]}"),
        LargeInput(
            "one entry, many times", #"{"count":9,"next":null,"results":["# + members(1 << 13) { _ in "{\"id\":1}" } + "]}"),
        LargeInput("a long link", #"{"count":1,"next":"?"# + repeated("a&", 1 << 10) + #"","results":[{"id":1}]}"#),
    ]

    private static let answers = [
        LargeInput(
            "many lines",
            "201\n{\"number\":\"1\",\"lines\":[" + members(1 << 11) { "{\"line\":\"id:\($0)\",\"number\":\($0)}" } + "]}"),
        LargeInput("many faults", "422\n{\"errors\":[" + members(1 << 12) { "{\"path\":\"\($0)\",\"message\":\"no\"}" } + "]}"),
        LargeInput("many orders", "200\n{\"results\":[" + members(1 << 12) { _ in "{\"number\":\"1\"}" } + "]}"),
    ]

    private static let settings = [
        LargeInput("lists within lists", repeated("[", 1 << 15)),
        LargeInput("sections within sections", repeated("{a: ", 1 << 13)),
        LargeInput("entries within entries", repeated("- ", 1 << 14)),
        LargeInput("a long text", "ledger: " + repeated("x", 1 << 17)),
        LargeInput("a long number", "ledger: " + repeated("1_", 1 << 16)),
        LargeInput("a long quoted text", "ledger: \"" + repeated("\\u00e9", 1 << 13) + "\""),
        LargeInput("many unknown settings", (0..<512).map { "setting\($0): \($0)\n" }.joined()),
        LargeInput("a long name", repeated("l", 1 << 13) + ": x\n"), LargeInput("comments", repeated("# x\n", 1 << 14)),
        LargeInput("aliases in a chain", "a0: &a0 [x]\n" + (1..<2048).map { "a\($0): &a\($0) [*a\($0 - 1)]\n" }.joined()),
        LargeInput("one alias many times", "a: &a [x]\nb: [" + members(1 << 11) { _ in "*a" } + "]\n"),
        LargeInput("references to secrets", "ledger: \"" + repeated("${SECRET}", 1 << 12) + "\"\n"),
        LargeInput(
            "many flows",
            "shops: {s: {base_url: \"https://s\", auth: {type: none}}}\nsinks: {e: {type: sqlite}}\nflows:\n"
                + (0..<256).map { "  f\($0): {shop: s, sink: e, webshop: \($0), since: 2026-01-01}\n" }.joined()),
    ]

    private static let documents = [
        LargeInput("elements within elements", repeated("<a>", 1 << 14)),
        LargeInput("elements beside elements", "<a>" + repeated("<b/>", 1 << 13) + "</a>"),
        LargeInput("texts between elements", "<a>" + repeated("x<b/>", 1 << 13) + "</a>"),
        LargeInput("many attributes", "<a " + (0..<8192).map { "a\($0)=''" }.joined(separator: " ") + "/>"),
        LargeInput("a long attribute", "<a b='" + repeated("x", 1 << 16) + "'/>"),
        LargeInput("many references", "<a>" + repeated("&#x20AC;", 1 << 12) + "</a>"),
        LargeInput("one section after another", "<a>" + repeated("<![CDATA[x]]>", 1 << 12) + "</a>"),
        LargeInput("comments", "<a>" + repeated("<!--x-->", 1 << 12) + "</a>"),
        LargeInput("wrong line by line", "<a>" + repeated("\n<", 1 << 14)),
        LargeInput(
            "many Status", "<cXML><Response>" + repeated("<Status code='200' text=''/>", 1 << 11) + "</Response></cXML>"),
    ]

    private static let interchanges = [
        LargeInput("a segment without end", "UNB+UNOC:3" + repeated("+A", 1 << 16)),
        LargeInput("release signs", "UNB+UNOC:3+" + repeated("??", 1 << 16) + "'"),
        LargeInput("components", "UNB+UNOC:3+A" + repeated(":", 1 << 16) + "'"),
        LargeInput("many segments", repeated("UNB+UNOC:3'", 1 << 13)),
        message("many lines", (0..<2048).map { "LIN+\($0)'QTY+12:1:PCE'RFF+ON:O:\($0)'" }.joined(), segments: 3 * 2048),
        message(
            "many wrong lines", (0..<2048).map { "LIN+\($0)++1:EN'QTY+12:-1:PCE'RFF+ON:O:\($0)'" }.joined(), segments: 3 * 2048),
        message("many packages", repeated("CPS+2+1'GIN+BJ+1'", 1 << 12), segments: 2 << 12),
        message("many dates", repeated("DTM+137:20240306:102'", 1 << 12), segments: 1 << 12),
        LargeInput(
            "many messages",
            "UNB+UNOC:3+A+B+240306:1605+R'"
                + (0..<2048).map { "UNH+\($0)+DESADV:D:96A:UN'BGM+351+D+9'UNT+3+\($0)'" }.joined() + "UNZ+2048+R'"),
        LargeInput("a delivery message", "<Desadv>" + repeated("<Item/>", 1 << 13) + "</Desadv>"),
    ]

    /// An interchange of one DESADV with these segments after those that it must have.
    private static func message(_ description: String, _ segments: String, segments count: Int) -> LargeInput {
        let head = "BGM+351+D+9'DTM+137:20240306:102'DTM+11:20240306:102'DTM+17:20240306:102'CPS+1'CPS+2+1'"
        return LargeInput(
            description,
            "UNB+UNOC:3+A+B+240306:1605+R'UNH+1+DESADV:D:96A:UN'\(head)\(segments)UNT+\(count + 8)+1'UNZ+1+R'")
    }
}
