import Orders
import TestSupport
import Testing

/// Documents made at random, the same ones in every run.
@Suite struct JSONPropertyTests {
    @Test func `compact documents come out byte for byte`() throws {
        for seed in 1...2000 as ClosedRange<UInt64> {
            var maker = JSONTextMaker(seed: seed)
            let text = maker.value(depth: 6)
            #expect(try JSONValue(parsing: text).compactText == text, "seed \(seed)")
        }
    }

    @Test func `white space anywhere between tokens changes nothing`() throws {
        for seed in 1...500 as ClosedRange<UInt64> {
            var (compact, spaced) = (JSONTextMaker(seed: seed), JSONTextMaker(seed: seed, isSpaced: true))
            #expect(try JSONValue(parsing: spaced.value(depth: 5)).compactText == compact.value(depth: 5), "seed \(seed)")
        }
    }

    @Test func `a document cut short or with a byte changed is refused or read, and never brings the process down`() throws {
        for seed in 1...500 as ClosedRange<UInt64> {
            var maker = JSONTextMaker(seed: seed)
            let bytes = Array("[\(maker.value(depth: 4))]".utf8)
            var random = SeededGenerator(seed: seed)
            let cut = Int.random(in: 0..<bytes.count, using: &random)
            let error = #expect(throws: JSONParseError.self, "seed \(seed)") { try JSONValue(parsing: Array(bytes[..<cut])) }
            #expect(error.map { (0...cut).contains($0.byteOffset) } ?? false)
            var changed = bytes
            changed[cut] = UInt8.random(in: 0...255, using: &random)
            if let value = try? JSONValue(parsing: changed) {
                #expect(try JSONValue(parsing: value.serialized()) == value)
                _ = value.prettyText
            }
        }
    }

    @Test func `any text survives being written and read`() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            let scalars = (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...(random.oneIn(2) ? 0x7F : 0x1_0FFFF), using: &random))
            }
            let text = String(String.UnicodeScalarView(scalars))
            let read = try JSONValue(parsing: JSONValue.text(text).serialized()).stringValue
            #expect(read.map { Array($0.utf8) } == Array(text.utf8))
        }
    }
}

/// Writes JSON texts; two makers with one seed write the same document.
struct JSONTextMaker {
    private var random: SeededGenerator
    /// Apart, so that spacing doesn't change what is made.
    private var spaces: SeededGenerator
    private let isSpaced: Bool

    init(seed: UInt64, isSpaced: Bool = false) {
        random = SeededGenerator(seed: seed)
        spaces = SeededGenerator(seed: ~seed)
        self.isSpaced = isSpaced
    }

    private mutating func space() -> String { isSpaced ? spaces.pick(["", " ", "\n", "\t\r\n  "]) : "" }

    mutating func value(depth: Int) -> String {
        let (before, text, after) = (space(), bare(depth: depth), space())
        return before + text + after
    }

    private mutating func bare(depth: Int) -> String {
        switch Int.random(in: 0..<(depth == 0 ? 4 : 7), using: &random) {
        case 0: return random.pick(["true", "false", "null"])
        case 1: return number()
        case 2, 3: return string()
        case 4:
            let count = Int.random(in: 0...4, using: &random)
            return "[" + (count == 0 ? space() : (0..<count).map { _ in value(depth: depth - 1) }.joined(separator: ",")) + "]"
        default:
            // Beyond the size up to which names are searched one by one, too.
            let count = random.oneIn(12) ? 60 : Int.random(in: 0...5, using: &random)
            let members = (0..<count).map { index in
                let name = string()
                let unique = "\(name.dropLast())#\(index)\""
                return space() + unique + space() + ":" + value(depth: count > 5 ? 0 : depth - 1)
            }
            return "{" + (count == 0 ? space() : members.joined(separator: ",")) + "}"
        }
    }

    private mutating func digits(_ count: Int) -> String {
        (0..<count).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
    }

    private mutating func number() -> String {
        var text = random.oneIn(3) ? "-" : ""
        text += random.oneIn(4) ? "0" : "\(Int.random(in: 1...9, using: &random))" + digits(random.pick([0, 1, 3, 30]))
        if random.oneIn(2) { text += "." + digits(random.pick([1, 2, 25])) }
        if random.oneIn(4) { text += random.pick(["e", "E", "e+", "E-"]) + digits(random.pick([1, 3])) }
        return text
    }

    private mutating func string() -> String {
        let pieces = [
            "a", "Zürich", "日本", "📦", "e\u{301}", #"\""#, #"\\"#, #"\/"#, #"\n"#, #"\u00e9"#, #"\u00E9"#, #"\uD83D\uDE00"#,
            #"\ud83d"#,
            #"\u0000"#, " ", "'", "{", "]", ",", "\u{7F}", "\u{FFFF}",
        ]
        return "\"" + (0..<Int.random(in: 0...6, using: &random)).map { _ in random.pick(pieces) }.joined() + "\""
    }
}
