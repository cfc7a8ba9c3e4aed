import Transport

extension FuzzTarget {
    /// What a server's headers hold, what links point to, and what is fit to be sent.
    static let http = FuzzTarget(name: "http", inputBytesMax: 512, share: 120) { input throws(BrokenProperty) in
        let headers = HTTPHeaders(block: input)
        for field in headers.fields {
            try require(!field.value.utf8.contains(0x0A), "a header's value is one line")
            // Each look-up searches the headers from end to end; libcurl lets no more than 300 kB of them through.
            if headers.fields.count > 100 { continue }
            try require(headers.contains(field.name) && !headers.values(field.name).isEmpty, "a header is found by its name")
        }
        let response = HTTPResponse(status: 429, headers: headers)
        if let wait = response.retryAfterMilliseconds(now: 1_700_000_000_000) {
            try require(wait >= 0, "a server can't ask for a wait in the past")
        }
        if let date = response.dateMillisecondsSince1970 {
            try require(HTTPDate.millisecondsSince1970(headers["Date"] ?? "") == date, "a date is read by its header")
        }
        try checkURL(String(decoding: input, as: UTF8.self))
        try checkSendable(headers)
    }

    private static func checkURL(_ text: String) throws(BrokenProperty) {
        let encoded = PercentEncoding.encode(text)
        try require(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "what is percent-encoded can stand in a URL")
        try require(!HTTPRequest(url: text).title.contains("?"), "a title has no query")
        if let origin = try? Origin(url: text) {
            try require((try? Origin(url: origin.description)) == origin, "an origin's text has the same origin")
            try require((1...65_535).contains(origin.port), "a port is one")
        }
        guard let base = try? BaseURL(text) else { return }
        try require((try? BaseURL(base.description)) == base, "a base URL's text is the same base")
        try require((try? HTTPRequest(url: base.description).validate()) != nil, "a base URL can be asked")
    }

    /// A header that goes out can't make another one.
    private static func checkSendable(_ headers: HTTPHeaders) throws(BrokenProperty) {
        guard (try? HTTPRequest(url: "https://shop.example/", headers: headers).validate()) != nil else { return }
        for field in headers.fields {
            try require(!(field.name + field.value).utf8.contains { $0 == 0x0D || $0 == 0x0A || $0 == 0 }, "a header is a line")
        }
    }
}
