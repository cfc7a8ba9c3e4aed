/// What is wrong with a cron expression, where, and what to write instead.
package struct CronFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The character it is at, from 1.
    package let position: Int
    package let message: String

    package var description: String { "at character \(position): \(message)" }
}

/// Reads cron expressions, as crontab(5) of Debian describes them.
struct CronParser {
    private static let shorthands = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
    ]

    /// A part of the expression and where it begins.
    private struct Part {
        var text: Substring
        var position: Int

        func split(at separator: Character) -> [Part] {
            var parts: [Part] = []
            var position = position
            for text in text.split(separator: separator, omittingEmptySubsequences: false) {
                parts.append(Part(text: text, position: position))
                position += text.count + 1
            }
            return parts
        }
    }

    static func fields(_ expression: String) throws(CronFault) -> [CronField] {
        if expression.hasPrefix("@") {
            guard let long = shorthands[expression.lowercased()] else {
                throw CronFault(
                    position: 1,
                    message: "there is no '\(expression)'; write one of \(shorthands.keys.sorted().joined(separator: ", "))")
            }
            return try fields(long)
        }
        let words = Part(text: expression.replacing("\t", with: " ")[...], position: 1).split(at: " ").filter { !$0.text.isEmpty }
        let kinds: [CronFieldKind] = [.minute, .hour, .dayOfMonth, .month, .dayOfWeek]
        guard words.count == kinds.count else {
            throw CronFault(
                position: words.count > kinds.count ? words[kinds.count].position : expression.count + 1,
                message: "there are \(words.count) fields; write five: minute, hour, day of the month, month, day of the week")
        }
        var fields: [CronField] = []
        for (word, kind) in zip(words, kinds) { fields.append(try field(word, kind)) }
        return fields
    }

    private static func field(_ word: Part, _ kind: CronFieldKind) throws(CronFault) -> CronField {
        var field = CronField(isWildcard: word.text.hasPrefix("*"))
        for item in word.split(at: ",") { field.insert(try values(item, kind)) }
        return field
    }

    /// `*`, `a` or `a-b`, the first and the last with a step behind a `/`.
    private static func values(_ item: Part, _ kind: CronFieldKind) throws(CronFault) -> StrideThrough<Int> {
        let halves = item.split(at: "/")
        guard halves.count <= 2 else { throw fault(halves[2], "only one step can follow '\(halves[0].text)'") }
        let ends = halves[0].split(at: "-")
        guard ends.count <= 2 else { throw fault(ends[2], "a range has two ends, as in 1-5") }
        let range: ClosedRange<Int>
        if halves[0].text == "*" {
            range = kind.range
        } else {
            let from = try value(ends[0], kind)
            range = ends.count == 2 ? try self.range(from, ends, kind) : from...from
        }
        guard halves.count == 2 else { return stride(from: range.lowerBound, through: range.upperBound, by: 1) }
        guard halves[0].text == "*" || ends.count == 2 else {
            throw fault(
                halves[1], "a step follows '*' or a range: write \(halves[0].text)-\(kind.range.upperBound)/\(halves[1].text)")
        }
        guard let step = number(halves[1].text), (1...kind.range.upperBound).contains(step) else {
            throw fault(halves[1], "'\(halves[1].text)' is no step from 1 to \(kind.range.upperBound)")
        }
        return stride(from: range.lowerBound, through: range.upperBound, by: step)
    }

    private static func range(_ from: Int, _ ends: [Part], _ kind: CronFieldKind) throws(CronFault) -> ClosedRange<Int> {
        var to = try value(ends[1], kind)
        // Sunday ends a week as well as it begins one.
        if to == 0, kind.range.upperBound == 7, from > 0 { to = 7 }
        guard from <= to else {
            throw fault(
                ends[0],
                "'\(ends[0].text)-\(ends[1].text)' ends before it begins; write "
                    + "\(ends[0].text)-\(kind.range.upperBound),\(kind.range.lowerBound)-\(ends[1].text)")
        }
        return from...to
    }

    private static func value(_ part: Part, _ kind: CronFieldKind) throws(CronFault) -> Int {
        if let index = kind.names.firstIndex(of: part.text.lowercased()) { return kind.range.lowerBound + index }
        if let number = number(part.text), kind.range.contains(number) { return number }
        let names = kind.names.isEmpty ? "" : ", or \(kind.names[0]) to \(kind.names[kind.names.count - 1])"
        throw fault(
            part, "'\(part.text)' is not \(kind.title): \(kind.range.lowerBound) to \(kind.range.upperBound)\(names), or *")
    }

    private static func number(_ text: Substring) -> Int? {
        !text.isEmpty && text.utf8.count <= 4 && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }

    private static func fault(_ part: Part, _ message: String) -> CronFault {
        CronFault(position: part.position, message: message)
    }
}
