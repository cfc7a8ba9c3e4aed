import Orders
import Settings
import SinkKit

/// Who an order is for: a party of Tryton's with an address for the goods and one for the invoice.
///
/// Making one is safe to repeat, and safe in a race: the party gets the code that the shop has for the customer, or one that derives from
/// the shop's id for it, and codes are unique in Tryton's database. Addresses are not: two orders of one customer that are made at the same moment by two processes may
/// each add the same new address.
struct TrytonParties: Sendable {
    let client: TrytonClient
    let settings: TrytonSinkSettings
    let facts: TrytonFacts
    let budget: CallBudget

    /// What was found, and what would have to be made.
    struct Plan: Sendable {
        /// `nil`: it would have to be made.
        var party: TrytonParty?
        var shipmentAddress: PostalAddress?
        var invoiceAddress: PostalAddress?
        var faults: [SinkFault] = []
    }

    // MARK: Looking

    func plan(_ order: SinkOrder) async throws(SinkError) -> Plan {
        var plan = Plan()
        plan.party = try await party(order, &plan.faults)
        for (path, wanted, slot) in [
            ("shipment_address", order.shipmentAddress, \Plan.shipmentAddress),
            ("invoice_address", order.invoiceAddress, \Plan.invoiceAddress),
        ] as [(String, Party?, WritableKeyPath<Plan, PostalAddress?>)] {
            guard let wanted, let address = PostalAddress(wanted, customer: order.customer?.name) else { continue }
            if let code = wanted.country, facts.countries[code] == nil {
                plan.faults.append(SinkFault(path: "\(path).country", message: "Tryton has no country \(code)"))
            }
            plan[keyPath: slot] = address
            if settings.parties == .mapped, let party = plan.party, party.id(of: address, onlyPlace: true) == nil {
                plan.faults.append(
                    SinkFault(path: path, message: "it is none of the addresses that Tryton has of party \(party.code)"))
            }
        }
        if plan.party == nil, plan.faults.isEmpty, plan.shipmentAddress == nil, plan.invoiceAddress == nil {
            plan.faults.append(SinkFault(path: "shipment_address", message: "a new party needs one, or an invoice address"))
        }
        return plan
    }

    /// By code, else by what marks the customer, else by the code that we would give it.
    private func party(_ order: SinkOrder, _ faults: inout [SinkFault]) async throws(SinkError) -> TrytonParty? {
        if let code = order.customerCode ?? order.customer?.code, !code.isEmpty {
            let path = order.customerCode == nil ? "customer.code" : "customer_code"
            if let party = try await only([["code", "=", .text(code)]], "the code '\(code)'", path, &faults) { return party }
            // A code that stands in the mapping tables is a party's that must be there.
            if settings.parties == .mapped || order.customerCode != nil, faults.isEmpty {
                faults.append(SinkFault(path: path, message: "Tryton has no party with the code '\(code)'"))
            }
            refuseNameless(order, &faults)
            return nil
        }
        if settings.parties == .create,
            let party = try await only([["code", "=", .text(order.newCustomerCode)]], "our code", "customer", &faults)
        {
            return party
        }
        for mark in settings.partyMarks where faults.isEmpty {
            let (field, path) =
                mark == .email ? ("contact_mechanisms.value", "customer.email") : ("identifiers.code", "customer.vat_number")
            guard let value = mark == .email ? order.customer?.email : order.customer?.taxNumber, !value.isEmpty else { continue }
            // Its value is personal: it isn't repeated.
            if let party = try await only([[.text(field), "=", .text(value)]], "that", path, &faults) { return party }
        }
        if settings.parties == .mapped, faults.isEmpty {
            faults.append(
                SinkFault(path: "customer", message: "Tryton has no such party; give it a code, or let parties be made"))
        }
        refuseNameless(order, &faults)
        return nil
    }

    private func refuseNameless(_ order: SinkOrder, _ faults: inout [SinkFault]) {
        guard settings.parties == .create, order.customer?.name ?? order.shipmentAddress?.name == nil else { return }
        faults.append(SinkFault(path: "customer.name", message: "a new party needs one"))
    }

    private func only(
        _ domain: JSONValue, _ mark: String, _ path: String, _ faults: inout [SinkFault]
    ) async throws(SinkError) -> TrytonParty? {
        let parties = try await parties(domain)
        if parties.count > 1 {
            faults.append(
                SinkFault(
                    path: path,
                    message: "Tryton has several parties with \(mark), such as \(parties[0].code) and \(parties[1].code)"))
            return nil
        }
        return parties.first
    }

    private func parties(_ domain: JSONValue) async throws(SinkError) -> [TrytonParty] {
        let rows = try await client.ask(
            "party.party.search_read", [domain, 0, 2, [["id", "ASC"]], ["code", "name"]], company: facts.company, budget)
        var parties: [TrytonParty] = []
        for row in rows.arrayValue ?? [] {
            guard let id = row["id"]?.integerValue else { continue }
            let addresses = try await client.ask(
                "party.address.search_read",
                [
                    [["party", "=", .integer(id)]], 0, nil, nil,
                    ["party_name", "attn", "street", "postal_code", "city", "country.code"],
                ], company: facts.company, budget)
            parties.append(
                TrytonParty(
                    id: id, code: row["code"]?.stringValue ?? "", name: row["name"]?.stringValue ?? "",
                    addresses: (addresses.arrayValue ?? []).compactMap { address in
                        address["id"]?.integerValue.map { ($0, PostalAddress(row: address, partyName: row["name"]?.stringValue)) }
                    }))
        }
        return parties
    }

    // MARK: Making

    /// Makes what the plan found missing.
    ///
    /// - Returns: the party with all addresses of the plan.
    func make(_ plan: Plan, _ order: SinkOrder) async throws(TrytonFailure) -> TrytonParty {
        let wanted = [plan.shipmentAddress, plan.invoiceAddress].compactMap(\.self)
        guard var party = plan.party else { return try await makeParty(wanted, order) }
        for address in wanted where party.id(of: address, onlyPlace: settings.parties == .mapped) == nil {
            var values = address.values(facts)
            values["party"] = .integer(party.id)
            let ids = try await client.tell(
                "party.address.create", [.array([.object(values)])], company: facts.company, budget)
            guard let id = ids.ids.first else { continue }
            party.addresses.append((id, address))
        }
        return party
    }

    private func makeParty(_ addresses: [PostalAddress], _ order: SinkOrder) async throws(TrytonFailure) -> TrytonParty {
        let code = order.newCustomerCode
        var own: [PostalAddress] = []
        for address in addresses where !own.contains(where: { $0.isSame(as: address) }) { own.append(address) }
        var values = JSONObject([
            ("name", .text(order.customer?.name ?? order.shipmentAddress?.name ?? code)), ("code", .text(code)),
            ("addresses", [["create", .array(own.map { .object($0.values(facts)) })]]),
        ])
        let ways = [("email", order.customer?.email), ("phone", order.customer?.telephone)].compactMap { type, value in
            value.map { JSONValue.object(JSONObject([("type", .text(type)), ("value", .text($0))])) }
        }
        if !ways.isEmpty { values.append("contact_mechanisms", [["create", .array(ways)]]) }
        if let number = order.customer?.taxNumber {
            // Without a type: Tryton refuses what a type's rule doesn't allow.
            values.append("identifiers", [["create", [["type": nil, "code": .text(number)]]]])
        }
        do throws(TrytonFailure) {
            _ = try await client.tell("party.party.create", [.array([.object(values)])], company: facts.company, budget)
        } catch {
            // Another order of the customer may have been faster: then it is there under our code.
            guard case .refused = error, let party = try await known(code) else { throw error }
            return try await make(
                Plan(party: party, shipmentAddress: addresses.first, invoiceAddress: addresses.dropFirst().first), order)
        }
        guard let party = try await known(code) else {
            throw .failed(SinkError(.notApplied, "Tryton doesn't show the party '\(code)' that was just made"))
        }
        return party
    }

    private func known(_ code: String) async throws(TrytonFailure) -> TrytonParty? {
        do throws(SinkError) { return try await parties([["code", "=", .text(code)]]).first } catch { throw .failed(error) }
    }
}

/// A party of Tryton's with its addresses.
struct TrytonParty: Sendable {
    let id: Int64
    let code: String
    let name: String
    var addresses: [(id: Int64, address: PostalAddress)]

    /// - Parameter onlyPlace: whether it may bear another name.
    func id(of wanted: PostalAddress, onlyPlace: Bool = false) -> Int64? {
        var wanted = wanted
        if wanted.name?.lowercased() == name.lowercased() { wanted.name = nil }
        let same = addresses.first { $0.address.isSame(as: wanted) }?.id
        return same ?? (onlyPlace ? addresses.first { $0.address.isSamePlace(as: wanted) }?.id : nil)
    }
}
