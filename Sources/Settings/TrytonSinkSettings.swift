/// How orders are made in Tryton, and what they come from there.
package struct TrytonSinkSettings: Sendable, Equatable {
    /// How far an order is taken by itself; people do the rest.
    package enum Confirmation: String, Sendable, CaseIterable { case draft, quotation, confirmed, processing }
    /// Where customers come from.
    package enum Parties: String, Sendable, CaseIterable {
        /// They are all in Tryton; an order of another one is refused.
        case mapped
        /// One that isn't there is made, with its addresses.
        case create
    }
    /// By what a customer is found that has no code.
    package enum PartyMark: String, Sendable, CaseIterable { case identifier, email }
    /// What is given to the shop as the number of a line.
    package enum LineNumber: String, Sendable, CaseIterable { case id, sequence }

    package var database: String
    package var login: String
    package var password: Secret
    /// The name of the web shop in Tryton, which gives the company and, with our id, the key.
    package var webShop: String
    package var confirmation = Confirmation.processing
    package var parties = Parties.mapped
    package var partyMarks: [PartyMark] = [.identifier, .email]
    /// Of orders that name none; `nil`: such an order is refused.
    package var currency: String?
    package var lineNumber = LineNumber.id
    /// What the names of warnings begin with that may be agreed to without a person.
    package var agreedWarnings: [String] = []
    package var requiredFields: [String] = []

    package init(database: String, login: String, password: Secret, webShop: String) {
        self.database = database
        self.login = login
        self.password = password
        self.webShop = webShop
    }
}
