package import Orders

/// What a simulated vendor's ERP holds.
struct VendorStore: Sendable {
    let configuration: VendorConfiguration
    /// In the order they were made.
    var orders: [VendorOrder] = []
    /// As the API shows them, oldest first.
    var shipments: [JSONObject] = []
    /// What was invoiced and isn't among the orders any more, in ERPs that take it out.
    var invoices: [JSONObject] = []
    /// Tokens and sessions that are good.
    var sessions: Set<String> = []
    var sessionCount = 0
    /// Creates that came, by our key, whether they took effect or not.
    var posts: [String: Int] = [:]

    /// - Returns: the text of a new token or session.
    mutating func openSession() -> String {
        sessionCount += 1
        let session = "session-\(configuration.seed)-\(sessionCount)"
        sessions.insert(session)
        return session
    }

    mutating func change(_ number: String, _ change: (inout VendorOrder) -> Void) -> VendorOrder? {
        guard let index = orders.firstIndex(where: { $0.number == number }) else { return nil }
        change(&orders[index])
        return orders[index]
    }
}

/// An order in a simulated vendor's ERP.
package struct VendorOrder: Sendable {
    package let number: String
    package let key: String
    let createdUnixMicroseconds: Int64
    /// Without its lines.
    package internal(set) var head: JSONObject
    package internal(set) var lines: [JSONObject]

    /// The whole, with the lines under that name.
    func json(_ linesName: String) -> JSONObject {
        var object = head
        object[linesName] = .array(lines.map { .object($0) })
        return object
    }
}

/// A refusal in the vendor's own words.
struct VendorRefusal: Error {
    var response: SimulatedResponse

    init(_ response: SimulatedResponse) { self.response = response }
}

/// What a member of a posted document must be.
enum VendorType {
    case text(charactersMax: Int)
    /// Digits that the ERP holds, and those behind the point; `nil`: as many as there are.
    case number(digitsMax: Int)
    case integer
    case date

    /// What is wrong with the value, in words; `nil`: nothing.
    func fault(_ value: JSONValue) -> String? {
        switch (self, value) {
        case (.text(let most), .string(let text)):
            text.value.unicodeScalars.count > most ? "is longer than \(most) characters" : nil
        case (.number(let most), .number(let number)):
            number.spelling.count { $0.isNumber } > most || number.spelling.contains(where: { "eE".contains($0) })
                ? "has too many digits" : nil
        case (.integer, .number(let number)): Int64(number.spelling) == nil ? "is no Edm.Int32" : nil
        case (.date, .string(let text)):
            text.value.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) == nil ? "is no date" : nil
        default: "is of the wrong type"
        }
    }
}

extension JSONObject {
    /// Everything wrong with the members, by what they may be.
    func faults(_ shape: KeyValuePairs<String, VendorType>, required: [String], besides: [String] = []) -> [String] {
        var faults = required.filter { self[$0] == nil }.map { "'\($0)' is missing" }
        for member in members where !besides.contains(member.name.value) {
            guard let type = shape.first(where: { $0.key == member.name.value })?.value else {
                faults.append("The property '\(member.name.value)' does not exist")
                continue
            }
            if let fault = type.fault(member.value) { faults.append("'\(member.name.value)' \(fault)") }
        }
        return faults
    }
}

/// `field eq 'literal'`, several of them joined by `and`: the part of OData's filters that is needed here.
struct ODataFilter {
    let conditions: [(field: String, value: String)]

    /// `nil` for anything else.
    init?(_ text: String) {
        var conditions: [(String, String)] = []
        var rest = text[...]
        while let match = rest.prefixMatch(of: /([A-Za-z_][A-Za-z0-9_]*) eq ('((?:[^']|'')*)'|[0-9]+)/) {
            conditions.append((String(match.1), match.3.map { String($0).replacing("''", with: "'") } ?? String(match.2)))
            rest = rest[match.range.upperBound...]
            guard rest.hasPrefix(" and ") else { break }
            rest = rest.dropFirst(5)
        }
        guard rest.isEmpty, !conditions.isEmpty else { return nil }
        self.conditions = conditions
    }

    func holds(_ object: JSONObject) -> Bool {
        conditions.allSatisfy { condition in
            switch object[condition.field] {
            case .string(let text): text.value == condition.value
            case .number(let number): number.spelling == condition.value
            default: false
            }
        }
    }

    /// The first field that isn't among those that there are.
    func unknown(among fields: [String]) -> String? { conditions.map(\.field).first { !fields.contains($0) } }
}
