import Orders
import SinkKit

extension SinkOrder {
    /// A text of an ERP's without what people said about themselves in the order.
    func withoutPersonalData(_ text: String) -> String {
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
}
