import Documents
import Orders
import Settings
import SinkKit

/// An order as a document that trading partners know: EDIFACT ORDERS or cXML OrderRequest.
struct TradeOrder {
    let bytes: [UInt8]

    init(_ order: SinkOrder, _ settings: FileSinkSettings) throws(DocumentFaults) {
        let purchase = try Self.purchase(order, settings)
        // When it was ordered, so that the same order is the same file whenever it is written. The shop's times have no zone.
        let time =
            ZonedTime(iso: (order.order.confirmDate ?? order.order.orderDate ?? "").prefix(19) + "Z")
            ?? ZonedTime(date: purchase.date, offsetMinutes: 0)
        guard let time else { throw Self.undated(order) }
        switch settings.format {
        case .edifactOrders:
            guard let style = settings.edifact else { throw Self.lacking("edifact") }
            let interchange = EDIFACTInterchange(
                repertoire: style.profile.repertoire, sender: style.sender, recipient: style.recipient, preparation: time,
                controlReference: Self.controlReference(order.key), applicationReference: "ORDERS",
                agreement: style.profile.eancomEdition == nil ? nil : "EANCOM", isTest: style.isTest,
                messages: [try purchase.render(style.profile).message])
            bytes = try interchange.render(layout: style.layout)
        default:
            guard let style = settings.cxml else { throw Self.lacking("cxml") }
            let number =
                order.key.generation > 1 ? "\(order.key.order.orderID)-\(order.key.generation)" : "\(order.key.order.orderID)"
            let payloadID = CXMLEnvelope.payloadID(kind: "order", shop: order.key.order.shop, number: number, host: style.host)
            bytes = try OrderRequest(purchase, at: time).render(in: style.envelope(payloadID: payloadID, at: time))
        }
    }

    private static func purchase(_ order: SinkOrder, _ settings: FileSinkSettings) throws(DocumentFaults) -> PurchaseOrder {
        let head = order.order
        guard let date = (head.orderDate ?? head.confirmDate).flatMap({ CalendarDate(iso: String($0.prefix(10))) }) else {
            throw undated(order)
        }
        let lines = head.lines.enumerated().map { index, line in
            let item = order.item(for: line)
            return PurchaseOrder.Line(
                number: index + 1, reference: line.key,
                article: Article(sellerNumber: item.productCode, description: line.description), quantity: item.quantity,
                unit: item.unit ?? settings.unit, unitPrice: item.unitPrice)
        }
        var purchase = PurchaseOrder(
            number: head.reference ?? String(head.id), date: date, currency: head.currency ?? "", lines: lines)
        purchase.requestedDate = head.requestedDeliveryDate.flatMap { CalendarDate(iso: String($0.prefix(10))) }
        purchase.comment = head.description
        let customer = (order.customer ?? order.invoiceAddress).map { party($0, code: order.customerCode) }
        purchase.buyer = settings.edifact?.buyer ?? customer
        purchase.supplier = settings.edifact?.supplier
        purchase.deliverTo = (order.shipmentAddress ?? order.customer).map { party($0, code: nil) }
        purchase.invoiceTo = (order.invoiceAddress ?? order.customer).map { party($0, code: order.customerCode) }
        return purchase
    }

    private static func party(_ party: Party, code: String?) -> DocumentParty {
        let house = [party.houseNumber, party.addition].compactMap(\.self)
        let street = ([party.street].compactMap(\.self) + house).joined(separator: " ")
        return DocumentParty(
            code: code ?? party.code, name: party.name ?? party.attention,
            streets: [street, party.street2 ?? ""].filter { !$0.isEmpty }, city: party.city, postalCode: party.postalCode,
            country: party.country)
    }

    /// At most 14 signs, the same for the same key and another for another one (FNV-1a of 64 bits, in base 36: 13 signs).
    private static func controlReference(_ key: IdempotencyKey) -> String {
        let sum = key.text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        return String(sum, radix: 36, uppercase: true)
    }

    private static func undated(_ order: SinkOrder) -> DocumentFaults {
        DocumentFaults(faults: [DocumentFault(order: order.order.reference, element: "order_date", "the order has no date")])
    }

    private static func lacking(_ section: String) -> DocumentFaults {
        DocumentFaults(faults: [DocumentFault(element: section, "the sink has no section '\(section)'")])
    }
}
