import Orders
import SinkKit

/// The lines of an order in Tryton's words, or all that keeps it from being put in them. Reads nothing and writes nothing.
struct TrytonDraft: Sendable {
    private(set) var lines: [ERPLine] = []
    private(set) var currency: TrytonFacts.Currency?
    private(set) var faults: [SinkFault] = []

    init(_ order: SinkOrder, _ catalog: TrytonCatalog, _ facts: TrytonFacts, defaultCurrency: String?) {
        readCurrency(order.order.currency ?? defaultCurrency, facts)
        readDates(order.order)
        let read = LineReader.read(order, catalog.named, facts.limits)
        lines = read.lines
        faults += read.faults
    }

    private mutating func readCurrency(_ code: String?, _ facts: TrytonFacts) {
        guard let code else {
            faults.append(SinkFault(path: "currency", message: "neither the order nor the sink's settings name one"))
            return
        }
        currency = facts.currencies[code]
        if currency == nil { faults.append(SinkFault(path: "currency", message: "Tryton has no currency \(code)")) }
    }

    private mutating func readDates(_ order: Order) {
        guard let requested = order.requestedDeliveryDate, let ordered = order.confirmDate ?? order.orderDate else { return }
        // Tryton refuses it with the description of a form.
        if requested.prefix(10) < ordered.prefix(10) {
            faults.append(
                SinkFault(path: "requested_delivery_date", message: "\(requested.prefix(10)) is before the order's own date"))
        }
    }

    /// Exact, without tax, before Tryton rounds each line; `nil` where it can't be held.
    var total: ExactDecimal? {
        lines.reduce(ExactDecimal?.some(.zero)) { sum, line in
            line.quantity.multiplied(by: line.unitPrice).flatMap { sum?.adding($0) }
        }
    }
}
