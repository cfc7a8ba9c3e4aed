import Foundation
import Mapping
import Orders

/// Reads a section under `shops`.
enum ShopReader {
    static func read(_ name: String, _ reader: SettingsReader, absolute: (String) -> String) -> ShopSettings {
        var shop = ShopSettings(name: name)
        shop.remote = RemoteReader.read(reader, authentication: "how the shop is told who asks", absolute: absolute)
        shop.zone = reader.value(
            "zone", "the IANA time zone of the shop's date-times, which carry none", .text, default: shop.zone
        ) { text in
            TimeZone(identifier: text) == nil
                ? .failure(
                    SettingsFaultMessage("'\(text)' is no time zone that this system knows; write Europe/Amsterdam or the like"))
                : .success(text)
        }
        shop.pageLimit = reader.integer(
            "page_limit", "orders asked for in one page of a list", default: shop.pageLimit, in: 2...5000)
        shop.totalField = reader.optionalText(
            "total_field", "the order's member with its total without tax, if the shop gives one (none is documented)")
        shop.volatileFields = reader.texts(
            "volatile_fields", "members the shop changes by itself on every write", default: shop.volatileFields)
        reader.section("lookups", "how ids of customers and addresses are resolved (the paths are unverified)") { lookups in
            shop.customerPath = path(lookups, "customer", "path to a customer, with {id} in it", "{id}")
            shop.addressPath = path(lookups, "address", "path to an address, with {id} in it", "{id}")
            shop.customerListPath = path(lookups, "customer_list", "path to several customers at once, with {ids} in it", "{ids}")
            shop.addressListPath = path(lookups, "address_list", "path to several addresses at once, with {ids} in it", "{ids}")
        }
        shop.customers = parties(reader, "customers", "customers the shop can't be asked about")
        shop.addresses = parties(reader, "addresses", "addresses the shop can't be asked about")
        return shop
    }

    private static func path(_ reader: SettingsReader, _ key: String, _ help: String, _ mark: String) -> String? {
        reader.value(key, help, .text, default: nil) { text in
            text.hasPrefix("/") && text.contains(mark)
                ? .success(text) : .failure(SettingsFaultMessage("'\(text)' should begin with '/' and have \(mark) in it"))
        }
    }

    /// A customer and an address may have the same id, so each kind has a table of its own.
    private static func parties(_ reader: SettingsReader, _ key: String, _ help: String) -> PartyTable {
        let fields = [
            "code", "name", "street1", "house_number", "addition", "zip", "city", "country", "email", "phone", "vat_number",
        ]
        var ids: Set<String> = []
        let entries = reader.list(key, help) { entry in
            let id = entry.text("id", "the shop's id, or origin/key")
            if !id.isEmpty, !ids.insert(id).inserted {
                entry.fault(under: "id", "'\(id)' stands there already; which of the two counts?")
            }
            var object = JSONObject()
            for field in fields {
                if let text = entry.optionalText(field, "the party's \(field)") { object[field] = .text(text) }
            }
            var party = Party(json: object)
            party.id = Int64(id)
            return (id, party)
        }
        return PartyTable(Dictionary(entries, uniquingKeysWith: { first, _ in first }))
    }
}
