import OrderFlow
import Testing

@Suite struct WordsTests {
    @Test(arguments: [(0, "0 entries"), (1, "1 entry"), (2, "2 entries")])
    func `a count goes with its noun`(count: Int, words: String) {
        #expect(count.counted("entry", plural: "entries") == words)
        #expect(count.counted("fault") == "\(count) fault\(count == 1 ? "" : "s")")
    }

    @Test func `a duration is told in its largest whole unit`() {
        #expect(Duration.seconds(86_400).inWords == "1 day")
        #expect(Duration.seconds(90 * 60).inWords == "90 minutes")
        #expect(Duration.milliseconds(1500).inWords == "1 second")
    }
}
