import OrderFlow
import Orders
import Transport

extension CloudSuiteClient {
    /// What a write brought.
    package struct Written: Sendable {
        /// The order as the shop has it after the write.
        package var order: ShopOrder
        /// Where the shop's order differs from the whole one that was sent, our own fields aside: somebody else wrote in the same
        /// moment. Empty after a PATCH, which carries nothing of anybody else's.
        package var foreignDifferences: [String]
    }

    /// Writes the edit, by PATCH where single fields will do and by PUT of the whole order where they won't, and reads the
    /// order again unless the answer was the whole order. Whether the shop took the edit, the order it returns shows.
    ///
    /// - Parameter read: the read the write relies on; a PUT sends it back with only the edit changed.
    ///   A write that can't be sent before that read is ``FlowPolicy/readAgeMax`` old isn't sent.
    /// - Throws: ``ShopError``. After any error the write may have taken effect unless its class is `outage`, `throttled`,
    ///   `unauthorized`, `misconfigured` or `rejected`; it is repeated only after a new read. `conflict`: the order was gone, and
    ///   the PUT made a new one, since a PUT to an id that isn't there creates it (CloudSuite, "Usage Info").
    package func write(_ edit: OrderEdit, to read: ShopOrder, id: Int64) async throws(ShopError) -> Written {
        let body = edit.needsWholeOrder ? edit.replacement(for: read.json) : edit.patch
        var call = EndpointCall(
            edit.needsWholeOrder ? .put : .patch, "/api/order/\(id)/", accepts: Self.json,
            headers: ["Content-Type": Self.json], body: JSONValue.object(body).serialized(), isRepeatable: false)
        let sentAt = now
        call.startLimit = FlowPolicy.readAgeMax - max(.zero, sentAt - read.reading.beganAt)
        let response: HTTPResponse
        do throws(EndpointError) {
            response = try await endpoint.send(call)
        } catch {
            throw ShopError(error, writes: true)
        }
        guard (200..<300).contains(response.status), response.status != 202 else {
            throw ShopError(response, to: call.title, writes: true)
        }
        guard response.status != 201 else {
            throw ShopError(
                .conflict, "\(call.title) was answered with 201: the order was gone, and the shop made a new one of it")
        }
        let answer = try? JSONText.parse(response.body, like: edit.needsWholeOrder ? body : read.json)
        if let object = answer?.objectValue, let order = ShopOrder(object, after: read, beganAt: sentAt) {
            return Written(order: order, foreignDifferences: [])
        }
        let order = try await whole(answer, sentAt: sentAt, like: read, id: id, call, status: response.status)
        let differences =
            edit.needsWholeOrder
            ? OrderComparison.foreignDifferences(sent: body, answered: order.json, volatile: settings.volatileFields) : []
        return Written(order: order, foreignDifferences: differences)
    }

    /// The order in the answer where that is the whole order, else a new read.
    private func whole(
        _ answer: JSONValue?, sentAt: Timestamp, like read: ShopOrder, id: Int64, _ call: EndpointCall, status: Int
    ) async throws(ShopError) -> ShopOrder {
        if let answer, let order = shopOrder(answer, beganAt: sentAt, expectedID: id), order.order != nil,
            Self.isWhole(order.json, like: read.json)
        {
            return order
        }
        do throws(ShopError) {
            return try await self.order(id, after: read)
        } catch {
            throw ShopError(
                .unknown,
                "\(call.title) was answered with \(status), and then the order couldn't be read: \(error.message)",
                retryAfter: error.retryAfter)
        }
    }

    /// An answer counts as a read only if it has every member that the order had, and every line with every member of it.
    private static func isWhole(_ answer: JSONObject, like read: JSONObject) -> Bool {
        guard hasMembers(of: read, answer) else { return false }
        let lines = read["order_lines"]?.arrayValue ?? [], answered = answer["order_lines"]?.arrayValue ?? []
        return lines.count == answered.count
            && zip(lines, answered).allSatisfy { line, answer in
                guard let line = line.objectValue else { return true }
                return answer.objectValue.map { hasMembers(of: line, $0) } ?? false
            }
    }

    private static func hasMembers(of object: JSONObject, _ other: JSONObject) -> Bool {
        object.members.allSatisfy { other[$0.name.value] != nil }
    }
}
