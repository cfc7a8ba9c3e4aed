package import Orders

/// Customers, or addresses, that the shop can't be asked about: a table by id, or by origin and key.
package struct PartyTable: Sendable, Equatable {
    private let parties: [String: Party]

    /// - Parameter entries: keyed by the shop's id (`1324`) or by `origin/key` (`myorigin/C1324`).
    package init(_ entries: [String: Party]) { parties = entries }

    /// Differs where the table says something else.
    package var fingerprint: [UInt8] {
        var writer = FingerprintWriter()
        for (mark, party) in parties.sorted(by: { $0.key < $1.key }) {
            writer.add([mark, JSONValue.object(party.json).compactText])
        }
        return writer.bytes
    }

    /// The party a reference stands for; `nil` where the table has none.
    package func party(for reference: PartyReference) -> Party? {
        switch reference {
        case .id(let id): parties[String(id)]
        case .originKey(let origin, let key): parties["\(origin)/\(key)"]
        case .expanded(let party): party.id.flatMap { parties[String($0)] }
        }
    }
}
