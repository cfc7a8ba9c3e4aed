internal import Orders

/// The 300 customers that generated orders come from, with two addresses each; the same for every seed.
enum PartyPool {
    static let count = 300
    static let customerIDFirst = 2001
    private static let addressIDFirst = 4001

    static func invoiceAddressID(customer id: Int) -> Int { addressIDFirst + (id - customerIDFirst) * 2 }
    static func shipmentAddressID(customer id: Int) -> Int { invoiceAddressID(customer: id) + 1 }

    static let customers: [Int: JSONValue] = Dictionary(
        uniqueKeysWithValues: (customerIDFirst..<customerIDFirst + count).map { ($0, customer(id: $0)) })

    static let addresses: [Int: JSONValue] = Dictionary(
        uniqueKeysWithValues: (customerIDFirst..<customerIDFirst + count).flatMap { id in
            [(invoiceAddressID(customer: id), false), (shipmentAddressID(customer: id), true)].map {
                ($0.0, address(id: $0.0, customer: id, isShipment: $0.1))
            }
        })

    private static func customer(id: Int) -> JSONValue {
        let place = Place(id: id, salt: 0)
        let name = companyName(id)
        return .object([
            "id": .integer(id), "origin": "cloudsuite", "key": .text("BK\(10_000 + id)"), "code": .text("DEB\(id)"),
            "name": .text(name), "street1": .text(place.street), "house_number": .text(place.houseNumber),
            "addition": .text(place.addition), "zip": .text(place.zip), "city": .text(place.city), "country": "NL",
            "email": .text("inkoop@klant\(id).example"), "phone": .text("+31 30 \(5_550_000 + id)"),
            "vat_number": .text("NL\(NaiveDateTime.padded(800_000_000 + id * 7, 9))B01"),
        ])
    }

    private static func address(id: Int, customer: Int, isShipment: Bool) -> JSONValue {
        let place = Place(id: customer, salt: isShipment ? 1 : 0)
        return .object([
            "id": .integer(id), "origin": "cloudsuite", "key": .text(key(id)), "code": .text("ADR\(id)"),
            "customer": .integer(customer), "name": .text(companyName(customer)),
            "attention": isShipment ? "Magazijn" : "Crediteurenadministratie", "street1": .text(place.street),
            "house_number": .text(place.houseNumber), "addition": .text(place.addition), "street2": .null,
            "zip": .text(place.zip), "city": .text(place.city), "country": "NL", "subdivision": .null,
            "email": .text("\(isShipment ? "magazijn" : "facturen")@klant\(customer).example"),
            "phone": .text("+31 30 \(5_550_000 + customer)"), "delivery": .bool(isShipment),
        ])
    }

    /// A key in the form of a UUID, as the shop makes for addresses.
    private static func key(_ id: Int) -> String {
        var random = SeededRandom(seed: 0x4352_4F53_5344_4F43, number: id)
        let high = padded(random.next()), low = padded(random.next())
        return "\(high.prefix(8))-\(high.dropFirst(8).prefix(4))-4\(high.suffix(3))-a\(low.prefix(3))-\(low.suffix(12))"
    }

    private static func padded(_ bits: UInt64) -> String {
        let digits = String(bits, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func companyName(_ id: Int) -> String {
        var random = SeededRandom(seed: 11, number: id)
        let kind = random.pick([
            "Lunchroom", "Restaurant", "Bakkerij", "Hotel", "Slagerij", "Cafetaria", "Eetcafé", "Traiteur", "Catering",
        ])
        let name = random.pick([
            "De Gouden Leeuw", "Van Dijk", "Het Wapen", "Jansen & Zn.", "De Molen", "'t Hoekje", "Bakker", "Aan de Gracht",
        ])
        return "\(kind) \(name) \(id - customerIDFirst + 1)"
    }

    private struct Place {
        let street: String
        let houseNumber: String
        let addition: String?
        let zip: String
        let city: String

        init(id: Int, salt: Int) {
            var random = SeededRandom(seed: 13 + UInt64(salt), number: id)
            let cities = [
                ("Houten", 3990), ("Utrecht", 3510), ("Zwolle", 8010), ("Groningen", 9710), ("Eindhoven", 5610),
                ("'s-Hertogenbosch", 5210),
            ]
            let (city, zip) = random.pick(cities)
            street = random.pick([
                "Marktstraat", "Kerkstraat", "Stationsweg", "Industrieweg", "Dorpsstraat", "Havenkade", "Burg. Wallerweg",
            ])
            houseNumber = String(1 + random.below(220))
            addition = random.below(5) == 0 ? random.pick(["A", "B", "bis", "2 hoog"]) : nil
            let letters = ["AB", "CK", "HL", "MN", "PR", "TX", "WZ"]
            self.zip = "\(zip + random.below(9)) \(random.pick(letters))"
            self.city = city
        }
    }
}
