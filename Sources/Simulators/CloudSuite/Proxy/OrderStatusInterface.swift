internal import Orders

/// `POST /proxy/v1/orderstatus/` (reference, section 7.1).
extension CloudSuiteSurface {
    mutating func takeStatus(_ request: SimulatedRequest) -> SurfaceAnswer {
        guard let object = (try? request.parsedBody())?.objectValue else {
            return SurfaceAnswer(.detail(400, "The body must be a JSON object."), .notApplied)
        }
        let errors = Self.errors(in: object)
        guard errors.isEmpty else { return SurfaceAnswer(.json(400, .object(JSONObject(errors))), .notApplied) }
        guard let id = statusOrder(object) else {
            return SurfaceAnswer(.detail(404, "There is no such order."), .notApplied)
        }
        orderStatuses.append(
            TakenOrderStatus(
                orderID: id, dateTime: object["dateTime"]?.stringValue ?? "", stateID: object["stateId"]?.stringValue,
                language: object["state"]?["lang"]?.stringValue ?? "", text: object["state"]?["value"]?.stringValue ?? ""))
        return SurfaceAnswer(.json(200, ["status": "ok"]), .applied)
    }

    /// Both ids must mean the same order where both are given.
    private func statusOrder(_ object: JSONObject) -> Int? {
        let byReference = object["CloudsuiteOrderId"]?.stringValue.map { orders.ids(reference: $0) }
        let byERP = object["orderId"]?.stringValue.map { orders.ids(erpOrderNumber: $0) }
        let found = byReference.map { references in references.filter { byERP?.contains($0) ?? true } } ?? byERP ?? []
        return found.count == 1 ? found[0] : nil
    }

    private static func errors(in object: JSONObject) -> [(String, JSONValue)] {
        let known = ["CloudsuiteOrderId", "orderId", "dateTime", "stateId", "state"]
        var errors = object.members.filter { !known.contains($0.name.value) }.map { ($0.name.value, "There is no such field.") }
        for name in ["CloudsuiteOrderId", "orderId", "stateId"] where object[name] != nil && !isText(object[name]) {
            errors.append((name, "Not a valid string."))
        }
        if object["CloudsuiteOrderId"] == nil, object["orderId"] == nil {
            errors.append(("CloudsuiteOrderId", "This field or orderId is required."))
        }
        let time = object["dateTime"]?.stringValue ?? ""
        // A zone may follow (RFC 3339, date-time); the page shows none.
        let clockFace = time.prefix { !["Z", "+"].contains($0) }
        if clockFace.utf8.count < 19 || NaiveDateTime(String(clockFace)) == nil {
            errors.append(("dateTime", "A date-time is required."))
        }
        if !isText(object["state"]?["lang"]) || !isText(object["state"]?["value"]) {
            errors.append(("state", "An object with lang and value is required."))
        }
        return errors.map { ($0.0, .array([.text($0.1)])) }
    }

    private static func isText(_ value: JSONValue?) -> Bool { value?.stringValue.map { !$0.isEmpty } ?? false }
}
