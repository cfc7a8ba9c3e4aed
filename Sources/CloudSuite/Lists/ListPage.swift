package import Orders

/// One page of the shop's order list (CloudSuite, "Orders GET - json").
package struct ListPage: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package var id: Int64
        package var reference: String?
        package var state: OrderState?
        package var erpOrderNumber: String?
        package var modifiedDate: String?

        package init(
            id: Int64, reference: String? = nil, state: OrderState? = nil, erpOrderNumber: String? = nil,
            modifiedDate: String? = nil
        ) {
            self.id = id
            self.reference = reference
            self.state = state
            self.erpOrderNumber = erpOrderNumber
            self.modifiedDate = modifiedDate
        }
    }

    /// How many orders the whole list has at this moment; `nil` where the shop doesn't say, or says something negative.
    package var count: Int?
    package var entries: [Entry]
    /// The query of the link to the following page, empty where that link has none; `nil` on the last page. Host and path of
    /// the link are never used.
    package var nextQuery: String?
    /// The server's clock when it answered.
    package var serverTime: Timestamp?

    package init(count: Int?, entries: [Entry], nextQuery: String?, serverTime: Timestamp? = nil) {
        self.count = count
        self.entries = entries
        self.nextQuery = nextQuery
        self.serverTime = serverTime
    }

    /// - Returns: `nil` where the object isn't a page, as when an error stands inside a 200, or where an entry has no id: no order
    ///   may be passed over in silence.
    package init?(json: JSONValue, serverTime: Timestamp?) {
        guard let results = json["results"]?.arrayValue else { return nil }
        var entries: [Entry] = []
        entries.reserveCapacity(results.count)
        for result in results {
            guard let object = result.objectValue, let id = object["id"]?.wholeNumber else { return nil }
            entries.append(
                Entry(
                    id: id, reference: object["reference"]?.plainText,
                    state: object["state"]?.stringValue.map(OrderState.init(rawValue:)),
                    erpOrderNumber: object["erp_order_number"]?.plainText, modifiedDate: object["modified_date"]?.stringValue))
        }
        self.init(
            count: json["count"]?.wholeNumber.flatMap { $0 < 0 ? nil : Int($0) }, entries: entries,
            nextQuery: Self.query(ofLink: json["next"]),
            serverTime: serverTime)
    }

    private static func query(ofLink link: JSONValue?) -> String? {
        guard let link = link?.stringValue, !link.isEmpty else { return nil }
        guard let mark = link.firstIndex(of: "?") else { return "" }
        return String(link[link.index(after: mark)...].prefix { $0 != "#" })
    }
}
