import Orders
import Settings
import SinkKit

/// Who an order is for: a contact of Odoo's, with the contacts that are its addresses for the goods and the invoice.
///
/// What is made is made under external ids that derive from the customer and from the address's own text, so neither a repetition nor a
/// race makes it twice.
struct OdooParties: Sendable {
    let desk: OdooDesk
    let settings: OdooSinkSettings

    /// What was found, and what would have to be made.
    struct Plan: Sendable {
        /// `nil`: it would have to be made.
        var party: OdooParty?
        var shipmentAddress: PostalAddress?
        var invoiceAddress: PostalAddress?
        var faults: [SinkFault] = []
    }

    /// Whose ids they are.
    struct Made: Sendable {
        let party: Int64
        let shipment: Int64
        let invoice: Int64
    }

    // MARK: Looking

    func plan(_ order: SinkOrder) async throws(SinkError) -> Plan {
        var plan = Plan()
        plan.party = try await party(order, &plan.faults)
        for (path, wanted, slot) in [
            ("shipment_address", order.shipmentAddress, \Plan.shipmentAddress),
            ("invoice_address", order.invoiceAddress, \Plan.invoiceAddress),
        ] as [(String, Party?, WritableKeyPath<Plan, PostalAddress?>)] {
            guard let wanted, let address = PostalAddress(wanted, customer: order.customer?.name)?.asOneName else { continue }
            if let code = wanted.country, desk.facts.countries[code] == nil {
                plan.faults.append(SinkFault(path: "\(path).country", message: "Odoo has no country \(code)"))
            }
            plan[keyPath: slot] = address
            if settings.parties == .mapped, let party = plan.party, party.id(of: address, onlyPlace: true) == nil {
                plan.faults.append(
                    SinkFault(path: path, message: "it is none of the addresses that Odoo has of '\(party.code)'"))
            }
        }
        return plan
    }

    /// By reference, else by what marks the customer, else by the reference that we would give it.
    private func party(_ order: SinkOrder, _ faults: inout [SinkFault]) async throws(SinkError) -> OdooParty? {
        if let code = order.customerCode ?? order.customer?.code, !code.isEmpty {
            let path = order.customerCode == nil ? "customer.code" : "customer_code"
            if let party = try await only([["ref", "=", .text(code)]], "the reference '\(code)'", path, &faults) { return party }
            // A code that stands in the mapping tables is a contact's that must be there.
            if settings.parties == .mapped || order.customerCode != nil, faults.isEmpty {
                faults.append(SinkFault(path: path, message: "Odoo has no contact with the reference '\(code)'"))
            }
        } else {
            if settings.parties == .create,
                let party = try await only([["ref", "=", .text(order.newCustomerCode)]], "our reference", "customer", &faults)
            {
                return party
            }
            for mark in settings.partyMarks where faults.isEmpty {
                let (field, path) = mark == .email ? ("email", "customer.email") : ("vat", "customer.vat_number")
                guard let value = mark == .email ? order.customer?.email : order.customer?.taxNumber, !value.isEmpty else {
                    continue
                }
                // Its value is personal: it isn't repeated.
                if let party = try await only([[.text(field), "=", .text(value)]], "that", path, &faults) { return party }
            }
            if settings.parties == .mapped, faults.isEmpty {
                faults.append(
                    SinkFault(path: "customer", message: "Odoo has no such contact; give it a reference, or let parties be made"))
            }
        }
        if settings.parties == .create, order.customer?.name ?? order.shipmentAddress?.name == nil {
            faults.append(SinkFault(path: "customer.name", message: "a new contact needs one"))
        }
        return nil
    }

    /// - Parameter domain: of contacts that are nobody's address.
    private func only(
        _ domain: [JSONValue], _ mark: String, _ path: String, _ faults: inout [SinkFault]
    ) async throws(SinkError) -> OdooParty? {
        let rows = try await desk.rows("res.partner", .array(domain + [["parent_id", "=", false]]), ["name", "ref"], limit: 2)
        guard let row = rows.first, let id = row["id"]?.integerValue else { return nil }
        guard rows.count == 1 else {
            faults.append(SinkFault(path: path, message: "Odoo has several contacts with \(mark)"))
            return nil
        }
        return try await party(id, code: row["ref"]?.stringValue ?? "id:\(id)", name: row["name"]?.stringValue ?? "")
    }

    private func party(_ id: Int64, code: String, name: String) async throws(SinkError) -> OdooParty {
        let rows = try await desk.rows(
            "res.partner", [["id", "child_of", .integer(id)]], ["name", "street", "street2", "zip", "city", "country_id"])
        let countries = Dictionary(desk.facts.countries.map { ($0.value, $0.key) }) { first, _ in first }
        // The contact itself first, whose address others may share.
        let sorted = rows.filter { $0["id"]?.integerValue == id } + rows.filter { $0["id"]?.integerValue != id }
        return OdooParty(
            id: id, code: code,
            addresses: sorted.compactMap { row in
                row["id"]?.integerValue.map { ($0, PostalAddress(row: row, partyName: name, countries: countries)) }
            }, name: name)
    }

    // MARK: Making

    /// Makes what the plan found missing.
    func make(_ plan: Plan, _ order: SinkOrder) async throws(OdooFailure) -> Made {
        var party: OdooParty
        if let known = plan.party { party = known } else { party = try await makeParty(plan, order) }
        let shipment = try await id(of: plan.shipmentAddress, type: "delivery", &party)
        let invoice = try await id(of: plan.invoiceAddress, type: "invoice", &party)
        if let shipment, let invoice { return Made(party: party.id, shipment: shipment, invoice: invoice) }
        // What a form would fill in by itself.
        let usual = try await desk.ask(
            "res.partner", "address_get", ids: [party.id], JSONObject([("adr_pref", ["delivery", "invoice"])]))
        return Made(
            party: party.id, shipment: shipment ?? usual["delivery"]?.integerValue ?? party.id,
            invoice: invoice ?? usual["invoice"]?.integerValue ?? party.id)
    }

    private func makeParty(_ plan: Plan, _ order: SinkOrder) async throws(OdooFailure) -> OdooParty {
        let code = order.newCustomerCode
        let name = order.customer?.name ?? order.shipmentAddress?.name ?? code
        let home = plan.invoiceAddress ?? plan.shipmentAddress
        // The contact's own address bears its own name.
        let own = home.flatMap { $0.name == nil ? $0 : nil }
        let made = OdooImport(
            "res.partner", externalID: "crossdock.customer:" + Self.encoded(code),
            [
                "name": name, "ref": code, "email": order.customer?.email, "phone": order.customer?.telephone,
                "vat": order.customer?.taxNumber, "is_company": order.customer?.taxNumber == nil ? nil : "1",
                "street": own?.firstStreet, "street2": own?.secondStreet, "zip": own?.postalCode, "city": own?.city,
                "country_id/.id": country(own),
            ])
        let id = try await made.perform(desk)
        do throws(SinkError) { return try await party(id, code: code, name: name) } catch { throw .failed(error) }
    }

    /// A contact of the party's own, made through the party: alone, Odoo makes it for accountants only.
    private func id(of address: PostalAddress?, type: String, _ party: inout OdooParty) async throws(OdooFailure) -> Int64? {
        guard let address else { return nil }
        for _ in 1...3 {
            if let id = party.id(of: address, onlyPlace: settings.parties == .mapped) { return id }
            let mark: String
            do throws(SinkError) { mark = try await self.mark(of: address, party) } catch { throw .failed(error) }
            let made = OdooImport(
                "res.partner", id: party.id,
                [
                    "child_ids/id": mark, "child_ids/type": type, "child_ids/name": address.name ?? "",
                    "child_ids/street": address.firstStreet, "child_ids/street2": address.secondStreet,
                    "child_ids/zip": address.postalCode, "child_ids/city": address.city,
                    "child_ids/country_id/.id": country(address),
                ])
            do throws(OdooFailure) { _ = try await made.perform(desk) } catch {
                // Others were at it: then it may be there by now.
                guard case .failed(let failure) = error, failure.code == .notApplied else { throw error }
            }
            do throws(SinkError) { party = try await self.party(party.id, code: party.code, name: party.name) } catch {
                throw .failed(error)
            }
        }
        throw .failed(SinkError(.notApplied, "the address can't be made in Odoo: others change that contact at the same time"))
    }

    /// An address that people have changed since keeps its external id: the next one is taken then.
    private func mark(of address: PostalAddress, _ party: OdooParty) async throws(SinkError) -> String {
        let taken = Set(try await desk.externalIDs("res.partner", party.addresses.map(\.id)).values)
        let mark = "crossdock.address:\(party.id):\(address.fingerprint)"
        return ([mark] + (2...99).map { "\(mark):\($0)" }).first { !taken.contains($0) } ?? mark
    }

    private func country(_ address: PostalAddress?) -> String? {
        address?.country.flatMap { desk.facts.countries[$0] }.map { "\($0)" }
    }

    /// Whatever stands in it, without a space.
    private static func encoded(_ code: String) -> String {
        var text = ""
        for byte in code.utf8 {
            let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45
            text += isPlain ? String(UnicodeScalar(byte)) : "_" + String(byte, radix: 16)
        }
        return text
    }
}

/// A contact of Odoo's with its addresses, of which it is the first itself.
struct OdooParty: Sendable {
    let id: Int64
    let code: String
    var addresses: [(id: Int64, address: PostalAddress)]
    let name: String

    /// - Parameter onlyPlace: whether it may bear another name.
    func id(of wanted: PostalAddress, onlyPlace: Bool = false) -> Int64? {
        let wanted = plain(wanted)
        let same = addresses.first { $0.address.isSame(as: wanted) }?.id
        return same ?? (onlyPlace ? addresses.first { $0.address.isSamePlace(as: wanted) }?.id : nil)
    }

    /// Without a name that is the contact's own.
    func plain(_ address: PostalAddress) -> PostalAddress {
        var address = address
        if address.name?.lowercased() == name.lowercased() { address.name = nil }
        return address
    }
}

extension PostalAddress {
    /// As Odoo shows it.
    fileprivate init(row: JSONValue, partyName: String, countries: [Int64: String]) {
        self.init()
        let stated = row["name"]?.stringValue
        name = stated == partyName ? nil : stated
        street = [row["street"]?.stringValue, row["street2"]?.stringValue].compactMap(\.self).joined(separator: "\n")
        postalCode = row["zip"]?.stringValue ?? ""
        city = row["city"]?.stringValue ?? ""
        country = row["country_id"]?.reference.flatMap { countries[$0] }
    }

    /// Odoo has one text for who it is and to whose attention.
    fileprivate var asOneName: PostalAddress {
        var address = self
        let names = [name, attention].compactMap(\.self).filter { !$0.isEmpty }
        (address.name, address.attention) = (names.isEmpty ? nil : names.joined(separator: ", "), nil)
        return address
    }

    fileprivate var firstStreet: String { street.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? "" }

    fileprivate var secondStreet: String {
        let rest = street.split(separator: "\n", maxSplits: 1).dropFirst().first ?? ""
        return rest.split(separator: "\n").joined(separator: ", ")
    }

    /// The same for the same text; different for most others (FNV-1a).
    fileprivate var fingerprint: String {
        let text = [name ?? "", street, postalCode, city, country ?? ""].joined(separator: "\u{1F}").lowercased()
        let hash = text.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
