import Synchronization

/// Where jitter comes from, as a value that tests replace.
package protocol RandomSource: Sendable {
    /// A number from 0 up to, and not including, `bound`; 0 when `bound` is 0.
    func uniform(below bound: UInt64) -> UInt64
}

/// The system's random numbers.
package struct SystemRandomSource: RandomSource {
    package init() {}

    package func uniform(below bound: UInt64) -> UInt64 {
        bound == 0 ? 0 : UInt64.random(in: 0..<bound)
    }
}

/// The same numbers for the same seed, in any process: SplitMix64 (Steele, Lea, Flood: "Fast splittable
/// pseudorandom number generators", 2014).
package final class SeededRandomSource: RandomSource {
    private struct SplitMix64: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private let generator: Mutex<SplitMix64>

    package init(seed: UInt64) {
        generator = Mutex(SplitMix64(state: seed))
    }

    package func uniform(below bound: UInt64) -> UInt64 {
        guard bound > 0 else { return 0 }
        return generator.withLock { $0.next(upperBound: bound) }
    }
}
