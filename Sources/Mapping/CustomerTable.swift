package import Orders

/// Which of the ERP's customers an order is for.
package struct CustomerTable: Sendable {
    package let entries: [CustomerEntry]
    /// Who buys without an entry.
    package let guests: GuestRule?
    package let otherwise: Otherwise
    private let indexes: [CustomerMark: Int]

    /// - Parameter entries: no two of them for the same mark; the first one counts.
    package init(_ entries: [CustomerEntry] = [], guests: GuestRule? = nil, otherwise: Otherwise = .useKey) {
        self.entries = entries
        self.guests = guests
        self.otherwise = otherwise
        indexes = Dictionary(entries.enumerated().map { ($1.mark, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The entry of the first mark that has one.
    package func entry(_ marks: [CustomerMark]) -> CustomerEntry? {
        marks.lazy.compactMap { indexes[$0] }.first.map { entries[$0] }
    }

    func write(to writer: inout FingerprintWriter) {
        writer.add("customers")
        for text in [otherwise.rawValue, guests?.customer, guests?.pattern?.text] { writer.add(text) }
        for entry in entries { writer.add([entry.mark.description, entry.customer]) }
    }
}

/// What a customer of the shop's is known by.
package enum CustomerMark: Hashable, Sendable, CustomStringConvertible {
    /// The shop's numeric id.
    case id(Int64)
    /// The shop's import key; without an origin: of any.
    case key(origin: String?, String)
    /// The customer's code in the shop.
    case code(String)

    /// All marks of an order's customer, the one that says most first.
    package static func marks(of reference: PartyReference?, _ customer: Party?) -> [CustomerMark] {
        var marks: [CustomerMark] = []
        var parties = [customer].compactMap(\.self)
        switch reference {
        case .id(let id): marks.append(.id(id))
        case .originKey(let origin, let key): marks += [.key(origin: origin, key), .key(origin: nil, key)]
        case .expanded(let party): parties.append(party)
        case nil: break
        }
        for party in parties {
            if let id = party.id { marks.append(.id(id)) }
            if let key = party.key { marks += [.key(origin: party.origin, key), .key(origin: nil, key)] }
            if let code = party.code { marks.append(.code(code)) }
        }
        return marks
    }

    package var description: String {
        switch self {
        case .id(let id): "id \(id)"
        case .key(let origin?, let key): "key '\(key)' of origin '\(origin)'"
        case .key(nil, let key): "key '\(key)'"
        case .code(let code): "code '\(code)'"
        }
    }
}

/// One customer of the shop's.
package struct CustomerEntry: Sendable, Equatable {
    package var mark: CustomerMark
    /// The ERP's code.
    package var customer: String
    package var place: TablePlace

    package init(mark: CustomerMark, customer: String, place: TablePlace) {
        self.mark = mark
        self.customer = customer
        self.place = place
    }
}

/// The ERP's customer that stands for all who have no entry: a shop makes a customer of its own for every guest's order.
package struct GuestRule: Sendable, Equatable {
    /// The ERP's code.
    package var customer: String
    /// Only for customers whose key or code in the shop is like that; `nil`: for all.
    package var pattern: KeyPattern?
    package var place: TablePlace

    package init(customer: String, pattern: KeyPattern? = nil, place: TablePlace) {
        self.customer = customer
        self.pattern = pattern
        self.place = place
    }

    /// An order that names no customer is a guest's whatever the pattern.
    package func fits(_ marks: [CustomerMark]) -> Bool {
        guard let pattern, !marks.isEmpty else { return true }
        return marks.contains { mark in
            switch mark {
            case .id: false
            case .key(_, let text), .code(let text): pattern.matches(text)
            }
        }
    }
}
