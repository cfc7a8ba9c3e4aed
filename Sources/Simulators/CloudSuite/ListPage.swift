internal import Orders

/// The envelope of a list: `count`, `next`, `previous`, `results` (reference, section 2.2).
struct ListPage: Sendable {
    let count: Int
    let limit: Int
    let offset: Int
    /// The filters as sent, which the links keep.
    let filters: [(name: String, value: String)]
    let host: String
    let path: String

    /// - Parameter results: each a JSON value's bytes.
    func response(_ results: [[UInt8]]) -> SimulatedResponse {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(results.reduce(512) { $0 + $1.count + 1 })
        bytes += #"{"count":\#(count),"next":\#(next),"previous":\#(previous),"results":["#.utf8
        for (index, result) in results.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += result
        }
        bytes += "]}".utf8
        return .json(bytes: bytes)
    }

    private var next: String { offset + limit < count ? link(offset: offset + limit) : "null" }

    /// The link to the first page leaves `offset` out.
    private var previous: String {
        guard offset > 0 else { return "null" }
        return link(offset: offset > limit ? offset - limit : nil)
    }

    /// The parameters sorted by name, as Django REST framework writes them.
    private func link(offset: Int?) -> String {
        var pairs = filters + [("limit", String(limit))]
        if let offset { pairs.append(("offset", String(offset))) }
        let query = pairs.sorted { $0.name < $1.name }.map {
            "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))"
        }
        return JSONValue.text("http://\(host)\(path)?\(query.joined(separator: "&"))").compactText
    }
}

/// What the list shows of an order: eight fields and no more.
enum OrderSummary {
    private static let fields: [StaticString] = [
        "id", "reference", "customer_order_number", "erp_order_number", "state", "order_date", "create_date", "modified_date",
    ]

    static func bytes(of body: [UInt8]) -> [UInt8] {
        let members = TopLevelMembers(body)
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        bytes.reserveCapacity(256)
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "\""))
            bytes.append(contentsOf: UnsafeBufferPointer(start: field.utf8Start, count: field.utf8CodeUnitCount))
            bytes += "\":".utf8
            if let value = members[field] { bytes += value } else { bytes += "null".utf8 }
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}
