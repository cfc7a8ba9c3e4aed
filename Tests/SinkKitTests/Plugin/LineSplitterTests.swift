import SinkKit
import Testing

@Suite struct LineSplitterTests {
    static func pieces(_ text: String, lengthMax: Int, chunk: Int) -> (pieces: [LineSplitter.Piece], rest: LineSplitter.Piece?) {
        var splitter = LineSplitter(lengthMax: lengthMax)
        let bytes = Array(text.utf8)
        let pieces = stride(from: 0, to: bytes.count, by: chunk).flatMap {
            splitter.feed(bytes[$0..<min($0 + chunk, bytes.count)])
        }
        return (pieces, splitter.finish())
    }

    static func line(_ text: String) -> LineSplitter.Piece { .line(Array(text.utf8)) }

    @Test(arguments: 1...20)
    func `lines come out whole, however they come in`(chunk: Int) {
        let (pieces, rest) = Self.pieces("one\n\ntwo\n12345\n123456\nthree\nha", lengthMax: 5, chunk: chunk)
        #expect(
            pieces == [Self.line("one"), Self.line(""), Self.line("two"), Self.line("12345"), .tooLong(6), Self.line("three")])
        #expect(rest == Self.line("ha"))
    }

    @Test func `a line that never ends takes no memory beyond the limit, and is told by its length`() {
        var splitter = LineSplitter(lengthMax: 1000)
        let chunk = [UInt8](repeating: 120, count: 65_536)
        for _ in 0..<1000 { #expect(splitter.feed(chunk[...]).isEmpty) }
        #expect(splitter.finish() == .tooLong(65_536_000))
    }
}
