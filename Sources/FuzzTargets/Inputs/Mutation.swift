/// Makes inputs out of inputs: the same ones for the same seed.
package struct Mutation {
    private var random: SplitMix
    private let corpus: [[UInt8]]
    private let inputBytesMax: Int

    /// - Parameter corpus: at least one.
    package init(of corpus: [[UInt8]], inputBytesMax: Int, seed: UInt64) {
        random = SplitMix(state: seed)
        self.corpus = corpus
        self.inputBytesMax = inputBytesMax
    }

    /// One of the corpus, changed in one to eight places.
    package mutating func next() -> [UInt8] {
        var bytes = pick(corpus)
        for _ in 0...random.below(8) { change(&bytes) }
        return Array(bytes.prefix(inputBytesMax))
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let start = random.below(bytes.count + 1)
        let end = min(bytes.count, start + random.below(1 << random.below(8)))
        switch random.below(7) {
        case 0 where start < bytes.count: bytes[start] ^= 1 << UInt8(random.below(8))
        case 1 where start < bytes.count: bytes[start] = UInt8(random.below(256))
        case 2: bytes.removeSubrange(start..<end)
        case 3: bytes.insert(contentsOf: bytes[start..<end], at: random.below(bytes.count + 1))
        case 4:
            let other = pick(corpus)
            let from = random.below(other.count + 1)
            bytes.replaceSubrange(start..<end, with: other[from..<min(other.count, from + random.below(64))])
        default: bytes.replaceSubrange(start..<end, with: pick(Self.fragments).utf8)
        }
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value { values[random.below(values.count)] }

    /// What readers of numbers, texts and nested values stumble over.
    private static let fragments = [
        "", "0", "-", "-0", "1e400", "1e-400", "0.1", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "99999999999999999999999999999999999999", "\\ud800", "\\udc00", "\\u0000", "\u{0}", "\u{FEFF}", "\u{E9}", "e\u{301}",
        "\u{2028}", "\r\n", "\n", "\"", "\\", "null", "true", "{}", "[]", "[", "{", "]", "}", ":", ",", " ", "\t", "&a ", "*a",
        "- ", "? ",
        "!!", "${", "%", "confirmed", "state",
    ]
}

/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators").
private struct SplitMix {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }
}
