import Orders
import SinkKit

extension SinkOrder {
    /// A text of the ERP's without what people said about themselves in the order.
    func withoutPersonalWords(_ text: String) -> String {
        let parties = [customer, shipmentAddress, invoiceAddress].compactMap(\.self)
        let words = parties.flatMap { party in
            [
                party.name, party.attention, party.street, party.street2, party.postalCode, party.city, party.email,
                party.telephone,
                party.taxNumber,
            ]
            .compactMap(\.self)
        }
        // Longer ones first: one may be part of another.
        return words.filter { $0.count > 1 }.sorted { ($1.count, $0) < ($0.count, $1) }.reduce(text) {
            $0.replacing($1, with: "•••")
        }
    }

    /// What a customer that is made is called: the same for every order of one customer; a guest's is of one order alone.
    var newCustomerCode: String {
        if let code = customer?.code, !code.isEmpty { return code }
        let shop = key.order.shop
        if let id = customer?.id { return "\(shop)-\(id)" }
        if let origin = customer?.origin, let key = customer?.key { return "\(shop)-\(origin)-\(key)" }
        return "\(shop)-order-\(key.order.orderID)"
    }
}

extension SinkError {
    /// What goes wrong once the ERP has the order leaves open how far it got: the same create again carries it on.
    init(afterCreate error: SinkError) {
        self = error
        if error.code == .notSentInTime {
            message = "the ERP has the order, and what was left to do there could not be sent soon enough"
        }
        if error.code != .conflict { code = .unknownOutcome }
    }
}
