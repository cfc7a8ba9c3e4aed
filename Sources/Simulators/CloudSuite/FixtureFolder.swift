internal import FoundationEssentials
internal import Orders

/// Why a folder of fixtures could not be loaded.
package struct FixtureError: Error, Sendable, CustomStringConvertible {
    package let description: String
}

/// Orders and parties from a folder of files: `*.json`, one order each, `parties/customers.json` and `parties/addresses.json`, arrays.
struct FixtureFolder: Sendable {
    static let none = FixtureFolder()

    private(set) var orders: [FixtureOrder] = []
    private(set) var customers: [Int: JSONValue] = [:]
    private(set) var addresses: [Int: JSONValue] = [:]

    private init() {}

    /// - Throws: ``FixtureError`` naming the file that can't be read, isn't JSON, has no numeric id, or repeats one.
    init(path: String) throws(FixtureError) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw FixtureError(description: "there is no folder of fixtures at \(path)")
        }
        for name in names.sorted() where name.hasSuffix(".json") {
            let order = try FixtureOrder(Self.document("\(path)/\(name)"), file: name)
            if let twin = orders.first(where: { $0.id == order.id }) {
                throw FixtureError(description: "\(name) and \(twin.file) have the same order id \(order.id)")
            }
            orders.append(order)
        }
        customers = try Self.parties("\(path)/parties/customers.json")
        addresses = try Self.parties("\(path)/parties/addresses.json")
    }

    private static func document(_ path: String) throws(FixtureError) -> JSONValue {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw FixtureError(description: "\(path) can't be read")
        }
        do { return try JSONValue(parsing: Array(data)) } catch { throw FixtureError(description: "\(path): \(error)") }
    }

    private static func parties(_ path: String) throws(FixtureError) -> [Int: JSONValue] {
        guard FileManager.default.fileExists(atPath: path) else { return [:] }
        var parties: [Int: JSONValue] = [:]
        for party in try document(path).arrayValue ?? [] {
            guard let id = party["id"]?.integerValue else {
                throw FixtureError(description: "\(path): a party has no numeric id")
            }
            parties[Int(id)] = party
        }
        return parties
    }
}

/// One order's file: the order as the API shows it, and under `@simulator` what the API doesn't show.
struct FixtureOrder: Sendable {
    let id: Int
    let file: String
    let offline: Bool
    private let template: JSONObject

    init(_ document: JSONValue, file: String) throws(FixtureError) {
        guard var object = document.objectValue, let id = object["id"]?.integerValue else {
            throw FixtureError(description: "\(file): an order is an object with a numeric id")
        }
        self.id = Int(id)
        self.file = file
        offline = object["@simulator"]?["offline"]?.boolValue ?? false
        object["@simulator"] = nil
        template = object
    }

    /// The order, with `@now`, `@now-PT30S` or `@now+P1D` in a header field replaced by that instant on the shop's clock face.
    func body(now: NaiveDateTime) -> JSONValue {
        var object = template
        for member in template.members {
            guard let text = member.value.stringValue, text.hasPrefix("@now"), let offset = Self.offset(text.dropFirst(4)) else {
                continue
            }
            let date = NaiveDateTime(microseconds: now.microseconds + offset)
            let isDay = ["order_date", "requested_delivery_date"].contains(member.name.value)
            object[member.name.value] = .text(isDay ? date.dateText : date.text)
        }
        return .object(object)
    }

    /// An ISO 8601 duration of days, hours, minutes and seconds after a sign, in microseconds.
    private static func offset(_ text: Substring) -> Int64? {
        guard let sign = text.first else { return 0 }
        guard sign == "-" || sign == "+", text.dropFirst().first == "P" else { return nil }
        var total: Int64 = 0
        var number: Int64 = 0
        for character in text.dropFirst(2) {
            switch character {
            case "0"..."9": number = number * 10 + Int64(character.wholeNumberValue ?? 0)
            case "T": break
            case "D", "H", "M", "S":
                total += number * (["D": 86_400, "H": 3600, "M": 60, "S": 1][character] ?? 0)
                number = 0
            default: return nil
            }
        }
        return (sign == "-" ? -total : total) * 1_000_000
    }
}
