/// SplitMix64 (Steele, Lea, Flood 2014): small, fast, and the same on every machine.
package struct SeededRandom: Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// The stream for one numbered thing, so that the thing is a pure function of seed and number.
    package init(seed: UInt64, number: Int) {
        self.init(seed: Self.mix(seed &+ Self.mix(UInt64(bitPattern: Int64(number)) &+ 0x9E37_79B9_7F4A_7C15)))
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// A number from 0 up to but not including `bound`.
    package mutating func below(_ bound: Int) -> Int { Int(next() >> 11) % bound }

    package mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// A fraction from 0 up to but not including 1.
    package mutating func fraction() -> Double { Double(next() >> 11) / Double(1 << 53) }

    static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
