import OrderFlow
import Orders
package import Transport

/// The webshop's order API. Every call is one request, apart from what the endpoint repeats safely.
///
/// Paths and verbs: CloudSuite, "Usage Info", "Orders GET - json", "Order JSON orderflow - states". Status codes and answers to writes
/// aren't documented, so nothing is taken for done that an answer or a new read doesn't show. All paths end in a slash, as the
/// documented writes do: an API of this kind redirects or refuses those without (inferred).
package struct CloudSuiteClient: Sendable {
    package struct Settings: Sendable {
        package var clock: ShopClock
        /// How many orders a page is asked for, at least 2; the shop's maximum isn't documented.
        package var pageLimit: Int
        /// The member with the order's total without tax; none is documented.
        package var totalField: String?
        /// Members the shop changes by itself on every write.
        package var volatileFields: [String]

        package init(
            clock: ShopClock, pageLimit: Int = 50, totalField: String? = nil, volatileFields: [String] = ["modified_date"]
        ) {
            self.clock = clock
            self.pageLimit = max(2, pageLimit)
            self.totalField = totalField
            self.volatileFields = volatileFields
        }
    }

    package let endpoint: Endpoint
    package let settings: Settings
    private let timekeeper: any Timekeeper

    package init(endpoint: Endpoint, settings: Settings, timekeeper: any Timekeeper) {
        self.endpoint = endpoint
        self.settings = settings
        self.timekeeper = timekeeper
    }

    var now: Timestamp { Timestamp(milliseconds: timekeeper.millisecondsSince1970) }

    static let json = "application/json"

    // MARK: Lists

    /// One page of the list.
    package func page(_ query: OrderQuery, offset: Int, limit: Int? = nil) async throws(ShopError) -> ListPage {
        var items = query.items(settings.clock)
        items.append(("limit", String(limit ?? settings.pageLimit)))
        if offset > 0 { items.append(("offset", String(offset))) }
        return try await page(rawQuery: PercentEncoding.query(items))
    }

    /// The page whose link had this query; only the query of a link is ever used, never its host.
    package func page(rawQuery query: String) async throws(ShopError) -> ListPage {
        let call = EndpointCall(.get, "/api/order/", query: query, accepts: Self.json)
        let response = try await read(call)
        let serverTime = response.dateMillisecondsSince1970.map(Timestamp.init(milliseconds:))
        let json = try parsed(response, call)
        guard let page = ListPage(json: json, serverTime: serverTime) else {
            throw ShopError(
                .transient,
                "\(call.title) was answered with 200, but not with a list of orders that have ids\(ShopError.detail(json))")
        }
        return page
    }

    /// The orders with that reference: one per webshop, or several.
    ///
    /// - Parameter isOffline: only those placed elsewhere, or only the others; `nil`: both.
    package func orders(
        reference: String, webshop: Int64? = nil, isOffline: Bool? = nil
    ) async throws(ShopError) -> [ListPage.Entry] {
        var query = OrderQuery()
        query.reference = reference
        query.isOffline = isOffline
        query.webshop = webshop
        var walk = ListWalk()
        var step = walk.first
        var found: [ListPage.Entry] = []
        for _ in 0..<Self.referencePagesMax {
            let page: ListPage
            switch step {
            case .fetch(let offset): page = try await self.page(query, offset: offset)
            case .follow(let rawQuery): page = try await self.page(rawQuery: rawQuery)
            case .end: return found
            }
            let (next, new) = walk.received(page)
            found += new.filter { $0.reference == reference }
            step = next
        }
        if case .end = step { return found }
        throw ShopError(.misconfigured, "the shop's list of orders isn't narrowed by reference, so none can be found by it")
    }

    /// Far more than one reference fills, however many webshops have it.
    private static let referencePagesMax = 20

    // MARK: Single orders

    /// The order by the shop's numeric id.
    ///
    /// - Parameter earlier: the last read of the same order, if there was one: only what differs from it needs decoding.
    package func order(_ id: Int64, after earlier: ShopOrder? = nil) async throws(ShopError) -> ShopOrder {
        try await order(path: "/api/order/\(id)/", expectedID: id, after: earlier)
    }

    /// The order by the key another system gave it (`ext:`); any key will do, it is percent-encoded.
    package func order(externalKey key: String) async throws(ShopError) -> ShopOrder {
        try await order(path: "/api/order/ext:\(PercentEncoding.encode(key))/", expectedID: nil)
    }

    private func order(path: String, expectedID: Int64?, after earlier: ShopOrder? = nil) async throws(ShopError) -> ShopOrder {
        let beganAt = now
        let call = EndpointCall(.get, path, accepts: Self.json)
        let response = try await read(call)
        let json = try parsed(response, call, like: earlier?.json)
        guard let order = shopOrder(json, beganAt: beganAt, expectedID: expectedID, after: earlier) else {
            throw ShopError(.transient, "\(call.title) was answered with 200, but not with an order\(ShopError.detail(json))")
        }
        return order
    }

    private func read(_ call: EndpointCall) async throws(ShopError) -> HTTPResponse {
        let response: HTTPResponse
        do throws(EndpointError) {
            response = try await endpoint.send(call)
        } catch {
            throw ShopError(error, writes: false)
        }
        guard response.status == 200 else { throw ShopError(response, to: call.title, writes: false) }
        return response
    }

    private func parsed(
        _ response: HTTPResponse, _ call: EndpointCall, like earlier: JSONObject? = nil
    ) throws(ShopError) -> JSONValue {
        do throws(JSONParseError) {
            return try JSONText.parse(response.body, like: earlier)
        } catch {
            let kind = response.headers["Content-Type"].map { " (\($0.prefix(40)))" } ?? ""
            throw ShopError(.transient, "\(call.title) was answered with 200, but not with JSON\(kind): \(error)")
        }
    }

    /// `nil` where the answer is something else than an order.
    func shopOrder(_ json: JSONValue, beganAt: Timestamp, expectedID: Int64?, after earlier: ShopOrder? = nil) -> ShopOrder? {
        guard let object = json.objectValue, object["state"] != nil || object["order_lines"] != nil else { return nil }
        if let earlier, let order = ShopOrder(object, after: earlier, beganAt: beganAt) { return order }
        return ShopOrder(
            object, beganAt: beganAt, expectedID: expectedID, clock: settings.clock, totalField: settings.totalField)
    }
}
