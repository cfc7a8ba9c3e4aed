/// One of Khumbu's error codes, with what follows from it.
///
/// Codes and meanings: https://developer.khumbu.com/docs/error-information (documented). The class of each is inferred. KS-0005 isn't
/// in that list.
package struct KhumbuCode: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// The order itself: sending it again as it is won't help.
        case order
        /// A value that the settings or the mapping tables give.
        case mapping
        /// Names, stores and credentials of the settings: no order can go before they are mended.
        case settings
        /// The restaurant is closed: later, it may go.
        case closed
        /// The `providerOrderId` was used before.
        case duplicate
        case cancelled
        /// There is no such order to cancel.
        case unknownOrder
        /// Something failed on the way, and the order may have got through all the same.
        case ambiguous
        /// No end yet.
        case unresolved
    }

    package let text: String
    package let kind: Kind
    /// What it says, and what to do, in words for a person.
    package let remedy: String

    private init(_ text: String, _ kind: Kind, _ remedy: String) {
        self.text = text
        self.kind = kind
        self.remedy = remedy
    }

    /// `nil` where the list has none of that name.
    package init?(_ text: String) {
        guard let known = Self.documented.first(where: { $0.text == text }) else { return nil }
        self = known
    }

    package static let documented = [
        KhumbuCode("KS-0001", .order, "Khumbu can't read the body as JSON; report it as a fault of Crossdock's"),
        KhumbuCode("KS-0002", .settings, "the provider's name must have from 2 to 100 characters: mend 'provider'"),
        KhumbuCode("KS-0003", .settings, "Khumbu doesn't know the provider: mend 'provider'"),
        KhumbuCode("KS-0004", .ambiguous, "Khumbu failed inside: look at the POS whether the order is there"),
        KhumbuCode("KS-0006", .order, "a field is missing that Khumbu requires: 'require' it, or fill it in in the shop"),
        KhumbuCode("KS-0007", .order, "the provider order id is empty; report it as a fault of Crossdock's"),
        KhumbuCode("KS-0008", .settings, "access is denied: mend 'client_id', 'api_key', 'provider', 'partner' or 'market'"),
        KhumbuCode("KS-0009", .unknownOrder, "the partner order id isn't known"),
        KhumbuCode("KS-0010", .order, "a field has a value that isn't allowed"),
        KhumbuCode("KS-0011", .order, "a field is blank that Khumbu requires: 'require' it, or fill it in in the shop"),
        KhumbuCode("KS-0012", .settings, "Khumbu doesn't know the POS: mend 'partner'"),
        KhumbuCode("KS-0013", .settings, "Khumbu doesn't know the store: mend 'stores'"),
        KhumbuCode("KS-0014", .closed, "the store is inactive: have it opened"),
        KhumbuCode("KS-0015", .settings, "the store id is missing in the headers; ask Khumbu for the header's name"),
        KhumbuCode("KS-0016", .mapping, "Khumbu doesn't accept the fulfillment mode: mend 'fulfillment_mode'"),
        KhumbuCode("KS-0017", .mapping, "Khumbu doesn't accept the payment method: mend 'payment_methods'"),
        KhumbuCode("KS-0018", .duplicate, "Khumbu has an order under this id already"),
        KhumbuCode("KS-0019", .closed, "the store is inactive: have it opened"),
        KhumbuCode("KS-0020", .unknownOrder, "Khumbu doesn't know the order"),
        KhumbuCode("KS-0021", .mapping, "Khumbu doesn't accept the currency"),
        KhumbuCode("KS-0022", .mapping, "Khumbu doesn't accept the item type: mend 'item_type'"),
        KhumbuCode("KS-1001", .settings, "Khumbu doesn't find the store: mend 'provider_store_id'"),
        KhumbuCode("KS-1002", .settings, "Khumbu doesn't find the POS's store: mend 'partner_store_id'"),
        KhumbuCode("KS-1003", .order, "Khumbu can't read the body as JSON; report it as a fault of Crossdock's"),
        KhumbuCode("KS-1004", .order, "the partner order id is missing"),
        KhumbuCode("KS-1005", .cancelled, "it is cancelled already"),
        KhumbuCode("KS-1006", .settings, "the app client id is wrong: mend 'client_id'"),
        KhumbuCode("KS-1007", .order, "Khumbu's own order id is missing"),
        KhumbuCode("KS-1008", .unresolved, "the order has been in its first state for too long: ask Khumbu what became of it"),
        KhumbuCode("KS-2003", .ambiguous, "the call to the POS failed: look there whether the order is there"),
        KhumbuCode("KS-2004", .ambiguous, "the call to the provider failed: look at the POS whether the order is there"),
        KhumbuCode("KS-2010", .ambiguous, "processing broke off: look at the POS whether the order is there"),
    ]
}
