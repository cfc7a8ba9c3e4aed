/// A regular expression of the part that JSON Schema recommends (draft 2020-12, core, section 6.4): characters, classes such as
/// `[^a-z0-9]` and `\d`, `.`, repetitions, `^`, `$`, groups and alternatives. Looking around and back-references aren't among them.
///
/// All ways through it are followed side by side, a character at a time, so that the time grows with the length of the text times that
/// of the pattern, whatever either of them is: patterns come from plugins, texts from people, and `(a+)+$` takes a matcher that
/// tries one way after another longer than anybody lives.
struct TextPattern {
    /// One step, from which `next` goes on.
    enum Step {
        case character(CharacterClass, next: Int)
        case split(Int, Int)
        case start(next: Int)
        case end(next: Int)
        case match
    }

    private let steps: [Step]
    private let first: Int

    /// Written out, `(a{1000}){1000}` would have a million steps.
    static let stepsMax = 2_000

    /// `nil` where it isn't understood, or is too large.
    init?(_ pattern: String) {
        var reader = TextPatternReader(pattern)
        guard let tree = reader.read() else { return nil }
        var steps: [Step] = [.match]
        guard let first = tree.add(to: &steps, before: 0) else { return nil }
        (self.steps, self.first) = (steps, first)
    }

    /// Whether it matches anywhere in the text.
    func isFound(in text: String) -> Bool {
        var current = Places(steps.count)
        let scalars = Array(text.unicodeScalars)
        for position in 0...scalars.count {
            follow(first, isStart: position == 0, isEnd: position == scalars.count, &current)
            if current.hasMatched { return true }
            guard position < scalars.count else { break }
            var next = Places(steps.count)
            for place in current.characters {
                guard case .character(let characters, let following) = steps[place], characters.contains(scalars[position]) else {
                    continue
                }
                follow(following, isStart: false, isEnd: position + 1 == scalars.count, &next)
            }
            if next.hasMatched { return true }
            current = next
        }
        return false
    }

    /// Where the ways are that lead on with the next character.
    private struct Places {
        var isKnown: [Bool]
        var characters: [Int] = []
        var hasMatched = false

        init(_ count: Int) { isKnown = Array(repeating: false, count: count) }
    }

    private func follow(_ start: Int, isStart: Bool, isEnd: Bool, _ places: inout Places) {
        var waiting = [start]
        while let place = waiting.popLast() {
            if places.isKnown[place] { continue }
            places.isKnown[place] = true
            switch steps[place] {
            case .character: places.characters.append(place)
            case .split(let one, let other): waiting += [one, other]
            case .start(let next): if isStart { waiting.append(next) }
            case .end(let next): if isEnd { waiting.append(next) }
            case .match: places.hasMatched = true
            }
        }
    }
}

/// Characters, by their code points.
struct CharacterClass {
    var ranges: [ClosedRange<UInt32>] = []
    var isNegated = false

    func contains(_ scalar: Unicode.Scalar) -> Bool { ranges.contains { $0.contains(scalar.value) } != isNegated }

    init(_ ranges: [ClosedRange<UInt32>], isNegated: Bool = false) {
        self.ranges = ranges
        self.isNegated = isNegated
    }

    init(_ scalar: Unicode.Scalar) { ranges = [scalar.value...scalar.value] }

    /// All but line ends (ECMA-262, section 12.3).
    static let any = CharacterClass([0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029], isNegated: true)
    static let digit: [ClosedRange<UInt32>] = [0x30...0x39]
    static let word: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
    static let space: [ClosedRange<UInt32>] = [
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F,
        0x3000...0x3000, 0xFEFF...0xFEFF,
    ]

    /// What isn't in the ranges.
    static func complement(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var rest: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { rest.append(next...(range.lowerBound - 1)) }
            next = max(next, range.upperBound + 1)
        }
        return rest + [next...0x10FFFF]
    }
}
