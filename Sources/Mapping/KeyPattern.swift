/// A pattern that a whole key must match: `*` stands for any text, also none, `?` for one character.
package struct KeyPattern: Sendable, Equatable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    package var description: String { text }

    /// Takes no longer than the product of both lengths, whatever the pattern.
    package func matches(_ key: String) -> Bool {
        let (pattern, characters) = (Array(text), Array(key))
        var (place, position) = (0, 0)
        // Where to go on when what follows the last star didn't match after all.
        var star: (place: Int, position: Int)?
        while position < characters.count {
            if place < pattern.count, pattern[place] == "*" {
                star = (place, position)
                place += 1
            } else if place < pattern.count, pattern[place] == "?" || pattern[place] == characters[position] {
                (place, position) = (place + 1, position + 1)
            } else if let last = star {
                star = (last.place, last.position + 1)
                (place, position) = (last.place + 1, last.position + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }
}
