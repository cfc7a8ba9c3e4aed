internal import Yams

/// How many values a YAML text comes to once its aliases are put in, counted without putting them in: ten lines of aliases of
/// aliases can stand for more values than any memory holds (the "billion laughs").
struct AliasExpansion {
    /// A thousand shops with a hundred settings each.
    static let valuesMax = 100_000

    /// The line at which there are more than ``valuesMax``; `nil` where there aren't.
    private(set) var lineOfTooMany: Int?
    /// What each anchor stands for at the place reached.
    private var values: [String: Int] = [:]

    /// Takes a star's place, so that an alias is read as a text: of the private characters, which no setting has a use for.
    private static let mark: Character = "\u{E000}"

    /// - Throws: what Yams throws where the text isn't YAML.
    init(_ yaml: String) throws {
        guard yaml.utf8.contains(UInt8(ascii: "*")) else { return }
        let unexpanded = String(yaml.map { $0 == "*" ? Self.mark : $0 })
        let parser = try Parser(yaml: unexpanded)
        guard let root = try parser.singleRoot() else { return }
        // Nodes hold their anchors weakly; the parser keeps them.
        withExtendedLifetime(parser) { _ = count(root) }
    }

    private mutating func count(_ node: Node) -> Int {
        let total: Int
        switch node {
        case .scalar(let scalar):
            total = scalar.style == .plain && scalar.string.first == Self.mark ? values[Self.name(scalar.string)] ?? 1 : 1
        case .sequence(let elements): total = elements.reduce(1) { add($0, count($1), at: node) }
        case .mapping(let pairs): total = pairs.reduce(1) { add($0, add(count($1.key), count($1.value), at: $1.key), at: node) }
        case .alias: total = 1
        }
        if let anchor = node.anchor { values[anchor.rawValue] = total }
        return total
    }

    /// The sum, no more than just too many.
    private mutating func add(_ left: Int, _ right: Int, at node: Node) -> Int {
        let sum = left + right
        guard sum > Self.valuesMax else { return sum }
        lineOfTooMany = lineOfTooMany ?? node.mark?.line
        return Self.valuesMax + 1
    }

    /// The characters that libyaml takes for an anchor's name.
    private static func name(_ text: String) -> String {
        String(text.dropFirst().prefix { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "_" || $0 == "-" })
    }
}
