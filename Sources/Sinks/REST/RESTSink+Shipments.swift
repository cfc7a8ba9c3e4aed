package import Orders
import Settings
package import SinkKit
import Transport

/// What an order's ERP sent out.
extension RESTSink {
    package func shipments(
        for receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkShipments {
        guard let declared = settings.shipments else {
            throw SinkError(.misconfigured, "this sink declares no 'shipments', so the ERP can't be asked")
        }
        let budget = CallBudget(context, timekeeper)
        var values = [(mark: "number", text: receipt.erpOrderNumber), (mark: "key", text: key.text)]
        guard let results = declared.results else {
            let call = try reading(RESTPath(declared.path, values), budget)
            return try answers.shipments(try await send(call), title: call.title)
        }
        let order = try await orderToShip(key, declared, budget)
        for mark in RESTPath.marks(in: declared.path, beginningWith: "order.") {
            guard let value = order?.value(at: String(mark.dropFirst(6)))?.plainText else {
                throw SinkError(.notApplied, "the ERP's order has no '\(mark)', by which its shipments are asked for")
            }
            values.append((mark, value))
        }
        let call = try reading(RESTPath(declared.path, values), budget)
        let reader = RESTShipments(declared, answers.orders, order: order, receipt: receipt)
        var whole: [JSONValue] = []
        for listed in reader.distinct(try answers.list(try await send(call), at: results, title: call.title)) {
            whole.append(try await shipment(listed, declared, budget))
        }
        return try reader.told(whole)
    }

    /// `nil` where the ERP lets orders go that are done.
    private func orderToShip(
        _ key: IdempotencyKey, _ declared: RESTShipmentSettings, _ budget: CallBudget
    ) async throws(SinkError) -> JSONValue? {
        do throws(SinkError) {
            if let order = try await order(under: key, budget) { return order }
        } catch {
            // It is known where it went.
            guard declared.endsWithOrder, error.code == .conflict, !settings.elsewherePaths.isEmpty else { throw error }
            return nil
        }
        if declared.endsWithOrder { return nil }
        throw SinkError(.conflict, "the ERP doesn't show the order under the key \(key) any more")
    }

    private func shipment(
        _ listed: JSONValue, _ declared: RESTShipmentSettings, _ budget: CallBudget
    ) async throws(SinkError) -> JSONValue {
        guard let path = declared.readPath else { return listed }
        guard let id = listed.value(at: declared.idPath)?.plainText else {
            throw SinkError(.notApplied, "the ERP lists a shipment without '\(declared.idPath)'")
        }
        let call = try reading(RESTPath(path, [("id", id)]), budget)
        let response = try await send(call)
        guard response.status == 200 else { throw SinkError(response, to: call.title, code: .notApplied) }
        guard let shown = (try? JSONValue(parsing: response.body))?.value(at: declared.shipmentPath), shown.objectValue != nil
        else {
            throw SinkError(
                .notApplied, "\(call.title) was answered with 200, but without a shipment at '\(declared.shipmentPath)'")
        }
        return shown
    }
}
