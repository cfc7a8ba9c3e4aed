import CloudSuite
import Engine
import OrderFlow
import Orders
import Transport

/// Looks at one order of a shop: which members it has, and whether its customer and addresses can be found out.
struct ShopOrderCheck {
    let flow: Flow
    let subject: String
    let now: Timestamp

    /// - Parameter lastModified: when an order of the list was changed last, read in the zone that the settings name.
    func run(_ id: Int64, lastModified: Timestamp?) async throws(ShopError) -> [Finding] {
        let order = try await flow.shop.order(id)
        var findings = members(order, id)
        findings += lines(order, id)
        findings.append(zone(lastModified))
        findings.append(try await externalKey(order, id))
        findings.append(try await missingOrder())
        findings.append(try await party("customer", order.order?.customer, .customer, "customer", "customers"))
        findings.append(try await party("shipment address", order.order?.shipmentAddress, .address, "address", "addresses"))
        findings.append(try await party("invoice address", order.order?.invoiceAddress, .address, "address", "addresses"))
        return findings
    }

    /// Members that no page says an order read by its id has; of `offline` it is expected that it has not.
    private func members(_ order: ShopOrder, _ id: Int64) -> [Finding] {
        let expected = ["payment_status", "confirm_date", "create_date", "modified_date", "shipment_state", "currency"]
        let stated = flow.shop.settings.totalField.map { [$0] } ?? []
        var findings = (expected + stated).map { member in
            order.json[member] == nil
                ? Finding(subject, .contradicted, "an order read by its id has no \(member) (order \(id))")
                : Finding(subject, .confirmed, "an order read by its id has a \(member)")
        }
        findings.append(
            order.json["offline"] == nil
                ? Finding(
                    subject, .confirmed,
                    "an order read by its id doesn't say whether it is offline; the list's filter is believed")
                : Finding(subject, .contradicted, "an order read by its id says whether it is offline, which is believed"))
        return findings
    }

    private func lines(_ order: ShopOrder, _ id: Int64) -> [Finding] {
        let lines = order.json["order_lines"]?.arrayValue ?? []
        guard !lines.isEmpty else { return [Finding(subject, .cannotTell, "how lines are written: order \(id) has none")] }
        let idCount = lines.filter { $0["id"]?.integerValue != nil }.count
        var findings = [
            Finding(
                subject, idCount == lines.count ? .confirmed : .contradicted,
                "\(idCount) of \(lines.count) lines of order \(id) have an id of their own")
        ]
        for member in ["quantity", "unit_price"] {
            guard let value = lines.lazy.compactMap({ $0[member] }).first(where: { !$0.isNull }) else {
                findings.append(Finding(subject, .contradicted, "no line of order \(id) has a \(member)"))
                continue
            }
            let form = value.stringValue == nil ? "numbers" : "strings"
            findings.append(
                Finding(subject, .good, "the lines' \(member) is written in \(form) (order \(id)); both are read"))
        }
        return findings
    }

    private func zone(_ lastModified: Timestamp?) -> Finding {
        let clock = flow.shop.settings.clock
        guard let lastModified else {
            return Finding(subject, .cannotTell, "the zone of its date-times: no listed order has a readable modified_date")
        }
        return lastModified > now + .seconds(60)
            ? Finding(
                subject, .contradicted, "read in \(clock.zoneName), an order's modified_date lies in the future; set another zone"
            )
            : Finding(subject, .cannotTell, "the zone of its date-times: nothing contradicts \(clock.zoneName)")
    }

    private func externalKey(_ order: ShopOrder, _ id: Int64) async throws(ShopError) -> Finding {
        guard let key = order.json["key"]?.stringValue, !key.isEmpty else {
            return Finding(
                subject, .cannotTell, "whether orders are found by their key: order \(id) has none, as webshop orders mostly")
        }
        let found = try await ShopError.unlessRefused { () async throws(ShopError) in try await flow.shop.order(externalKey: key)
        }
        return found?.json["id"] == order.json["id"]
            ? Finding(subject, .confirmed, "an order is found by its key (ext:)")
            : Finding(subject, .contradicted, "order \(id) isn't found by its key (ext:)")
    }

    /// Far above all ids that a shop gives.
    private static let impossibleID: Int64 = 999_999_999_999

    private func missingOrder() async throws(ShopError) -> Finding {
        let found = try await ShopError.unlessRefused { () async throws(ShopError) in try await flow.shop.order(Self.impossibleID)
        }
        return found == nil
            ? Finding(subject, .confirmed, "an order that isn't there is refused")
            : Finding(subject, .contradicted, "an order that isn't there is answered with one")
    }

    private func party(
        _ what: String, _ reference: PartyReference?, _ kind: PartyDirectory.Kind, _ lookup: String, _ table: String
    ) async throws(ShopError) -> Finding {
        guard let reference else { return Finding(subject, .cannotTell, "the \(what): the order names none") }
        guard case .id(let id) = reference else { return Finding(subject, .good, "orders carry their \(what)'s key or data") }
        let party = try await flow.parties.party(reference, kind)
        return party == nil
            ? Finding(
                subject, .contradicted,
                "\(what) \(id) can't be resolved; set lookups.\(lookup), or list it under \(table)")
            : Finding(subject, .confirmed, "\(what) ids can be resolved")
    }
}
