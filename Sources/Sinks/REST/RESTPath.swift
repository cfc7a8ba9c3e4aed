import Orders
import Transport

/// A path with a query, as settings write it: `/orders?$filter=reference eq '{key:odata}'`.
///
/// Signs that can't stand in a URL are percent-encoded; what is so already stays. A value is encoded whole, after it was escaped for the
/// place that its mark names: `{key}` plain, `{key:odata}` within an OData literal (each `'` twice, OData 4.01 URL Conventions 5.1.1.6.1), `{key:json}`
/// within a JSON string.
struct RESTPath {
    let path: String
    let query: String?

    /// - Parameter values: by mark; a mark that isn't among them stays as it stands.
    init(_ template: String, _ values: [(mark: String, text: String)]) {
        var filled = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            filled += Self.encoded(rest[..<open])
            rest = rest[open...]
            guard let close = rest.firstIndex(of: "}"),
                let value = Self.value(of: rest[rest.index(after: open)..<close], values)
            else {
                filled += "%7B"
                rest = rest.dropFirst()
                continue
            }
            filled += PercentEncoding.encode(value)
            rest = rest[rest.index(after: close)...]
        }
        filled += Self.encoded(rest)
        let parts = filled.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts[0])
        query = parts.count > 1 ? String(parts[1]) : nil
    }

    /// The names of marks that begin so, without what stands behind their colons: `order.DocEntry`.
    static func marks(in template: String, beginningWith prefix: String) -> [String] {
        template.split(separator: "{").dropFirst().compactMap { part in
            guard let close = part.firstIndex(of: "}"), part.hasPrefix(prefix) else { return nil }
            return String(part[..<close].prefix { $0 != ":" })
        }
    }

    private static func value(of mark: Substring, _ values: [(mark: String, text: String)]) -> String? {
        let parts = mark.split(separator: ":", maxSplits: 1)
        guard let name = parts.first, let value = values.first(where: { $0.mark == name })?.text else { return nil }
        switch parts.count > 1 ? parts[1] : "" {
        case "": return value
        case "odata": return value.replacing("'", with: "''")
        case "json": return JSONString(value).literal
        default: return nil
        }
    }

    /// RFC 3986, 2.2 and 2.3: what may stand in a URL stays.
    private static func encoded(_ text: Substring) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~", "%", ":", "/", "?", "@", "!", "$", "&", "'", "(", ")", "*",
                "+",
                ",", ";", "=":
                String(scalar)
            default: PercentEncoding.encode(String(scalar))
            }
        }.joined()
    }
}
