/// How the simulated shop is set up and how it behaves where the real one's behaviour isn't known.
package struct CloudSuiteConfiguration: Sendable {
    package enum ListOrder: String, Sendable {
        case ascendingID = "ascending_id"
        /// A fixed order that has nothing to do with ids or dates.
        case shuffled
    }

    /// The body of a 200 that answers a PATCH or PUT.
    package enum WriteAnswer: String, Sendable {
        case full, empty
        /// The id and the fields that were sent.
        case partial
    }

    package enum PutMode: String, Sendable {
        /// A field left out is emptied.
        case replace
        /// A field left out is kept.
        case merge
    }

    /// What a delivery message does to the order's `shipment_state`; the documentation doesn't say.
    package enum ShipmentStateMove: String, Sendable, CaseIterable {
        case never
        /// The first one sets `sent`.
        case first
        /// `partially shipped`, and `sent` once every line that has an ERP line number was delivered in full.
        case complete
    }

    package var address = "127.0.0.1"
    /// 0 takes a free one.
    package var port = 0
    package var seed: UInt64 = 1
    /// Orders made from the seed, with ids from 100001.
    package var orders = 0
    package var generated = GeneratedShares()
    /// A folder of `*.json`, one order each, and a folder `parties` in it; `nil` loads none.
    package var fixtures: String?
    package var clientID = "crossdock"
    package var clientSecret = "simulated-secret"
    /// The value of `Authorization: Token …`; `nil` refuses the legacy scheme.
    package var legacyToken: String?
    package var tokenLifetimeSeconds = 300
    package var pageSizeDefault = 50
    package var pageSizeMax = 500
    package var zone = ShopZone.amsterdam
    /// Host (and port) that `next` and `previous` name instead of the one that was asked.
    package var nextLinkHost: String?
    package var listOrder = ListOrder.ascendingID
    /// `true`: the list takes no notice of the filter `offline`, as of any that it doesn't know.
    package var ignoresOfflineFilter = false
    package var writeAnswer = WriteAnswer.full
    package var putMode = PutMode.replace
    /// `true` refuses state changes that Tryton's sale knows no way for; `false` takes any and counts the backward ones.
    package var strictTransitions = false
    /// A write with `X-CS-HANDLE-ASYNC` takes effect so much after its 202.
    package var asynchronousMilliseconds = 200
    /// What the interfaces under `/proxy/` want as `shop` and `user`.
    package var proxyShop = "1"
    package var proxyUser = "10"
    package var shipmentStateMove = ShipmentStateMove.never
    /// The extrinsic of an OrderRequest that names the shop's order, by its id or reference.
    package var feedbackOrderName = "CloudSuiteOrderId"
    /// The extrinsics of a ConfirmationRequest that carry the ERP's numbers: in its header, and in a line's status.
    package var feedbackERPOrderNumberName = "ERPOrderNumber"
    package var feedbackERPLineNumberName = "ERPLineNumber"
    package var rateLimit: RateLimit?
    /// Requests kept in the log.
    package var logCapacity = 5000
    package var clock = SimulatorClock.system

    package init() {}
}

/// How many in a thousand generated orders are not plain confirmed orders that may go to the ERP. All zero by default.
package struct GeneratedShares: Sendable {
    /// `payment_status` is `started`, `none` or `closed_canceled`.
    package var unpaidPerThousand = 0
    package var offlinePerThousand = 0
    package var cancelledPerThousand = 0
    package var processingPerThousand = 0
    /// `confirm_date` lies at most so many days before the start, and at least ten minutes.
    package var days = 5

    package init() {}
}
