import Testing
import Transport

/// Headers, dates, origins, URLs: pure values.
@Suite struct ValueTests {
    @Test(
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777_000), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Thu, 29 Feb 2024 23:59:60 GMT", 1_709_251_200_000), ("Sat, 01 Mar 2025 00:00:00 GMT", 1_740_787_200_000),
        ] as [(String, Int64)])
    func `an HTTP date is read`(_ text: String, _ milliseconds: Int64) {
        #expect(HTTPDate.millisecondsSince1970(text) == milliseconds)
    }

    @Test(arguments: [
        "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:4x:37 GMT",
    ])
    func `anything else is no HTTP date`(_ text: String) {
        #expect(HTTPDate.millisecondsSince1970(text) == nil)
    }

    @Test(
        arguments: [
            (["Retry-After": "120"], 120_000), (["retry-after": "0"], 0), ([:], nil), (["Retry-After": "soon"], nil),
            (["Retry-After": "-1"], nil), (["Retry-After": "99999999999999999999"], .max),
            (["Date": "Sun, 06 Nov 1994 08:49:30 GMT", "Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"], 7000),
            (["Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"], 777_000), (["Retry-After": "Sun, 06 Nov 1980 08:49:37 GMT"], 0),
        ] as [(HTTPHeaders, Int64?)])
    func `Retry-After is seconds, or a date by the server's own clock`(_ headers: HTTPHeaders, _ milliseconds: Int64?) {
        #expect(HTTPResponse(status: 503, headers: headers).retryAfterMilliseconds(now: 784_111_000_000) == milliseconds)
    }

    @Test func `header names are found in any case and keep their order`() {
        var headers: HTTPHeaders = ["Set-Cookie": "a", "ETag": "1", "set-cookie": "b"]
        #expect(headers["etag"] == "1")
        #expect(headers.values("SET-COOKIE") == ["a", "b"])
        headers["Set-Cookie"] = "c"
        #expect(headers.fields == [.init("ETag", "1"), .init("Set-Cookie", "c")])
        headers["etag"] = nil
        #expect(!headers.contains("ETag"))
        // "[" and "{" differ by the same bit as letters of the two cases do.
        #expect(!HTTPHeaders.isSameName("a[", "a{"))
    }

    @Test func `a header block survives folding, bare line feeds and lines without a colon`() {
        let block = HTTPHeaders(block: Array("A: 1\r\nB:\r\n folded\r\nnonsense\r\nC : 3\n\r\n".utf8))
        #expect(block.fields.map(\.value) == ["1", " folded", "3"])
    }

    @Test(arguments: [
        ("https://Shop.Example/api", "https://shop.example"), ("https://shop.example:443", "https://shop.example"),
        ("HTTP://shop.example:80/", "http://shop.example"), ("http://[::1]:8080/x", "http://[::1]:8080"),
        ("https://shop.example?x=https://other", "https://shop.example"),
    ])
    func `an origin is scheme, host and port`(_ url: String, _ origin: String) throws {
        #expect(try Origin(url: url).description == origin)
    }

    @Test(arguments: [
        ("https://shop.example/api/", "order/7", "https://shop.example/api/order/7"),
        ("https://shop.example", "/order/", "https://shop.example/order/"),
        ("https://shop.example", "@evil.example/", "https://shop.example/@evil.example/"),
        ("https://shop.example/token", "", "https://shop.example/token"),
        ("https://shop.example", "//evil.example/x", "https://shop.example//evil.example/x"),
    ])
    func `a call's URL always begins with the base`(_ base: String, _ path: String, _ url: String) throws {
        #expect(try BaseURL(base).url(of: EndpointCall(.get, path)) == url)
    }

    @Test(arguments: ["../x", "a/%2e%2E/b", "a b", "a?b", "a#b", "a\\b", "é", "a\r\nb"])
    func `a path that leads elsewhere is refused`(_ path: String) throws {
        let base = try BaseURL("https://shop.example/api")
        #expect(throws: EndpointError.self) { try base.url(of: EndpointCall(.get, path)) }
    }

    @Test(arguments: [
        "shop.example", "ftp://shop.example", "https://user@shop.example", "https://shop.example/?a=1", "https://shop.example/#a",
        "https://", "https://shop.example:0/", "https://shop.example:x/", "https://shop.example/a/../b", "https://sh op.example",
        "https://]:[", "https://[::1", "https://a:b:80", "https://[]/", "https://[shop]/",
    ])
    func `an unfit base is refused`(_ url: String) {
        #expect(throws: OriginFault.self) { try BaseURL(url) }
    }

    @Test func `of a next link only the query is taken`() throws {
        let call = EndpointCall(.get, "order/", query: "state=confirmed")
        let next = try #require(call.following(next: "http://internal.example:8000/other/?page=2&state=confirmed#top"))
        let base = try BaseURL("https://shop.example/api")
        #expect(try base.url(of: next) == "https://shop.example/api/order/?page=2&state=confirmed")
        #expect(call.following(next: "https://shop.example/api/order/") == nil)
        #expect(call.following(next: "?a b") == nil)
    }

    @Test func `forms and queries are percent-encoded`() {
        #expect(PercentEncoding.query([("a b", "ä&=+"), ("c", "~-._")]) == "a%20b=%C3%A4%26%3D%2B&c=~-._")
    }

    @Test(arguments: [(3600, 2_880_000), (100, 50_000), (30, 15_000), (240, 180_000), (0, 0), (-5, 0)] as [(Double, Int64)])
    func `a token is renewed early, but never before half of its life`(_ seconds: Double, _ milliseconds: Int64) {
        #expect(TokenLifetime.millisecondsUntilRenewal(expiresInSeconds: seconds) == milliseconds)
    }

    @Test func `seeded random numbers repeat and stay below their bound`() {
        let one = SeededRandomSource(seed: 7)
        let other = SeededRandomSource(seed: 7)
        let numbers = (0..<100).map { _ in one.uniform(below: 10) }
        #expect(numbers == (0..<100).map { _ in other.uniform(below: 10) })
        #expect(Set(numbers).count == 10)
        #expect(numbers.allSatisfy { $0 < 10 })
        #expect(one.uniform(below: 0) == 0)
    }
}
