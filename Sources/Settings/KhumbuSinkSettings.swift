package import Orders

/// How orders are put to a POS through Khumbu.
package struct KhumbuSinkSettings: Sendable, Equatable {
    package enum Sending: String, Sendable, CaseIterable {
        /// One call, which goes to the POS at once.
        case create
        /// Parked by a first call, and fired by a second.
        case holdAndFire = "hold_and_fire"
    }

    /// What looks at an order before it is sent.
    package enum Validation: String, Sendable, CaseIterable {
        /// By the settings alone; nothing is sent.
        case local
        /// Khumbu is asked, too, by a POST that the POS may see.
        case cart
    }

    package enum AmountUnit: String, Sendable, CaseIterable {
        /// `12.5` euros.
        case major
        /// `1250` cents.
        case minor
    }

    /// Of what an order's products must be named by.
    package enum ItemIDs: String, Sendable, CaseIterable {
        /// Ids as menus have them: `101000001||2||1`.
        case menu
        case any
    }

    package enum Total: String, Sendable, CaseIterable {
        /// Of the lines, which are without tax; the POS reckons with its own.
        case lines
        /// What was paid; what that is more than the lines is told as tax.
        case paid
    }

    package enum OrderNumber: String, Sendable, CaseIterable {
        case providerOrderID = "provider_order_id"
        case providerOrderNumber = "provider_order_number"
    }

    /// A restaurant.
    package struct Store: Sendable, Equatable {
        /// Whose orders go there; `nil`: of all webshops that no other store names.
        package var webshop: Int64?
        package var providerStoreID: String
        package var partnerStoreID: String?
        /// What the POS wants besides, such as `REVENUE_CENTER_ID`.
        package var additionalProperties: [Property]

        package init(
            webshop: Int64? = nil, providerStoreID: String, partnerStoreID: String? = nil, additionalProperties: [Property] = []
        ) {
            self.webshop = webshop
            self.providerStoreID = providerStoreID
            self.partnerStoreID = partnerStoreID
            self.additionalProperties = additionalProperties
        }
    }

    package struct Property: Sendable, Equatable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The header `x-api-key`, beside the bearer token.
    package var apiKey: Secret
    /// The three names in each path: ours, the POS's, and the brand's in its region.
    package var provider: String
    package var partner: String
    package var market: String
    package var stores: [Store]
    package var sending = Sending.create
    package var validation = Validation.local
    package var amountUnit = AmountUnit.major
    package var itemIDs = ItemIDs.menu
    package var total = Total.lines
    package var orderNumber = OrderNumber.providerOrderID
    package var fulfillmentMode = "PICK_UP"
    package var itemType = "ITEM"
    /// By the shop's payment status. An order of another status isn't sent.
    package var paymentMethods: [PaymentStatus: String] = [.closedSuccess: "CARD", .paid: "CARD"]
    /// Of orders that name none, ISO 4217.
    package var currency: String?
    /// So long the final word is waited for before a person is told.
    package var webhookWait: Duration = .seconds(1800)
    /// `orderStatus` of webhooks, in capitals; SUCCESS alone is documented.
    package var failureStatuses = ["FAILURE", "FAILED", "ERROR", "REJECTED"]
    package var cancelledStatuses = ["CANCELLED", "CANCELED"]
    package var requiredFields: [String] = []
    /// Shops beside those of the configuration, whose orders a check makes.
    package var rehearsedShops: [String] = []

    package init(apiKey: Secret, provider: String, partner: String, market: String, stores: [Store]) {
        self.apiKey = apiKey
        self.provider = provider
        self.partner = partner
        self.market = market
        self.stores = stores
    }

    /// Where the webshop's orders go; `nil`: nowhere.
    package func store(ofWebshop webshop: Int64?) -> Store? {
        stores.first { $0.webshop != nil && $0.webshop == webshop } ?? stores.first { $0.webshop == nil }
    }
}
