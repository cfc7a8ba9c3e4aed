/// A JSON object that keeps the order of its members.
public struct JSONObject: Sendable, Equatable {
    public struct Member: Sendable, Equatable {
        public let name: JSONString
        public var value: JSONValue
    }

    public private(set) var members: [Member]

    public init() { members = [] }

    init(members: [Member]) { self.members = members }

    public init(_ pairs: [(String, JSONValue)]) {
        members = pairs.map { Member(name: JSONString($0.0), value: $0.1) }
    }

    /// Reading gives the member of that name, `nil` where there is none (a member that is `null` gives `.null`).
    /// Writing replaces it where it stands or appends it at the end; writing `nil` takes it out.
    public subscript(_ key: String) -> JSONValue? {
        get { index(of: key).map { members[$0].value } }
        set {
            switch (index(of: key), newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name: JSONString(key), value: value))
            case (nil, nil): break
            }
        }
    }

    /// Puts a member at the end without the search that setting by name costs.
    ///
    /// - Precondition: no member has that name yet.
    public mutating func append(_ name: String, _ value: JSONValue) {
        members.append(Member(name: JSONString(name), value: value))
    }

    /// - Precondition: there is a member at `index`.
    mutating func replaceValue(at index: Int, with value: JSONValue) { members[index].value = value }

    private func index(of key: String) -> Int? {
        // A span lends the members, where the array's own search takes a copy of each.
        let members = members.span
        for index in members.indices where members[index].name.stands(for: key) { return index }
        return nil
    }
}

extension JSONObject {
    /// The members of an object that is being parsed, with the check that no name comes twice.
    struct MembersBeingRead {
        var list: [Member] = []
        /// Of each name so far. Names whose marks differ, differ; that saves nearly every comparison of two texts.
        private var marks: [UInt32] = []
        /// Only of objects too large to be searched from end to end: building a set costs more than reading an order's members.
        private var names: Set<[UInt8]> = []

        private static let searchedMax = 32

        /// An order line's worth, so that few objects outgrow their first allocation.
        init() {
            list.reserveCapacity(16)
            marks.reserveCapacity(16)
        }

        /// Whether no member has that name yet. To be asked once for each.
        mutating func takes(_ name: JSONString) -> Bool {
            guard list.count < Self.searchedMax else {
                if names.isEmpty { names = Set(list.map(\.name.bytes)) }
                return names.insert(name.bytes).inserted
            }
            let mark = name.mark
            for index in marks.indices where marks[index] == mark && list[index].name == name { return false }
            marks.append(mark)
            return true
        }
    }
}

extension JSONString {
    fileprivate func stands(for key: String) -> Bool {
        hasEscapes ? value.hasSameBytes(as: key) : literal.hasSameBytes(as: key)
    }

    /// The same for equal texts (FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/).
    fileprivate var mark: UInt32 {
        hasEscapes ? bytes.reduce(JSONString.markBasis, JSONString.mark) : Self.mark(of: literal)
    }

    private static let markBasis: UInt32 = 2_166_136_261

    private static func mark(_ sum: UInt32, _ byte: UInt8) -> UInt32 { (sum ^ UInt32(byte)) &* 16_777_619 }

    private static func mark(of literal: String) -> UInt32 {
        let bytes = literal.utf8.span
        var sum = markBasis
        for index in bytes.indices { sum = mark(sum, bytes[index]) }
        return sum
    }
}
