import Orders
import Testing

@testable import CloudSuite

@Suite struct ListPageTests {
    @Test(arguments: [
        (#""https://elsewhere.example/api/order/?limit=5&offset=10""#, "limit=5&offset=10"),
        (#""/api/order/?cursor=abc#top""#, "cursor=abc"), (#""?limit=5""#, "limit=5"),
        (#""https://elsewhere.example/api/order/page/2/""#, ""), ("null", nil), (#""""#, nil), ("7", nil),
    ])
    func `of a link only the query is kept`(link: String, query: String?) throws {
        let page = try #require(ListPage(json: JSONValue(parsing: #"{"results":[],"next":\#(link)}"#), serverTime: nil))
        #expect(page.nextQuery == query)
    }

    @Test func `an entry says what the documents show of it, and ids may be digits`() throws {
        let text = #"""
            {"count":"2","next":null,"results":[
            {"id":6,"reference":"CS6","erp_order_number":null,"state":"confirmed","modified_date":"2020-09-09T13:44:43.295899","x":{}},
            {"id":"7","reference":8,"state":"hovering","erp_order_number":"ERP-1"}]}
            """#
        let page = try #require(ListPage(json: JSONValue(parsing: text), serverTime: nil))
        #expect(page.count == 2)
        #expect(
            page.entries == [
                ListPage.Entry(id: 6, reference: "CS6", state: .confirmed, modifiedDate: "2020-09-09T13:44:43.295899"),
                ListPage.Entry(id: 7, reference: "8", state: OrderState(rawValue: "hovering"), erpOrderNumber: "ERP-1"),
            ])
    }

    @Test(arguments: [
        #"{"detail":"Something went wrong."}"#, #"[]"#, #"{"results":{}}"#, #"{"results":[{"x":"CS1"}]}"#,
        #"{"results":[{"id":1.5}]}"#, #"{"results":[{"id":1},7]}"#,
    ])
    func `what isn't a page of orders is none`(text: String) throws {
        #expect(ListPage(json: try JSONValue(parsing: text), serverTime: nil) == nil)
    }

    @Test func `orders without an id are told of beside the others`() throws {
        let page = try page(#"{"results":[{"id":1},{"reference":"CS2"},{"id":null},{"id":"x","reference":4}],"next":null}"#)
        #expect(page.entries.map(\.id) == [1])
        #expect(page.withoutID == ["CS2", "", "4"])
        #expect(
            try self.page(#"{"results":[{"reference":"CS2"}],"next":null}"#).withoutID == ["CS2"],
            "also where it is the last one left")
    }

    @Test func `where a link leads is known, for those who want to know`() throws {
        #expect(
            try page(#"{"results":[],"next":"https://Elsewhere.example:444/api/?a=1"}"#).nextOrigin
                == "https://elsewhere.example:444")
        #expect(try page(#"{"results":[],"next":"?offset=5"}"#).nextOrigin == nil)
    }

    /// The smallest number there is would take the walk's arithmetic out of range.
    @Test func `a negative count is none, and the walk goes on`() throws {
        let first = try page(#"{"count":5,"next":"?offset=1","results":[{"id":1},{"id":2}]}"#)
        let second = try page(#"{"count":-9223372036854775808,"next":null,"results":[{"id":5},{"id":6}]}"#)
        #expect(second.count == nil)
        var walk = ListWalk()
        #expect(walk.received(first).next == .fetch(offset: 1))
        #expect(walk.received(second).next == .fetch(offset: 0))
    }

    private func page(_ text: String) throws -> ListPage {
        try #require(ListPage(json: JSONValue(parsing: text), serverTime: nil))
    }
}
