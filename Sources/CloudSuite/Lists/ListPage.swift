package import Orders
import Transport

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
    /// The references of those without an id, which can't be asked for; an empty text where one has no reference either.
    package var withoutID: [String]
    /// The query of the link to the following page, empty where that link has none; `nil` on the last page. Host and path of
    /// the link are never used.
    package var nextQuery: String?
    /// Where that link leads, such as `https://shop.example`; `nil` where it doesn't say.
    package var nextOrigin: String?
    /// The server's clock when it answered.
    package var serverTime: Timestamp?

    package init(
        count: Int?, entries: [Entry], withoutID: [String] = [], nextQuery: String?, nextOrigin: String? = nil,
        serverTime: Timestamp? = nil
    ) {
        self.count = count
        self.entries = entries
        self.withoutID = withoutID
        self.nextOrigin = nextOrigin
        self.nextQuery = nextQuery
        self.serverTime = serverTime
    }

    /// - Returns: `nil` where the object isn't a page, as when an error stands inside a 200, or where no entry at all has an id or a reference.
    package init?(json: JSONValue, serverTime: Timestamp?) {
        guard let results = json["results"]?.arrayValue else { return nil }
        var entries: [Entry] = []
        entries.reserveCapacity(results.count)
        var withoutID: [String] = []
        for result in results {
            guard let object = result.objectValue else { return nil }
            guard let id = object["id"]?.wholeNumber else {
                withoutID.append(object["reference"]?.plainText ?? "")
                continue
            }
            entries.append(
                Entry(
                    id: id, reference: object["reference"]?.plainText,
                    state: object["state"]?.stringValue.map(OrderState.init(rawValue:)),
                    erpOrderNumber: object["erp_order_number"]?.plainText, modifiedDate: object["modified_date"]?.stringValue))
        }
        if entries.isEmpty, !withoutID.isEmpty, withoutID.allSatisfy(\.isEmpty) { return nil }
        self.init(
            count: json["count"]?.wholeNumber.flatMap { $0 < 0 ? nil : Int($0) }, entries: entries, withoutID: withoutID,
            nextQuery: Self.query(ofLink: json["next"]),
            nextOrigin: json["next"]?.stringValue.flatMap { link in (try? Origin(url: link))?.description },
            serverTime: serverTime)
    }

    private static func query(ofLink link: JSONValue?) -> String? {
        guard let link = link?.stringValue, !link.isEmpty else { return nil }
        guard let mark = link.firstIndex(of: "?") else { return "" }
        return String(link[link.index(after: mark)...].prefix { $0 != "#" })
    }
}
