import Settings
import TestSupport
import Testing

@Suite("CSV")
struct CSVTextTests {
    private static func cells(_ text: String, _ separator: Character? = nil) -> [[String]] {
        CSVText(Array(text.utf8), separator: separator).records.map(\.cells)
    }

    @Test(
        arguments: [
            ("a,b\n1,2\n", nil, [["a", "b"], ["1", "2"]]), ("a;b\r\n1;2", nil, [["a", "b"], ["1", "2"]]),
            ("a;b\r1,5;2\r", nil, [["a", "b"], ["1,5", "2"]]), ("a;b,c,d\n", nil, [["a;b", "c", "d"]]),
            ("a;b\n", ",", [["a;b"]]), ("a,b\n", ";", [["a,b"]]), ("\"x;y\",b\n1,2", nil, [["x;y", "b"], ["1", "2"]]),
            ("\"a\"\"b\",\"c,d\",\"e\nf\"\n", nil, [["a\"b", "c,d", "e\nf"]]), ("\"e\r\nf\"", nil, [["e\nf"]]),
            (" a , b\t\n", nil, [["a", "b"]]), ("\" a \", b", nil, [[" a ", "b"]]),
            ("a,b\n,\n\n  \n1,\n", nil, [["a", "b"], ["1", ""]]),
            ("", nil, []), ("\n\r\n\r", nil, []), ("a", nil, [["a"]]), ("a,", nil, [["a", ""]]), ("\"\",x", nil, [["", "x"]]),
            ("\u{FEFF}a,b", nil, [["a", "b"]]), ("Müsli,€", nil, [["Müsli", "€"]]),
        ] as [(String, Character?, [[String]])])
    func `cells are what RFC 4180 says`(_ text: String, _ separator: Character?, _ cells: [[String]]) {
        #expect(Self.cells(text, separator) == cells)
        #expect(CSVText(Array(text.utf8), separator: separator).faults.isEmpty)
    }

    @Test func `a table's empty end may be as long as a spreadsheet's`() {
        let text = CSVText(Array(("a,b\n1,2\n" + String(repeating: ",\n", count: 100_000) + "3,4\n").utf8))
        #expect(text.records.map(\.cells) == [["a", "b"], ["1", "2"], ["3", "4"]])
    }

    @Test func `a record knows the line it begins on`() {
        let text = CSVText(Array("h\r\n\r\n\"a\nb\"\n\rc\n".utf8))
        #expect(text.records.map(\.line) == [1, 3, 6])
    }

    @Test(arguments: [
        ("a\nb\"c\nd\n", [2], [["a"], ["d"]]), ("a\n\"b\"c\nd\n", [2], [["a"], ["d"]]), ("a\n\"b\nc", [2], [["a"]]),
        ("a\"\nb\"\nc", [1, 2], [["c"]]),
    ])
    func `every broken record is told with its line, and the others are read`(_ text: String, _ lines: [Int], _ cells: [[String]])
    {
        let csv = CSVText(Array(text.utf8))
        #expect(csv.faults.map(\.line) == lines)
        #expect(csv.records.map(\.cells) == cells)
    }

    @Test func `what isn't UTF-8 is told`() {
        let csv = CSVText(Array("a,b\nM".utf8) + [0xFC] + Array("sli,1\nx,y".utf8))
        #expect(csv.faults.map(\.line) == [2] && csv.faults[0].message.contains("UTF-8"))
        #expect(csv.records.map(\.cells) == [["a", "b"], ["x", "y"]])
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func `what was written is what is read, whatever is in the cells`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = ["a", "ü", "\"", ",", ";", "\n", " ", "", "\t", "0", "€", "|"]
        let columns = Int.random(in: 1...4, using: &random)
        let rows = (0..<Int.random(in: 1...5, using: &random)).map { _ in
            // The first cell has something in it, or the row would be none.
            (0..<columns).map { column in
                (column == 0 ? "k" : "") + (0..<Int.random(in: 0...4, using: &random)).map { _ in random.pick(pieces) }.joined()
            }
        }
        let separator: Character = random.pick([",", ";"])
        let lineEnd = random.pick(["\n", "\r\n", "\r"])
        let mark: [UInt8] = random.oneIn(2) ? [0xEF, 0xBB, 0xBF] : []
        let written = rows.map { row in
            row.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: String(separator))
        }.joined(separator: lineEnd)
        let csv = CSVText(mark + Array(written.utf8), separator: separator)
        #expect(csv.records.map(\.cells) == rows && csv.faults.isEmpty)
    }

    @Test(arguments: 0..<400 as Range<UInt64>)
    func `any bytes are read to their end`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet: [UInt8] = Array("a\",;\n\r \t".utf8) + [0xEF, 0xBB, 0xBF, 0xFC, 0]
        let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in random.pick(alphabet) }
        let csv = CSVText(bytes)
        let lines = csv.records.map(\.line)
        #expect(lines == lines.sorted() && Set(lines).count == lines.count)
        #expect(csv.records.allSatisfy { record in record.cells.contains { !$0.isEmpty } })
        #expect(csv == CSVText(bytes))
    }
}
