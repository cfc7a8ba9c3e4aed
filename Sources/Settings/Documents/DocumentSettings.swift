package import Documents

/// A flow's documents: how they look and where they go. What happens when an outcome is unknown is in the flow's policy.
package struct DocumentSettings: Sendable, Equatable {
    package var style = DocumentStyle()
    /// Where the document goes that tells the shop the ERP's numbers; of no account where the style has none, like
    /// `response`, `despatch` and `codes`.
    package var confirmation: DocumentRoute
    package var response: DocumentRoute
    package var despatch: DocumentRoute
    package var codes: DocumentRoute
    /// Texts for the buyer, at most one for each step, and the shop's interface for them.
    package var statuses: [StatusText] = []
    package var statusInterface: ShopInterfaceSettings
    /// How long one delivery may take.
    package var timeLimit: Duration = .seconds(30)

    package init(
        confirmation: DocumentRoute, response: DocumentRoute, despatch: DocumentRoute, codes: DocumentRoute,
        statusInterface: ShopInterfaceSettings
    ) {
        self.confirmation = confirmation
        self.response = response
        self.despatch = despatch
        self.codes = codes
        self.statusInterface = statusInterface
    }
}

/// Where documents of one kind go.
package enum DocumentRoute: Sendable, Equatable {
    case shop(ShopInterfaceSettings)
    /// A name under `targets`.
    case target(String)
}

/// One of the shop's interfaces for documents. Which values the parameters have is settled per customer.
package struct ShopInterfaceSettings: Sendable, Equatable {
    /// Below the shop's base URL; `nil`: where the shop's documentation has it.
    package var path: String?
    package var shop = ""
    /// `""` for an interface without it, like `mode`.
    package var user = ""
    package var mode = ""
    package var rule: AnswerRule

    package init(rule: AnswerRule) { self.rule = rule }
}

/// Somewhere besides the shop that documents go.
package struct TargetSettings: Sendable {
    package var name: String
    package var kind: Kind
    /// Whether a document that is sent again, as the same bytes, is taken once.
    package var takesOnce: Bool

    package enum Kind: Sendable {
        /// Documents are posted to the base URL itself.
        case https(RemoteSettings, rule: AnswerRule)
        /// - Parameter isEmptied: somebody takes the files out, so that a file that isn't there says nothing.
        case folder(path: String, prefix: String, isEmptied: Bool)
    }
}
