/// Where an ERP's customers come from.
package enum PartyChoice: String, Sendable, CaseIterable {
    /// They are all in the ERP; an order of another one is refused.
    case mapped
    /// One that isn't there is made, with its addresses.
    case create
}

/// By what a customer is found in the ERP that has no code.
package enum PartyMark: String, Sendable, CaseIterable { case identifier, email }

/// What is given to the shop as the number of a line.
package enum ERPLineNumber: String, Sendable, CaseIterable { case id, sequence }

extension PartyChoice {
    /// - Parameter erp: its name, for the help.
    static func read(_ reader: SettingsReader, erp: String, default fallback: PartyChoice) -> PartyChoice {
        reader.word("parties", "whether customers that \(erp) doesn't have are refused or made", default: fallback)
    }
}

extension PartyMark {
    static func read(_ reader: SettingsReader, default fallback: [PartyMark]) -> [PartyMark] {
        reader.values("find_parties_by", "by what a customer without a code is found", default: fallback) { text in
            let words = allCases.map(\.rawValue).joined(separator: ", ")
            return PartyMark(rawValue: text).map { .success($0) }
                ?? .failure(SettingsFaultMessage("'\(text)' is not one of \(words)"))
        }
    }
}
