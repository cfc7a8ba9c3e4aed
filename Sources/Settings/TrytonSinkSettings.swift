/// How orders are made in Tryton, and what they come from there.
package struct TrytonSinkSettings: Sendable, Equatable {
    /// How far an order is taken by itself; people do the rest.
    package enum Confirmation: String, Sendable, CaseIterable { case draft, quotation, confirmed, processing }

    package var database: String
    package var login: String
    package var password: Secret
    /// The name of the web shop in Tryton, which gives the company and, with our id, the key.
    package var webShop: String
    package var confirmation = Confirmation.processing
    package var parties = PartyChoice.mapped
    package var partyMarks: [PartyMark] = [.identifier, .email]
    /// Of orders that name none; `nil`: such an order is refused.
    package var currency: String?
    package var lineNumber = ERPLineNumber.id
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
