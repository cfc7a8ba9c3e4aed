import Orders
import Settings
package import SinkKit

/// From a shop's order to a sale in the state that the settings ask for.
extension TrytonSink {
    package func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        let budget = CallBudget(context, timekeeper)
        let facts = try await facts(budget)
        if let sale = try await TrytonSale.find(order.key.text, client, facts, budget) {
            return .accepted(try await carryOn(sale, order, facts, budget))
        }
        let preparation = try await preparation(order, facts, budget)
        guard preparation.faults.isEmpty else { return .rejected(preparation.faults) }
        do throws(TrytonFailure) {
            try await make(preparation, order, facts, budget)
        } catch {
            guard case .refused(let refusal) = error else { throw error.sinkError }
            // Whatever it says, in whatever language: if the sale is there now, somebody else made it under our key.
            guard let sale = try await TrytonSale.find(order.key.text, client, facts, budget) else {
                return .rejected([SinkFault(message: "Tryton refused the order: \(order.withoutPersonalWords(refusal.text))")])
            }
            return .accepted(try await carryOn(sale, order, facts, budget))
        }
        let sale: TrytonSale?
        do throws(SinkError) { sale = try await TrytonSale.find(order.key.text, client, facts, budget) } catch {
            throw SinkError(afterCreate: error)
        }
        guard let sale else { throw SinkError(.unknownOutcome, "Tryton doesn't show the order that was just made") }
        return .accepted(try await carryOn(sale, order, facts, budget))
    }

    /// One call, one transaction: the sale is there with all its lines or not at all.
    private func make(
        _ preparation: TrytonPreparation, _ order: SinkOrder, _ facts: TrytonFacts, _ budget: CallBudget
    ) async throws(TrytonFailure) {
        let taxes: [Int64?: [Int64]]
        let values: JSONObject
        do throws(SinkError) { taxes = try await self.taxes(preparation, facts, budget) } catch { throw .failed(error) }
        let party = try await party(preparation, order, facts, budget)
        do throws(SinkError) { values = try await saleValues(preparation, party, taxes, order, facts, budget) } catch {
            throw .failed(error)
        }
        _ = try await client.tell("sale.sale.create", [.array([.object(values)])], company: facts.company, budget)
    }

    /// A party that may be there is found again under its code: it makes no second order.
    private func party(
        _ preparation: TrytonPreparation, _ order: SinkOrder, _ facts: TrytonFacts, _ budget: CallBudget
    ) async throws(TrytonFailure) -> TrytonParty {
        do throws(TrytonFailure) { return try await parties(facts, budget).make(preparation.parties, order) } catch {
            guard case .failed(let failure) = error, failure.code == .unknownOutcome else { throw error }
            throw .failed(SinkError(.notApplied, failure.message))
        }
    }

    private func saleValues(
        _ preparation: TrytonPreparation, _ party: TrytonParty, _ taxes: [Int64?: [Int64]], _ order: SinkOrder,
        _ facts: TrytonFacts, _ budget: CallBudget
    ) async throws(SinkError) -> JSONObject {
        let isMapped = settings.parties == .mapped
        let shipment = preparation.parties.shipmentAddress.flatMap { party.id(of: $0, onlyPlace: isMapped) }
        let invoice = preparation.parties.invoiceAddress.flatMap { party.id(of: $0, onlyPlace: isMapped) }
        let currency = preparation.draft.currency?.id ?? 0
        // What a form would fill in by itself.
        let defaults = try await client.ask(
            "sale.sale.on_change_party",
            [
                [
                    "party": .integer(party.id), "company": .integer(facts.company), "currency": .integer(currency), "lines": [],
                ]
            ], company: facts.company, isAboutOrder: true, budget)
        var values = JSONObject([
            ("company", .integer(facts.company)), ("currency", .integer(currency)), ("party", .integer(party.id)),
            ("web_shop", .integer(facts.webShop)), ("web_id", .text(order.key.text)),
        ])
        for (name, id) in [
            ("invoice_address", invoice ?? defaults["invoice_address"]?.integerValue ?? shipment),
            ("shipment_address", shipment ?? defaults["shipment_address"]?.integerValue ?? invoice),
            ("payment_term", defaults["payment_term"]?.integerValue),
        ] {
            if let id { values.append(name, .integer(id)) }
        }
        let order = order.order
        for (name, text) in [
            ("reference", order.reference), ("description", order.customerOrderNumber), ("comment", order.description),
        ] {
            if let text { values.append(name, .text(text)) }
        }
        for (name, date) in [
            ("sale_date", order.confirmDate ?? order.orderDate), ("shipping_date", order.requestedDeliveryDate),
        ] {
            if let date = date.flatMap(JSONValue.tryton(date:)) { values.append(name, date) }
        }
        values.append("lines", [["create", .array(lineValues(preparation, taxes))]])
        return values
    }

    private func lineValues(_ preparation: TrytonPreparation, _ taxes: [Int64?: [Int64]]) -> [JSONValue] {
        preparation.draft.lines.enumerated().map { index, line in
            let taxes = line.taxes ?? taxes[preparation.category(line)] ?? []
            var values = JSONObject([
                ("type", "line"), ("sequence", .integer((index + 1) * 10)), ("product", .integer(line.product.id)),
                ("quantity", .tryton(quantity: line.quantity)), ("unit", .integer(line.unit)),
                ("unit_price", .tryton(decimal: line.unitPrice)), ("note", .text(TrytonLineMark.note(line.key))),
            ])
            if !taxes.isEmpty { values.append("taxes", [["add", .ids(taxes)]]) }
            return .object(values)
        }
    }

    /// The taxes that Tryton itself puts on products, by their accounting category: create puts none on by itself.
    private func taxes(
        _ preparation: TrytonPreparation, _ facts: TrytonFacts, _ budget: CallBudget
    ) async throws(SinkError) -> [Int64?: [Int64]] {
        var taxes: [Int64?: [Int64]] = [:]
        let currency = JSONValue.integer(preparation.draft.currency?.id ?? 0)
        let company = JSONValue.integer(facts.company)
        var sale: JSONObject = JSONObject([("company", company), ("currency", currency)])
        // Its tax rule counts.
        if let party = preparation.parties.party { sale.append("party", .integer(party.id)) }
        for line in preparation.draft.lines where line.taxes == nil && taxes[preparation.category(line)] == nil {
            let filled = try await client.ask(
                "sale.line.on_change_product",
                [
                    [
                        "sale": .object(sale), "type": "line", "product": .integer(line.product.id),
                        "quantity": .tryton(quantity: line.quantity), "unit": .integer(line.unit), "company": company,
                        "currency": currency,
                    ]
                ], company: facts.company, isAboutOrder: true, budget)
            // [[position, {"id": 2}], …]
            taxes[preparation.category(line)] = (filled["taxes"]?["add"]?.arrayValue ?? []).compactMap {
                $0.arrayValue?.last?["id"]?.integerValue
            }
        }
        return taxes
    }
}
