internal import Orders

/// A create request, read as strictly as the documents allow.
struct EZCardsOrderRequest: Sendable {
    var clientOrderNumber: String?
    var checksDuplicates = false
    var payWithCurrency: String?
    /// One of quantity 1 in an instant order.
    var products: [(sku: String, quantity: Int)] = []

    /// - Throws: a fault in words, for a 400.
    init(_ body: [UInt8], isInstant: Bool) throws(EZCardsRefusal) {
        guard let object = (try? JSONValue(parsing: body))?.objectValue else {
            throw EZCardsRefusal("The body is no JSON object.")
        }
        let known = ["clientOrderNumber", "enableClientOrderNumberDupCheck", "payWithCurrency", isInstant ? "sku" : "products"]
        for member in object.members where !known.contains(member.name.value) {
            throw EZCardsRefusal("'\(member.name.value)' is no property of this request.")
        }
        clientOrderNumber = try Self.text(object, "clientOrderNumber")
        payWithCurrency = try Self.text(object, "payWithCurrency")
        if let flag = object["enableClientOrderNumberDupCheck"] {
            guard let isOn = flag.boolValue else { throw EZCardsRefusal("'enableClientOrderNumberDupCheck' is a boolean.") }
            checksDuplicates = isOn
        }
        if isInstant {
            guard let sku = try Self.text(object, "sku") else { throw EZCardsRefusal("'sku' is required.") }
            products = [(sku, 1)]
        } else {
            guard let listed = object["products"]?.arrayValue, !listed.isEmpty else {
                throw EZCardsRefusal("'products' is required.")
            }
            for product in listed { try add(product) }
        }
    }

    private mutating func add(_ product: JSONValue) throws(EZCardsRefusal) {
        guard let object = product.objectValue, object.members.allSatisfy({ ["sku", "quantity"].contains($0.name.value) }),
            let sku = try Self.text(object, "sku")
        else { throw EZCardsRefusal("A product has a 'sku' and a 'quantity'.") }
        guard let quantity = object["quantity"]?.integerValue, (1...1_000_000).contains(quantity) else {
            throw EZCardsRefusal("'quantity' is a whole number from 1.")
        }
        guard !products.contains(where: { $0.sku == sku }) else { throw EZCardsRefusal("'\(sku)' stands twice.") }
        products.append((sku, Int(quantity)))
    }

    private static func text(_ object: JSONObject, _ name: String) throws(EZCardsRefusal) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.stringValue, !text.isEmpty, text.utf8.count <= 100,
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw EZCardsRefusal("'\(name)' is a text of at most 100 visible ASCII characters.") }
        return text
    }
}

/// Why a request is not carried out: `{"error", "message", "clientOrderNumber"}`.
struct EZCardsRefusal: Error, Sendable {
    var status = 400
    var error = "BAD_REQUEST"
    var message: String
    var clientOrderNumber: String?

    init(_ message: String) { self.message = message }

    init(_ status: Int, _ error: String, _ message: String, clientOrderNumber: String? = nil) {
        self.status = status
        self.error = error
        self.message = message
        self.clientOrderNumber = clientOrderNumber
    }

    var response: SimulatedResponse {
        var object = JSONObject([("error", .text(error)), ("message", .text(message))])
        if let clientOrderNumber { object.append("clientOrderNumber", .text(clientOrderNumber)) }
        return .json(status, .object(object))
    }
}
