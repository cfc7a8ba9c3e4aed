import Orders

/// What a product code stands for at the POS: an item, and options that are part of it.
///
/// `101000001||2||1` is an item of the menu; `101000001||2||1+199000002||1||1*2` has an option twice, and
/// `101000001||2||1+12/199000002||1||1` one of the modifier 12. The webshop has one price for all of it, so options cost nothing more.
package struct KhumbuItem: Sendable, Equatable {
    package struct Option: Sendable, Equatable {
        package let id: String
        package let modifierID: String?
        package let quantity: Int
    }

    package let id: String
    package let options: [Option]

    private static let optionQuantityMax = 100

    /// `nil` where it can't be read so.
    package init?(_ code: String) {
        let parts = code.split(separator: "+", omittingEmptySubsequences: false).map(Self.trimmed)
        guard let first = parts.first, !first.isEmpty else { return nil }
        id = first
        var options: [Option] = []
        for part in parts.dropFirst() {
            guard let option = Self.option(part) else { return nil }
            options.append(option)
        }
        self.options = options
    }

    private static func option(_ text: String) -> Option? {
        let counted = text.split(separator: "*", omittingEmptySubsequences: false).map { trimmed($0) }
        guard counted.count <= 2, let name = counted.first else { return nil }
        let quantity = counted.count == 2 ? Int(counted[1]) : 1
        let named = name.split(separator: "/", omittingEmptySubsequences: false).map { trimmed($0) }
        guard named.count <= 2, named.allSatisfy({ !$0.isEmpty }), let id = named.last, let quantity,
            (1...optionQuantityMax).contains(quantity)
        else { return nil }
        return Option(id: id, modifierID: named.count == 2 ? named[0] : nil, quantity: quantity)
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    /// Whether all ids are as the menu webhook's sample has them: three numbers, `101000001||2||1`.
    package var hasMenuIDs: Bool { ([id] + options.map(\.id)).allSatisfy(Self.isMenuID) }

    private static func isMenuID(_ text: String) -> Bool {
        let numbers = text.split(separator: "|", omittingEmptySubsequences: false)
        return numbers.count == 5 && numbers[1].isEmpty && numbers[3].isEmpty
            && [0, 2, 4].allSatisfy { place in
                !numbers[place].isEmpty && numbers[place].utf8.allSatisfy { (0x30...0x39).contains($0) }
            }
    }
}
