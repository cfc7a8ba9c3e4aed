package import Orders

/// Finds what somebody else changed while we wrote.
package enum OrderComparison {
    /// How many differences are told.
    static let pathsMax = 20

    /// The paths at which `answered` differs from what was `sent`, in values, not in spelling; at most 20. The fields that are
    /// ours to write are left out: what became of them, the order itself shows.
    ///
    /// - Parameter volatile: members the shop changes by itself, such as `modified_date`, at any depth.
    package static func foreignDifferences(sent: JSONObject, answered: JSONObject, volatile: [String]) -> [String] {
        var search = Search(volatile: volatile)
        search.compare(.object(sent), .object(answered), at: "")
        return search.paths
    }

    private struct Search {
        let volatile: [String]
        var paths: [String] = []

        mutating func compare(_ sent: JSONValue, _ answered: JSONValue, at path: String) {
            switch (sent, answered) {
            case (.object(let left), .object(let right)): compare(left, right, at: path)
            case (.array(let left), .array(let right)):
                if left.count != right.count { add("\(path) (\(left.count) entries sent, \(right.count) found)") }
                for (index, (first, second)) in zip(left, right).enumerated() { compare(first, second, at: "\(path)[\(index)]") }
            default:
                if !OrderComparison.areEqual(sent, answered) { add(path) }
            }
        }

        /// A member that is missing on one side and `null` on the other is the same.
        private mutating func compare(_ left: JSONObject, _ right: JSONObject, at path: String) {
            let answered = MembersByName(right, besides: left)
            for (index, member) in left.members.enumerated() where isForeign(member, in: path) {
                compare(member.value, answered.value(member.name, at: index) ?? .null, at: Self.path(of: member, in: path))
            }
            let sent = MembersByName(left, besides: right)
            for (index, member) in right.members.enumerated() where !member.value.isNull && isForeign(member, in: path) {
                if sent.value(member.name, at: index) == nil { add(Self.path(of: member, in: path)) }
            }
        }

        private func isForeign(_ member: JSONObject.Member, in path: String) -> Bool {
            !volatile.contains(member.name.value) && !OrderEdit.owns(member.name.value, in: path)
        }

        private static func path(of member: JSONObject.Member, in path: String) -> String {
            path.isEmpty ? member.name.value : "\(path).\(member.name.value)"
        }

        private mutating func add(_ path: String) {
            if paths.count < OrderComparison.pathsMax { paths.append(path) }
        }
    }

    /// The members of one of two objects, found at once where they stand in the same places, as they mostly do, and by name where
    /// they don't. Searching each from end to end would take hours for a hostile order's million members.
    private struct MembersByName {
        let members: [JSONObject.Member]
        private let byName: [JSONString: JSONValue]

        init(_ object: JSONObject, besides other: JSONObject) {
            members = object.members
            let areInPlace = members.count == other.members.count && zip(members, other.members).allSatisfy { $0.name == $1.name }
            byName = areInPlace ? [:] : Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
        }

        func value(_ name: JSONString, at index: Int) -> JSONValue? {
            if index < members.count, members[index].name == name { return members[index].value }
            return byName[name]
        }
    }

    /// `12.50` and `12.5` are the same amount, as numbers and as strings; a shop that writes amounts its own way hasn't been
    /// edited. Strings that don't look like amounts, such as `007`, are compared as they are.
    private static func areEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
        if left == right { return true }
        guard let first = left.amount, let second = right.amount else { return false }
        return first == second
    }
}

extension JSONValue {
    fileprivate var amount: ExactDecimal? {
        switch self {
        case .number(let number): try? ExactDecimal(number.spelling)
        case .string(let string) where Self.isAmount(string.value): try? ExactDecimal(string.value)
        default: nil
        }
    }

    /// Digits and a point, without needless zeros in front, which only a number that names something has.
    private static func isAmount(_ text: String) -> Bool {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }) else { return false }
        return !digits.hasPrefix("0") || digits == "0" || digits.hasPrefix("0.")
    }
}
