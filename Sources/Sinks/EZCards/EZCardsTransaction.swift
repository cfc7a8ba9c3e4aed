import Orders
import SinkKit

/// One accepted order request as EZ Cards shows it. "Work with transactions": order numbers are shared by all of a day.
package struct EZCardsTransaction: Sendable, Equatable {
    package enum Status: Sendable, Equatable {
        case processing, completed, cancelled

        /// A word that isn't known counts as processing: the end is one of the others.
        init(_ text: String?) {
            self =
                switch text {
                case "COMPLETED": .completed
                case "CANCELLED": .cancelled
                default: .processing
                }
        }
    }

    package struct Product: Sendable, Equatable {
        package var sku: String
        package var quantity: Int
        package var status: Status
    }

    package var id: String
    package var clientOrderNumber: String?
    /// Of the purchase order that it was put on, where the list tells it.
    package var ezOrderNumber: String?
    /// ISO 8601, UTC.
    package var createdAt: String?
    package var total: String?
    package var currency: String?
    package var status: Status
    package var products: [Product]

    /// `nil` where the object has not the documented shape; members that aren't known are passed over.
    init?(_ json: JSONValue) {
        guard let id = json["transactionId"]?.ezText, let listed = json["products"]?.arrayValue else { return nil }
        self.id = id
        clientOrderNumber = json["clientOrderNumber"]?.ezText
        ezOrderNumber = json["ezOrderNumber"]?.ezText
        createdAt = json["createdAt"]?.stringValue
        total = json["grandTotal"]?["amount"]?.ezText
        currency = json["grandTotal"]?["currency"]?.stringValue
        status = Status(json["status"]?.stringValue)
        products = []
        for product in listed {
            guard let sku = product["sku"]?.stringValue, let quantity = product["quantity"]?.integerValue, quantity > 0 else {
                return nil
            }
            products.append(Product(sku: sku, quantity: Int(quantity), status: Status(product["status"]?.stringValue)))
        }
    }

    /// What is kept of a purchase in the journal.
    var evidence: JSONObject {
        var object = JSONObject([("transaction", .text(id))])
        if let createdAt { object.append("created_at", .text(createdAt)) }
        object.append("products", .array(products.map { .array([.text($0.sku), .integer($0.quantity)]) }))
        return object
    }
}

/// What was asked for under one number, to be compared with what stands there.
struct EZCardsPurchase: Sendable {
    /// ``EZCardsTransaction/evidence``.
    let transactionID: String

    /// - Throws: ``SinkError/Code/conflict`` where EZ Cards holds something else under the number.
    init(_ evidence: JSONObject, of wanted: [(sku: String, quantity: Int)], number: String) throws(SinkError) {
        guard let id = evidence["transaction"]?.stringValue, let products = evidence["products"]?.arrayValue else {
            throw SinkError(.conflict, "what was journalled of the purchase \(number) has not its shape")
        }
        let held = products.map { "\($0.arrayValue?.last?.integerValue ?? 0) × \($0.arrayValue?.first?.stringValue ?? "")" }
        guard held.sorted() == wanted.map({ "\($0.quantity) × \($0.sku)" }).sorted() else {
            throw SinkError(
                .conflict,
                "EZ Cards holds transaction \(id) under \(number), which is \(held.joined(separator: ", ")): not as ordered now")
        }
        transactionID = id
    }
}

extension EZCardsClient {
    /// The transaction under one of our numbers; `nil` only where EZ Cards itself said that there is none.
    func transaction(numbered number: String, _ budget: CallBudget) async throws(SinkError) -> EZCardsTransaction? {
        let found = try await transactions("clientOrderNumber", number, budget).filter { $0.clientOrderNumber == number }
        guard found.count < 2 else {
            throw SinkError(
                .conflict,
                "EZ Cards shows \(found.count) transactions under \(number): \(found.map(\.id).joined(separator: ", "))")
        }
        return found.first
    }

    /// - Throws: ``SinkError/Code/notApplied`` where EZ Cards doesn't show it.
    func transaction(_ id: String, _ budget: CallBudget) async throws(SinkError) -> EZCardsTransaction {
        guard let transaction = try await transactions("transactionId", id, budget).first(where: { $0.id == id }) else {
            throw SinkError(.notApplied, "EZ Cards doesn't show transaction \(id)")
        }
        return transaction
    }

    private func transactions(
        _ filter: String, _ value: String, _ budget: CallBudget
    ) async throws(SinkError) -> [EZCardsTransaction] {
        // Whether a filter must match as a whole isn't documented: what is shown is compared.
        try await page(1, [(filter, value)], budget).transactions
    }

    /// A page of the account's transactions, and how many pages there are.
    func page(
        _ number: Int, _ filter: [(name: String, value: String)], _ budget: CallBudget
    ) async throws(SinkError) -> (transactions: [EZCardsTransaction], pages: Int) {
        let query = filter + [("limit", "100"), ("page", String(number))]
        guard let data = try await ask("/v2/orders", query: query, budget), let items = data["items"]?.arrayValue else {
            throw SinkError(.notApplied, "GET /v2/orders was answered without 'items'")
        }
        var transactions: [EZCardsTransaction] = []
        for item in items {
            guard let transaction = EZCardsTransaction(item) else {
                throw SinkError(.notApplied, "GET /v2/orders shows an order that has not the documented shape")
            }
            transactions.append(transaction)
        }
        return (transactions, Int(data["totalPage"]?.integerValue ?? 1))
    }
}
