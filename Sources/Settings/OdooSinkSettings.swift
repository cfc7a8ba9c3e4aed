/// How orders are made in Odoo, and what they come from there.
package struct OdooSinkSettings: Sendable, Equatable {
    /// How Odoo is spoken to.
    package enum WireProtocol: String, Sendable, CaseIterable {
        /// From version 19 on.
        case json2
        /// Versions 14 to 18; version 19 still has it.
        case jsonrpc
    }
    /// How far an order is taken by itself; people do the rest.
    package enum Confirmation: String, Sendable, CaseIterable { case draft, confirmed }

    package var wireProtocol = WireProtocol.json2
    /// Of the user that makes orders; over JSON-RPC its password does as well.
    package var apiKey: Secret
    /// `nil`: the only one there is; JSON-RPC needs it.
    package var database: String?
    /// JSON-RPC needs it; an API key speaks for itself.
    package var login: String?
    /// The name of the company whose orders they are; `nil`: the user's own.
    package var company: String?
    package var confirmation = Confirmation.confirmed
    package var parties = PartyChoice.mapped
    package var partyMarks: [PartyMark] = [.identifier, .email]
    /// Of orders that name none; `nil`: the company's own.
    package var currency: String?
    package var lineNumber = ERPLineNumber.id
    package var requiredFields: [String] = []

    package init(apiKey: Secret) { self.apiKey = apiKey }
}
