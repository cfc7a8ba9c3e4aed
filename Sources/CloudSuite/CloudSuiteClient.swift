import OrderFlow
import Orders
package import Transport

/// The webshop's order API. Every call is one request, apart from what the endpoint repeats safely.
///
/// Paths and verbs: CloudSuite, "Usage Info", "Orders GET - json", "Order JSON orderflow - states". Status codes and answers to writes
/// aren't documented, so nothing is taken for done that an answer or a new read doesn't show.
package struct CloudSuiteClient: Sendable {
    package struct Settings: Sendable {
        package var clock: ShopClock
        /// How many orders a page is asked for; the shop's maximum isn't documented.
        package var pageLimit: Int
        /// The member with the order's total without tax; none is documented.
        package var totalField: String?
        /// Members the shop changes by itself on every write.
        package var volatileFields: [String]

        package init(clock: ShopClock, pageLimit: Int = 50, totalField: String? = nil, volatileFields: [String] = ["modified_date"]) {
            self.clock = clock
            self.pageLimit = pageLimit
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

    private var now: Timestamp { Timestamp(milliseconds: timekeeper.millisecondsSince1970) }

    // MARK: Reading

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
        guard let json = try? JSONText.parse(response.body), let page = ListPage(json: json, serverTime: serverTime) else {
            throw ShopError(.transient, "\(call.title) was answered with 200, but not with a list of orders")
        }
        return page
    }

    /// The order by the shop's numeric id.
    package func order(_ id: Int64) async throws(ShopError) -> ShopOrder {
        try await order(path: "/api/order/\(id)/", expectedID: id)
    }

    /// The order by the key another system gave it (`ext:`); written without a slash at the end (documented).
    package func order(externalKey key: String) async throws(ShopError) -> ShopOrder {
        try await order(path: "/api/order/ext:\(PercentEncoding.encode(key))", expectedID: nil)
    }

    /// The orders with that reference: one per webshop, or several.
    package func orders(reference: String, webshop: Int64? = nil) async throws(ShopError) -> [ListPage.Entry] {
        var query = OrderQuery()
        query.reference = reference
        query.webshop = webshop
        let page = try await page(query, offset: 0)
        return page.entries.filter { $0.reference == reference }
    }

    private func order(path: String, expectedID: Int64?) async throws(ShopError) -> ShopOrder {
        let beganAt = now
        let call = EndpointCall(.get, path, accepts: Self.json)
        let response = try await read(call)
        guard let order = shopOrder(response, beganAt: beganAt, expectedID: expectedID) else {
            throw ShopError(.transient, "\(call.title) was answered with 200, but not with an order")
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

    /// The whole order in an answer; `nil` where the answer is something else.
    private func shopOrder(_ response: HTTPResponse, beganAt: Timestamp, expectedID: Int64?) -> ShopOrder? {
        guard let object = (try? JSONText.parse(response.body))?.objectValue,
            object["state"] != nil || object["order_lines"] != nil
        else { return nil }
        return ShopOrder(
            object, beganAt: beganAt, expectedID: expectedID, clock: settings.clock, totalField: settings.totalField)
    }

    // MARK: Writing

    /// What a write brought.
    package struct Written: Sendable {
        /// The order as the shop has it after the write.
        package var order: ShopOrder
        /// Where the shop's order differs from what was sent, our own fields aside: somebody else wrote in the same moment.
        package var foreignDifferences: [String]
    }

    /// Writes the edit, by PATCH where single fields will do and by PUT of the whole order where they won't, and reads the
    /// order again unless the answer was the whole order.
    ///
    /// - Parameter read: the read the write relies on; a PUT sends it back with only the edit changed.
    /// - Throws: ``ShopError``. After any error the write may have taken effect unless its class is `outage`, `throttled`,
    ///   `unauthorized`, `misconfigured` or `rejected`; it is repeated only after a new read.
    package func write(_ edit: OrderEdit, to read: ShopOrder, id: Int64) async throws(ShopError) -> Written {
        let body = edit.needsWholeOrder ? edit.replacement(for: read.json) : edit.patch
        let call = EndpointCall(
            edit.needsWholeOrder ? .put : .patch, "/api/order/\(id)/", accepts: Self.json,
            headers: ["Content-Type": Self.json], body: JSONValue.object(body).serialized(), isRepeatable: false)
        let sentAt = now
        let response: HTTPResponse
        do throws(EndpointError) {
            response = try await endpoint.send(call)
        } catch {
            throw ShopError(error, writes: true)
        }
        guard (200..<300).contains(response.status), response.status != 202 else {
            throw ShopError(response, to: call.title, writes: true)
        }
        let answered = shopOrder(response, beganAt: sentAt, expectedID: id).flatMap { Self.isWhole($0, like: read) ? $0 : nil }
        let order: ShopOrder
        if let answered { order = answered } else { order = try await self.order(id) }
        let expected = edit.needsWholeOrder ? body : nil
        let differences = expected.map {
            OrderComparison.differences(sent: $0, answered: order.json, volatile: settings.volatileFields)
        }
        return Written(order: order, foreignDifferences: differences ?? [])
    }

    /// An answer counts as a read only if it has every member that the order had.
    private static func isWhole(_ answer: ShopOrder, like read: ShopOrder) -> Bool {
        read.json.members.allSatisfy { answer.json[$0.name.value] != nil }
    }

    private static let json = "application/json"
}
