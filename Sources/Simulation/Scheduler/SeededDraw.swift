/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed, in any process on any machine.
package struct SeededDraw: Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// A stream of its own for one purpose, so that more of one kind of draw doesn't move another.
    package init(seed: UInt64, stream: UInt64) { state = Self.mix(seed &+ Self.mix(stream &+ 0x9E37_79B9_7F4A_7C15)) }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// From 0 up to, and not including, `bound`.
    package mutating func below(_ bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }

    /// From `least` to `most`, both included.
    package mutating func between(_ least: Int64, _ most: Int64) -> Int64 { least + Int64(below(Int(most - least) + 1)) }

    package mutating func oneIn(_ count: Int) -> Bool { below(count) == 0 }

    package mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
