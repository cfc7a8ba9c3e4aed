package import Orders

/// One page of the shop's order list (CloudSuite, "Orders GET - json").
package struct ListPage: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package var id: Int64
        package var reference: String?
        package var state: OrderState?
        package var erpOrderNumber: String?
        package var modifiedDate: String?
    }

    /// How many orders the whole list has at this moment.
    package var count: Int?
    package var entries: [Entry]
    /// The query of the link to the following page; `nil` on the last. Host and path of the link are never used.
    package var nextQuery: String?
    /// The server's clock when it answered.
    package var serverTime: Timestamp?

    package init(count: Int?, entries: [Entry], nextQuery: String?, serverTime: Timestamp? = nil) {
        self.count = count
        self.entries = entries
        self.nextQuery = nextQuery
        self.serverTime = serverTime
    }

    /// - Returns: `nil` where the object isn't a page, as when an error stands inside a 200.
    init?(json: JSONValue, serverTime: Timestamp?) {
        guard let results = json["results"]?.arrayValue else { return nil }
        var entries: [Entry] = []
        entries.reserveCapacity(results.count)
        for result in results {
            guard let id = result["id"]?.integerValue else { return nil }
            entries.append(
                Entry(
                    id: id, reference: result["reference"]?.stringValue,
                    state: result["state"]?.stringValue.map(OrderState.init(rawValue:)),
                    erpOrderNumber: result["erp_order_number"]?.stringValue, modifiedDate: result["modified_date"]?.stringValue))
        }
        let next = json["next"]?.stringValue.flatMap { link in
            link.firstIndex(of: "?").map { String(link[link.index(after: $0)...].prefix { $0 != "#" }) }
        }
        self.init(
            count: json["count"]?.integerValue.map(Int.init), entries: entries, nextQuery: next, serverTime: serverTime)
    }
}
