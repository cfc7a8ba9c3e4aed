/// What names one EDIFACT file between two partners for ever: 1 to 14 capital letters and digits, which every repertoire holds.
package struct ControlReference: Sendable, Hashable, CustomStringConvertible {
    package let text: String

    /// `nil` for anything else.
    package init?(_ text: String) {
        let isSign = { (byte: UInt8) in (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) }
        guard (1...14).contains(text.utf8.count), text.utf8.allSatisfy(isSign) else { return nil }
        self.text = text
    }

    package var description: String { text }
}
