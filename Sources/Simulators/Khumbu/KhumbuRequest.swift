internal import Orders

/// A create, fire, cart or cancel request, read as strictly as the samples and the error codes allow.
///
/// Which members are required isn't documented: those are that an error code speaks of, and those that no order can do without
/// (inferred). Members that no sample has are refused (inferred).
struct KhumbuRequest: Sendable {
    enum Kind: String, Sendable { case create, fire, cart, cancel }

    enum Notification: String, Sendable { case create = "CREATE", hold = "HOLD", createOrder = "CREATE_ORDER" }

    let kind: Kind
    let providerOrderID: String
    private(set) var notification = Notification.create
    private(set) var items: [KhumbuOrder.Item] = []
    private(set) var providerStoreID = ""
    private let body: JSONObject

    init(_ bytes: [UInt8], _ kind: Kind, _ configuration: KhumbuConfiguration) throws(KhumbuRefusal) {
        guard let object = (try? JSONValue(parsing: bytes))?.objectValue else {
            throw KhumbuRefusal("KS-0001", "The body is not valid JSON.")
        }
        self.kind = kind
        body = object
        guard let id = object["providerOrderId"]?.stringValue, !id.isEmpty else {
            throw KhumbuRefusal("KS-0007", "The provider order id is empty.")
        }
        providerOrderID = id
        try readStore(configuration)
        // Its sample is that of create, word by word; what it needs isn't told.
        if kind == .fire { return }
        if kind == .cancel {
            try readCancellation(configuration)
            return
        }
        try readHead(configuration)
        try readPayments(configuration)
        try readItems(configuration)
    }

    private mutating func readStore(_ configuration: KhumbuConfiguration) throws(KhumbuRefusal) {
        guard let store = body["storeInformation"]?.objectValue else { throw Self.missing("storeInformation") }
        try Self.refuseUnknown(
            store, ["providerStoreId", "partnerStoreId", "additionalProperties"], in: "storeInformation.")
        providerStoreID = try Self.text(store, "providerStoreId", in: "storeInformation.")
        guard let known = configuration.stores.first(where: { $0.providerStoreID == providerStoreID }) else {
            throw KhumbuRefusal("KS-0013", "The store id \(providerStoreID) is invalid.")
        }
        if let partner = store["partnerStoreId"] {
            guard partner.stringValue == known.partnerStoreID else {
                throw KhumbuRefusal("KS-1002", "The partner store is not found.")
            }
        }
        if let properties = store["additionalProperties"] {
            guard let object = properties.objectValue, object.members.allSatisfy({ $0.value.stringValue != nil }) else {
                throw Self.wrong("storeInformation.additionalProperties")
            }
        }
        guard known.isActive else { throw KhumbuRefusal("KS-0014", "The store \(providerStoreID) is inactive.") }
    }

    private func readCancellation(_ configuration: KhumbuConfiguration) throws(KhumbuRefusal) {
        try Self.refuseUnknown(
            body, ["ksOrderId", "partnerOrderId", "providerOrderId", "storeInformation", "cancellationNotes"], in: "")
        if let notes = body["cancellationNotes"], notes.stringValue == nil { throw Self.wrong("cancellationNotes") }
        for (name, code) in [("partnerOrderId", "KS-1004"), ("ksOrderId", "KS-1007")] {
            let id = body[name]
            if id?.isNull == true || id == nil && configuration.answers.cancelNeedsAllIDs {
                throw KhumbuRefusal(code, "The \(name) is null.")
            }
            if let id, id.stringValue?.isEmpty ?? true { throw Self.wrong(name) }
        }
    }

    private mutating func readHead(_ configuration: KhumbuConfiguration) throws(KhumbuRefusal) {
        try Self.refuseUnknown(
            body,
            [
                "providerOrderId", "marketName", "storeInformation", "orderNotificationType", "createdTimestamp",
                "updatedTimestamp", "customerInformation", "payments", "serviceMode", "orderItems",
            ], in: "")
        guard try Self.text(body, "marketName", in: "") == configuration.market else { throw Self.wrong("marketName") }
        let word = try Self.text(body, "orderNotificationType", in: "")
        guard let notification = Notification(rawValue: word), (notification == .createOrder) == (kind == .cart) else {
            throw Self.wrong("orderNotificationType")
        }
        self.notification = notification
        for name in ["createdTimestamp", "updatedTimestamp"] where kind == .create || body[name] != nil {
            guard Self.isTimestamp(try Self.text(body, name, in: "")) else { throw Self.wrong(name) }
        }
        guard let customer = body["customerInformation"]?.objectValue else { throw Self.missing("customerInformation") }
        let known = ["id", "phone", "firstName", "lastName", "email"]
        try Self.refuseUnknown(customer, known, in: "customerInformation.")
        for name in known where customer[name] != nil { _ = try Self.text(customer, name, in: "customerInformation.") }
        guard let mode = body["serviceMode"]?.objectValue else { throw Self.missing("serviceMode") }
        guard configuration.menu.fulfillmentModes.contains(try Self.text(mode, "fulfillmentMode", in: "serviceMode.")) else {
            throw KhumbuRefusal("KS-0016", "The fulfillment mode is not accepted.")
        }
    }

    private func readPayments(_ configuration: KhumbuConfiguration) throws(KhumbuRefusal) {
        guard let payments = body["payments"]?.objectValue else { throw Self.missing("payments") }
        let required = ["subTotal", "tax", "total"]
        let optional = ["tip", "discount", "deliveryFee", "serviceFee"]
        try Self.refuseUnknown(payments, required + optional + ["paymentMethod", "currencyCode"], in: "payments.")
        for name in required + optional where required.contains(name) || payments[name] != nil {
            _ = try Self.amount(payments, name, in: "payments.")
        }
        guard configuration.menu.paymentMethods.contains(try Self.text(payments, "paymentMethod", in: "payments.")) else {
            throw KhumbuRefusal("KS-0017", "The payment method is not accepted.")
        }
        guard configuration.menu.currencies.contains(try Self.text(payments, "currencyCode", in: "payments.")) else {
            throw KhumbuRefusal("KS-0021", "The currency is not accepted.")
        }
    }

    private mutating func readItems(_ configuration: KhumbuConfiguration) throws(KhumbuRefusal) {
        guard let listed = body["orderItems"]?.arrayValue else { throw Self.missing("orderItems") }
        guard !listed.isEmpty else { throw Self.wrong("orderItems") }
        for (index, value) in listed.enumerated() {
            let path = "orderItems[\(index)]."
            guard let item = value.objectValue else { throw Self.wrong("orderItems[\(index)]") }
            try Self.refuseUnknown(item, ["id", "type", "name", "price", "quantity", "categoryId", "options"], in: path)
            guard configuration.menu.itemTypes.contains(try Self.text(item, "type", in: path)) else {
                throw KhumbuRefusal("KS-0022", "The item type is not accepted.")
            }
            items.append(
                KhumbuOrder.Item(
                    id: try Self.text(item, "id", in: path), name: try Self.text(item, "name", in: path),
                    price: try Self.amount(item, "price", in: path), quantity: try Self.quantity(item, in: path),
                    optionIDs: try Self.options(item, in: path)))
        }
    }

    private static func options(_ item: JSONObject, in path: String) throws(KhumbuRefusal) -> [String] {
        guard let listed = item["options"] else { return [] }
        guard let chosen = listed.arrayValue else { throw wrong(path + "options") }
        var ids: [String] = []
        for (index, value) in chosen.enumerated() {
            let inner = "\(path)options[\(index)]."
            guard let option = value.objectValue else { throw wrong("\(path)options[\(index)]") }
            try refuseUnknown(option, ["id", "name", "price", "quantity", "modifierId", "options"], in: inner)
            ids.append(try text(option, "id", in: inner))
            _ = (try text(option, "name", in: inner), try amount(option, "price", in: inner), try quantity(option, in: inner))
            if option["modifierId"] != nil { _ = try text(option, "modifierId", in: inner) }
            ids += try options(option, in: inner)
        }
        return ids
    }
}

// MARK: Members

extension KhumbuRequest {
    private static func missing(_ path: String) -> KhumbuRefusal { KhumbuRefusal("KS-0006", "The field \(path) is missing.") }

    private static func wrong(_ path: String) -> KhumbuRefusal {
        KhumbuRefusal("KS-0010", "The field \(path) has an invalid value.")
    }

    private static func refuseUnknown(_ object: JSONObject, _ known: [String], in path: String) throws(KhumbuRefusal) {
        for member in object.members where !known.contains(member.name.value) { throw wrong(path + member.name.value) }
    }

    private static func text(_ object: JSONObject, _ name: String, in path: String) throws(KhumbuRefusal) -> String {
        guard let value = object[name], !value.isNull else { throw missing(path + name) }
        guard let text = value.stringValue else { throw wrong(path + name) }
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw KhumbuRefusal("KS-0011", "The field \(path + name) is blank.")
        }
        return text
    }

    /// Not below zero.
    private static func amount(_ object: JSONObject, _ name: String, in path: String) throws(KhumbuRefusal) -> ExactDecimal {
        guard let value = object[name], !value.isNull else { throw missing(path + name) }
        guard case .number(let number) = value, let amount = try? ExactDecimal(number.spelling), !amount.isNegative else {
            throw wrong(path + name)
        }
        return amount
    }

    private static func quantity(_ object: JSONObject, in path: String) throws(KhumbuRefusal) -> Int {
        guard let value = object["quantity"], !value.isNull else { throw missing(path + "quantity") }
        guard let quantity = value.integerValue, (1...1_000_000).contains(quantity) else { throw wrong(path + "quantity") }
        return Int(quantity)
    }

    /// `yyyy-MM-dd HH:mm:ss.SSSSSS`, as documented.
    private static func isTimestamp(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 26 && bytes[10] == UInt8(ascii: " ")
            && NaiveDateTime(text.replacing(" ", with: "T", maxReplacements: 1)) != nil
    }
}
