/// How the simulated Khumbu is set up. What its documents leave open is marked "inferred"; where two readings exist, it is a switch.
package struct KhumbuConfiguration: Sendable {
    package var address = "127.0.0.1"
    /// 0 takes a free one.
    package var port = 0
    package var seed: UInt64 = 1
    package var clientID = "simulated-client"
    package var clientSecret = "simulated-secret"
    /// The value of the header `x-api-key`.
    package var apiKey = "simulated-key"
    /// Documented: an hour.
    package var tokenLifetimeSeconds = 3600
    /// The three names in each path.
    package var provider = "standardprovider"
    package var partner = "simphony"
    package var market = "plkpl"
    package var stores = [KhumbuStore("S-1", partnerStoreID: "P-1"), KhumbuStore("S-2", partnerStoreID: "P-2", isActive: false)]
    package var menu = KhumbuMenu()
    /// What the POS behind it does, and when.
    package var pos = KhumbuPOS()
    package var answers = KhumbuAnswers()
    package var rateLimit: RateLimit?
    /// Requests kept in the log.
    package var logCapacity = 5000
    package var clock = SimulatorClock.system

    package init() {}
}

/// A restaurant by the provider's id and the POS's.
package struct KhumbuStore: Sendable, Equatable {
    package var providerStoreID: String
    package var partnerStoreID: String
    package var isActive: Bool

    package init(_ providerStoreID: String, partnerStoreID: String, isActive: Bool = true) {
        self.providerStoreID = providerStoreID
        self.partnerStoreID = partnerStoreID
        self.isActive = isActive
    }
}

/// What may be ordered, and how. The closed sets follow from KS-0016, KS-0017, KS-0021 and KS-0022; their samples are documented.
package struct KhumbuMenu: Sendable {
    /// As the sample of the menu webhook spells them.
    package var items = ["101000001||2||1", "101000002||1||1", "101000003||1||1"]
    package var options = ["199000002||1||1", "199000003||1||1"]
    package var fulfillmentModes = ["PICK_UP"]
    package var paymentMethods = ["CARD"]
    package var currencies = ["USD", "EUR"]
    package var itemTypes = ["ITEM"]

    package init() {}
}

/// The POS behind Khumbu.
package struct KhumbuPOS: Sendable {
    /// It answers so much later, which follows from the seed and the order's place.
    package var delayMilliseconds: ClosedRange<Int> = 50...400
    /// Whether it cancels an order that it took; otherwise it refuses to.
    package var cancels = true
    /// Whether it is told of an order in HOLD, and answers that, too; inferred: it isn't.
    package var answersHold = false
    /// Inferred; the only documented word is SUCCESS.
    package var failureStatus = "FAILURE"
    /// Inferred, as above; `SUCCESS` is the other reading.
    package var cancelledStatus = "CANCELLED"
    /// Khumbu tries again so long after a webhook that wasn't answered with 200; the last one again and again. Inferred: whether it
    /// tries again at all isn't documented.
    package var retryMilliseconds = [200, 1000, 5000]
    /// At most so many deliveries of one webhook.
    package var deliveriesMax = 10

    package init() {}
}

/// The shape of answers, none of which is documented.
package struct KhumbuAnswers: Sendable {
    package enum ErrorShape: String, Sendable, CaseIterable {
        /// `{"code", "message"}`
        case flat
        /// `{"errorCode", "errorMessage"}`
        case prefixed
        /// `{"error": {"code", "reason"}}`, as in the webhook.
        case nested
        /// The code within a sentence, as plain text.
        case text
    }

    package enum AcceptedBody: String, Sendable, CaseIterable {
        /// `{"ksOrderId", "partnerOrderId", "providerOrderId"}`
        case ids
        case empty
    }

    package enum CartAnswer: String, Sendable, CaseIterable {
        /// 2xx without a body ("Validate Cart", guide: the outcome comes by webhook).
        case accepted
        /// Valid items and discrepancies at once (use cases).
        case direct
    }

    /// Documented: 200, 201 or 202.
    package var acceptedStatus = 200
    package var acceptedBody = AcceptedBody.ids
    /// The status of every KS code.
    package var errorStatus = 400
    /// The status of KS-0018.
    package var duplicateStatus = 400
    package var errorShape = ErrorShape.flat
    package var cart = CartAnswer.direct
    /// Whether an order that the POS refused, or that was cancelled, keeps its `providerOrderId`.
    package var endedOrdersKeepTheirID = true
    /// Whether a cancellation must name `ksOrderId` and `partnerOrderId` (KS-1007, KS-1004).
    package var cancelNeedsAllIDs = false

    package init() {}
}
