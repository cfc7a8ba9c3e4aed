/// A pattern as it was read, before its steps are written out.
indirect enum TextPatternTree {
    case nothing
    case character(CharacterClass)
    case start, end
    case sequence([TextPatternTree])
    case alternatives([TextPatternTree])
    /// `most`: `nil` for any number.
    case repeated(TextPatternTree, least: Int, most: Int?)

    /// Writes its steps out, the last ones first.
    ///
    /// - Returns: where they begin; `nil` where there would be too many.
    func add(to steps: inout [TextPattern.Step], before next: Int) -> Int? {
        guard steps.count < TextPattern.stepsMax else { return nil }
        switch self {
        case .nothing: return next
        case .character(let characters): steps.append(.character(characters, next: next))
        case .start: steps.append(.start(next: next))
        case .end: steps.append(.end(next: next))
        case .sequence(let parts):
            var place = next
            for part in parts.reversed() {
                guard let before = part.add(to: &steps, before: place) else { return nil }
                place = before
            }
            return place
        case .alternatives(let parts):
            guard var place = parts.last?.add(to: &steps, before: next) else { return nil }
            for part in parts.dropLast().reversed() {
                guard let other = part.add(to: &steps, before: next) else { return nil }
                steps.append(.split(other, place))
                place = steps.count - 1
            }
            return place
        case .repeated(let part, let least, let most): return Self.add(part, least, most, to: &steps, before: next)
        }
        return steps.count - 1
    }

    private static func add(
        _ part: TextPatternTree, _ least: Int, _ most: Int?, to steps: inout [TextPattern.Step], before next: Int
    ) -> Int? {
        var place = next
        if let most {
            for _ in 0..<max(0, most - least) {
                guard let before = part.add(to: &steps, before: place) else { return nil }
                steps.append(.split(before, next))
                place = steps.count - 1
            }
        } else {
            // Its way back is known only once its own steps are.
            let loop = steps.count
            steps.append(.match)
            guard let before = part.add(to: &steps, before: loop) else { return nil }
            steps[loop] = .split(before, next)
            place = loop
        }
        for _ in 0..<least {
            guard let before = part.add(to: &steps, before: place) else { return nil }
            place = before
        }
        return place
    }
}

/// Reads a pattern, a character at a time.
struct TextPatternReader {
    private let scalars: [Unicode.Scalar]
    private var place = 0
    private var depth = 0

    private static let depthMax = 64
    private static let repetitionsMax = 1000

    init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    /// `nil` where it isn't understood.
    mutating func read() -> TextPatternTree? {
        guard let tree = alternatives(), place == scalars.count else { return nil }
        return tree
    }

    private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

    private mutating func take() -> Unicode.Scalar? {
        defer { place += 1 }
        return next
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        place += 1
        return true
    }

    private mutating func alternatives() -> TextPatternTree? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else { return nil }
        var found: [TextPatternTree] = []
        repeat {
            guard let sequence = sequence() else { return nil }
            found.append(sequence)
        } while take("|")
        return found.count == 1 ? found[0] : .alternatives(found)
    }

    private mutating func sequence() -> TextPatternTree? {
        var parts: [TextPatternTree] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            guard let atom = atom(), let part = repetition(of: atom) else { return nil }
            parts.append(part)
        }
        return parts.isEmpty ? .nothing : .sequence(parts)
    }

    private mutating func atom() -> TextPatternTree? {
        switch take() {
        case "^": return .start
        case "$": return .end
        case ".": return .character(.any)
        case "[": return classInBrackets().map { .character($0) }
        case "\\": return escape().map { .character(CharacterClass($0)) }
        case "(":
            // `(?:…)` only groups; what else begins with `(?` looks around or names a group.
            if take("?"), !take(":") { return nil }
            guard let inner = alternatives(), take(")") else { return nil }
            return inner
        case "*", "+", "?", "{", nil: return nil
        case let scalar?: return .character(CharacterClass(scalar))
        }
    }

    private mutating func repetition(of atom: TextPatternTree) -> TextPatternTree? {
        let tree: TextPatternTree
        switch next {
        case "*": tree = .repeated(atom, least: 0, most: nil)
        case "+": tree = .repeated(atom, least: 1, most: nil)
        case "?": tree = .repeated(atom, least: 0, most: 1)
        case "{":
            place += 1
            guard let (least, most) = counts() else { return nil }
            _ = take("?")
            return .repeated(atom, least: least, most: most)
        default: return atom
        }
        place += 1
        // As little as possible matches where as much as possible does.
        _ = take("?")
        return tree
    }

    /// `2}`, `2,}` or `2,5}`.
    private mutating func counts() -> (Int, Int?)? {
        guard let least = number() else { return nil }
        if take("}") { return (least, least) }
        guard take(",") else { return nil }
        if take("}") { return (least, nil) }
        guard let most = number(), most >= least, take("}") else { return nil }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var digits = ""
        while let scalar = next, ("0"..."9").contains(scalar) {
            digits.unicodeScalars.append(scalar)
            place += 1
        }
        return Int(digits).flatMap { $0 <= Self.repetitionsMax ? $0 : nil }
    }

    // MARK: Characters

    /// What a `\` and what follows it stand for.
    private mutating func escape() -> [ClosedRange<UInt32>]? {
        switch take() {
        case "d": return CharacterClass.digit
        case "D": return CharacterClass.complement(CharacterClass.digit)
        case "w": return CharacterClass.word
        case "W": return CharacterClass.complement(CharacterClass.word)
        case "s": return CharacterClass.space
        case "S": return CharacterClass.complement(CharacterClass.space)
        case "t": return [0x09...0x09]
        case "n": return [0x0A...0x0A]
        case "v": return [0x0B...0x0B]
        case "f": return [0x0C...0x0C]
        case "r": return [0x0D...0x0D]
        case "x": return hexadecimal(2)
        case "u": return hexadecimal(4)
        case let scalar? where scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9").contains(scalar):
            return CharacterClass(scalar).ranges
        default: return nil
        }
    }

    private mutating func hexadecimal(_ count: Int) -> [ClosedRange<UInt32>]? {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let digit = take().flatMap({ Character($0).hexDigitValue }) else { return nil }
            value = value * 16 + UInt32(digit)
        }
        return [value...value]
    }

    /// Behind the `[`.
    private mutating func classInBrackets() -> CharacterClass? {
        var characters = CharacterClass([], isNegated: take("^"))
        while !take("]") {
            guard let low = classMember() else { return nil }
            guard next == "-", place + 1 < scalars.count, scalars[place + 1] != "]" else {
                characters.ranges += low
                continue
            }
            place += 1
            guard let high = classMember(), let first = Self.single(low), let last = Self.single(high), first <= last else {
                return nil
            }
            characters.ranges.append(first...last)
        }
        return characters
    }

    private mutating func classMember() -> [ClosedRange<UInt32>]? {
        guard let scalar = take() else { return nil }
        return scalar == "\\" ? (take("b") ? [0x08...0x08] : escape()) : CharacterClass(scalar).ranges
    }

    private static func single(_ ranges: [ClosedRange<UInt32>]) -> UInt32? {
        ranges.count == 1 && ranges[0].count == 1 ? ranges[0].lowerBound : nil
    }
}
