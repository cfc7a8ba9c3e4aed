import Orders
import Simulators

/// Compares what the shop, the ERP and the ledger have in the end with what must hold always (DESIGN §4).
struct Audit {
    let site: Site
    /// What the ledger says of each order, by the shop's id.
    let standings: [Int: (standing: String, reason: String)]

    init(_ site: Site) async throws {
        self.site = site
        standings = try await site.standings()
    }

    /// Everything that must hold: every order that could be finished is, and right; what may wait for a person has a reason.
    func violations() -> [String] {
        duplicates + lies
            + site.before.keys.sorted().flatMap { id -> [String] in
                guard let stands = standings[id] else { return ["order \(id) isn't in the ledger"] }
                if stands.standing == "finished" { return [] }
                let mayWaitForPerson = site.mode == .neither && stands.standing == "quarantined"
                return mayWaitForPerson ? [] : ["order \(id) stands \(stands.standing), \(stands.reason)"]
            }
    }

    /// What the shop shows and isn't so.
    var lies: [String] {
        var violations = site.shop.backwardMoves > 0 ? ["an order's state was moved backwards"] : []
        for (id, before) in site.before.sorted(by: { $0.key < $1.key }) {
            guard let now = site.shop.order(id)?.objectValue else {
                violations.append("order \(id) is gone from the shop")
                continue
            }
            violations += differences(before, now).map { "order \(id): \($0)" }
            if standings[id]?.standing == "finished" {
                violations += unfinished(now, id).map { "order \(id) is called finished, and \($0)" }
            }
        }
        return violations
    }

    /// More than one ERP order under a key or, where nobody can ask, more than one post.
    var duplicates: [String] {
        site.erp.audit().sorted { $0.key < $1.key }.flatMap { key, entry -> [String] in
            var violations: [String] = []
            if entry.ordersCreated > 1 {
                violations.append("\(key) has \(entry.ordersCreated) ERP orders: \(entry.orderNumbers)")
            }
            if site.mode == .neither, entry.posts > 1 {
                violations.append("\(key) was posted \(entry.posts) times, and nobody said so")
            }
            return violations
        }
    }

    private static let owned: Set = ["state", "erp_order_number", "shipment_state", "modified_date"]

    /// What isn't ours and isn't what it was, spellings included.
    private func differences(_ before: JSONObject, _ now: JSONObject) -> [String] {
        func foreign(_ object: JSONObject) -> [String] {
            object.members.filter { !Self.owned.contains($0.name.value) }.map { member in
                guard member.name.value == "order_lines", let lines = member.value.arrayValue else {
                    return "\(member.name.value)=\(member.value.compactText)"
                }
                return lines.map { line in
                    let members = line.objectValue?.members.filter { $0.name.value != "erp_line_number" } ?? []
                    return members.map { "\($0.name.value)=\($0.value.compactText)" }.joined(separator: ",")
                }.joined(separator: ";")
            }
        }
        return zip(foreign(before), foreign(now)).filter { $0 != $1 }.map { "'\($0)' became '\($1)'" }
            + (before.members.count == now.members.count
                ? [] : ["it has \(now.members.count) members, had \(before.members.count)"])
    }

    private func unfinished(_ now: JSONObject, _ id: Int) -> [String] {
        guard let order = site.erp.orders.first(where: { $0.externalReference == "crossdock:test:\(id)" }) else {
            return ["the ERP doesn't have it"]
        }
        var wrong: [String] = []
        for (member, expected) in [
            ("state", "processing"), ("shipment_state", "sent"), ("erp_order_number", order.number),
        ] where now[member]?.stringValue != expected {
            wrong.append("\(member) is \(now[member]?.compactText ?? "missing"), not \(expected)")
        }
        for line in now["order_lines"]?.arrayValue ?? [] where line["type"]?.stringValue == "line" {
            let sent = order.lines.first { $0["line_id"]?.compactText == line["id"]?.compactText }
            if sent == nil || sent?["number"]?.integerValue != line["erp_line_number"]?.integerValue {
                wrong.append(
                    "line \(line["id"]?.compactText ?? "?") has ERP line \(line["erp_line_number"]?.compactText ?? "none"), not "
                        + (sent?["number"]?.compactText ?? "one at all"))
            }
        }
        return wrong
    }
}
