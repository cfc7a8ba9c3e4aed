import Orders
import Settings
package import SinkKit

/// From a shop's order to a sales order in the state that the settings ask for.
extension OdooSink {
    package func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        let desk = try await desk(context)
        if let held = try await desk.order(marked: order.key) { return .accepted(try await carryOn(held, order, desk)) }
        let preparation = try await preparation(order, desk)
        guard preparation.faults.isEmpty else { return .rejected(preparation.faults) }
        let id: Int64
        do throws(OdooFailure) { id = try await make(preparation, order, desk) } catch {
            guard case .raised(let exception) = error else { throw error.sinkError }
            // Whatever it says, in whatever language: if the order is there now, somebody else made it under our key.
            if let held = try await desk.order(marked: order.key) { return .accepted(try await carryOn(held, order, desk)) }
            return .rejected(
                [SinkFault(message: "Odoo refused the order: \(order.withoutPersonalWords(exception.text))")])
        }
        let held: OdooOrder?
        do throws(SinkError) { held = try await desk.order(id: id, order.key) } catch { throw SinkError(afterCreate: error) }
        guard let held else { throw SinkError(.unknownOutcome, "Odoo doesn't show the order that was just made") }
        return .accepted(try await carryOn(held, order, desk))
    }

    func preparation(_ order: SinkOrder, _ desk: OdooDesk) async throws(SinkError) -> OdooPreparation {
        let catalog = try await OdooCatalog.read(order, desk)
        let currency = currency(of: order, desk)
        var pricelist: Int64?
        // An order has the currency of its pricelist, and without one that of the company.
        if currency != desk.facts.currency, let id = desk.facts.currencies[currency]?.id {
            let rows = try await desk.rows("product.pricelist", [["currency_id", "=", .integer(id)]], ["currency_id"], limit: 1)
            pricelist = rows.first?["id"]?.integerValue
        }
        let hasNone = currency != desk.facts.currency && desk.facts.currencies[currency] != nil && pricelist == nil
        return OdooPreparation(
            draft: OdooDraft(order, catalog, desk.facts, currency: currency),
            parties: try await OdooParties(desk: desk, settings: settings).plan(order), pricelist: pricelist,
            currencyFault: hasNone
                ? SinkFault(path: "currency", message: "Odoo takes orders in \(currency) with a pricelist in \(currency) only")
                : nil)
    }

    func currency(of order: SinkOrder, _ desk: OdooDesk) -> String {
        order.order.currency ?? settings.currency ?? desk.facts.currency
    }

    /// - Returns: the id of the order, whoever made it.
    private func make(
        _ preparation: OdooPreparation, _ order: SinkOrder, _ desk: OdooDesk
    ) async throws(OdooFailure) -> Int64 {
        let parties: OdooParties.Made
        do throws(OdooFailure) {
            parties = try await OdooParties(desk: desk, settings: settings).make(preparation.parties, order)
        } catch {
            // A contact that may be there is found again under its external id: it makes no second order.
            guard case .failed(let failure) = error, failure.code == .unknownOutcome else { throw error }
            throw .failed(SinkError(.notApplied, failure.message))
        }
        return try await sale(preparation, parties, order, desk).perform(desk)
    }

    private func sale(
        _ preparation: OdooPreparation, _ parties: OdooParties.Made, _ order: SinkOrder, _ desk: OdooDesk
    ) -> OdooImport {
        let shop = order.order
        let reference = [shop.reference, shop.customerOrderNumber].compactMap(\.self).joined(separator: " / ")
        let clock = OdooClock(zone: desk.facts.zone)
        var sale = OdooImport(
            "sale.order", externalID: OdooMark.order(order.key),
            [
                "origin": order.key.text, "client_order_ref": reference, "partner_id/.id": "\(parties.party)",
                "partner_invoice_id/.id": "\(parties.invoice)", "partner_shipping_id/.id": "\(parties.shipment)",
                // Sent even if empty: the usual pricelist would bring its currency and its discounts.
                "pricelist_id/.id": preparation.pricelist.map { "\($0)" } ?? "", "date_order": date(of: order, desk),
                "commitment_date": shop.requestedDeliveryDate.flatMap(clock.utc),
                "note": shop.description.flatMap { $0.isEmpty ? nil : Self.markup($0) },
            ])
        let columns = [
            "order_line/id", "order_line/product_id/.id", "order_line/product_uom_qty", "order_line/\(desk.facts.lineUnit)/.id",
            "order_line/price_unit", "order_line/discount", "order_line/sequence",
        ]
        sale.append(
            columns,
            preparation.draft.lines.enumerated().map { index, line in
                [
                    OdooMark.line(order.key, line.key), "\(line.product.id)", line.quantity.plainSpelling, "\(line.unit)",
                    line.unitPrice.plainSpelling, "0", "\((index + 1) * 10)",
                ]
            })
        return sale
    }

    /// When the order was placed; `nil` where the shop doesn't say.
    func date(of order: SinkOrder, _ desk: OdooDesk) -> String? {
        (order.order.confirmDate ?? order.order.orderDate).flatMap(OdooClock(zone: desk.facts.zone).utc)
    }

    /// As HTML, in which Odoo keeps notes.
    private static func markup(_ text: String) -> String {
        let lines = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return "<p>" + lines.joined(separator: "<br>") + "</p>"
    }
}
