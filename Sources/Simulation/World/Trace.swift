/// What happened in a schedule, as a number that two runs of the same seed must share, and in words where they are wanted.
package struct Trace: Sendable {
    /// FNV-1a, 64 bits, over eight-byte words.
    package private(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    package private(set) var lines: [String] = []
    package let isKept: Bool

    package init(isKept: Bool) { self.isKept = isKept }

    package mutating func note(_ numbers: Int64...) {
        for number in numbers {
            digest = (digest ^ UInt64(bitPattern: number)) &* 0x100_0000_01B3
            digest ^= digest >> 29
        }
    }

    package mutating func note(_ bytes: [UInt8]) {
        for byte in bytes { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    package mutating func say(_ line: @autoclosure () -> String) { if isKept { lines.append(line()) } }
}
