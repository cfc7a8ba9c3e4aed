/// What the list filters need to know of an order.
struct OrderFacts: Sendable, Equatable {
    let id: Int
    var reference: String?
    /// As it is spelled between its quotes.
    var erpOrderNumber: String?
    var state: String
    var offline: Bool
    var webshop: Int?
    /// Microseconds on the shop's clock face; `nil` where the order has no such date.
    var orderDate: Int64?
    var createDate: Int64?
    var modifiedDate: Int64?
    var confirmDate: Int64?

    /// - Parameter offline: the API shows this in no field of the body (reference, section 3.2), so the store keeps it beside.
    init(id: Int, body: TopLevelMembers, offline: Bool) {
        func date(_ name: StaticString) -> Int64? { body.text(name).flatMap { NaiveDateTime($0)?.microseconds } }
        self.id = id
        reference = body.text("reference")
        erpOrderNumber = body.text("erp_order_number")
        state = body.text("state") ?? ""
        self.offline = offline
        webshop = body.integer("webshop")
        orderDate = date("order_date")
        createDate = date("create_date")
        modifiedDate = date("modified_date")
        confirmDate = date("confirm_date")
    }

    init(
        id: Int, reference: String, state: String, offline: Bool, webshop: Int, orderDate: Int64, createDate: Int64,
        modifiedDate: Int64, confirmDate: Int64
    ) {
        self.id = id
        self.reference = reference
        self.state = state
        self.offline = offline
        self.webshop = webshop
        self.orderDate = orderDate
        self.createDate = createDate
        self.modifiedDate = modifiedDate
        self.confirmDate = confirmDate
    }
}
