import OrderFlow
import Settings
import Testing

@Suite("Aliases in a configuration")
struct AliasTests {
    @Test func `an alias stands for what its anchor does`() throws {
        let settings = yaml(replacing: [27: "    settle: &pause 5m", 28: "    recheck: { initial: *pause }"])
        #expect(try read(settings).flows[0].template.recheck.initial == .seconds(300))
    }

    /// Ten lines that stand for three billion values.
    static let bomb =
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + zip("abcdefghi", "bcdefghij").map { "\($1): &\($1) [\(times(9, "*\($0)"))]\n" }.joined()

    private static func times(_ count: Int, _ text: String) -> String {
        Array(repeating: text, count: count).joined(separator: ", ")
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["shops: *j\n", "? *j\n: as a key\n", "? [*j, *j]\n: within a key\n"])
    func `aliases of aliases that stand for too much are refused with their line`(_ use: String) {
        let faults = faults(Self.bomb + use)
        #expect(faults.map(\.line) == [6])
        #expect(faults.first?.message.hasPrefix("with its aliases put in, this is more than 100000 values") == true)
    }

    @Test(.timeLimit(.minutes(1))) func `aliases in a chain, each a level deeper, are refused`() {
        let chain = "a0: &a0 [x]\n" + (1...20_000).map { "a\($0): &a\($0) [*a\($0 - 1)]\n" }.joined()
        #expect(faults(chain).count == 1)
    }

    @Test func `a star that is no alias means itself`() throws {
        #expect(try read(yaml(replacing: [15: "    path: \"a*b.db\" # *c"]), folder: "").sinks[0].path == "a*b.db")
    }
}

extension SinkSettings {
    fileprivate var path: String? { if case .sqlite(let path, _, _) = kind { path } else { nil } }
}
