import Orders
import Settings
package import SinkKit
import Transport

extension OdooSink {
    /// Version, company, rights and clock.
    package func check(_ context: SinkContext) async throws(SinkError) -> [String] {
        let desk = try await desk(context)
        let server = try await client.server(desk.budget)
        let facts = desk.facts
        var found = ["Odoo \(server.version ?? "of an unknown version") answers over \(settings.wireProtocol.rawValue)"]
        found.append("orders go to \(facts.companyName), in \(facts.currency); dates are in zone \(facts.zone ?? "UTC")")
        if let currency = settings.currency, facts.currencies[currency] == nil {
            throw SinkError(.misconfigured, "Odoo has no currency \(currency) in use, which 'currency' names")
        }
        try await checkRights(desk)
        found.append("the user may do what is needed")
        let hasTracking = facts.fields.contains("stock.picking.carrier_tracking_ref")
        found.append(
            facts.fields.contains("stock.move.sale_line_id")
                ? "deliveries are told" + (hasTracking ? ", with tracking codes" : "")
                : "deliveries aren't told: without the module sale_stock there are none")
        if let clock = server.clock {
            let gap = (clock - timekeeper.millisecondsSince1970).magnitude / 1000
            found.append(gap < 60 ? "its clock agrees with ours" : "its clock is \(gap) s away from ours: check both")
        }
        return found
    }

    private func checkRights(_ desk: OdooDesk) async throws(SinkError) {
        let order = [("sale.order", ["read", "write", "create"]), ("sale.order.line", ["read", "write", "create"])]
        let party = ("res.partner", settings.parties == .create ? ["read", "create"] : ["read"])
        var missing: [String] = []
        for (model, rights) in order + [party, ("product.product", ["read"]), ("account.tax", ["read"])] {
            for right in rights where try await !hasRight(right, model, desk) { missing.append("\(right) \(model)") }
        }
        guard missing.isEmpty else { throw SinkError(.misconfigured, "the user may not \(missing.joined(separator: ", "))") }
    }

    private func hasRight(_ right: String, _ model: String, _ desk: OdooDesk) async throws(SinkError) -> Bool {
        let isNew = settings.wireProtocol == .json2
        var arguments = JSONObject([("operation", .text(right))])
        if !isNew { arguments.append("raise_exception", false) }
        do throws(OdooFailure) {
            return try await desk.ask(model, isNew ? "has_access" : "check_access_rights", arguments).boolValue ?? false
        } catch { throw error.sinkError }
    }
}
