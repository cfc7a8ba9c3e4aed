internal import HTTPTypes
import Orders

/// SAP Business One, Service Layer v1. Documented: log-in, `Orders` with `DocumentLines`, errors with a negative code, 401 for a lost session. General
/// knowledge, not confirmed: user-defined fields, `RemainingOpenQuantity`, `Cancelled`, how deliveries name their order, `ROUTEID`.
struct BusinessOneDialect: VendorDialect {
    let vendor = VendorERP.businessOne
    let keyField = "NumAtCard"
    let ordersSegment = "Orders"
    let linesName = "DocumentLines"

    private static let head: KeyValuePairs<String, VendorType> = [
        "CardCode": .text(charactersMax: 15), "DocDate": .date, "DocDueDate": .date, "NumAtCard": .text(charactersMax: 100),
        "DocCurrency": .text(charactersMax: 3), "Comments": .text(charactersMax: 254),
    ]
    private static let line: KeyValuePairs<String, VendorType> = [
        "ItemCode": .text(charactersMax: 50), "ItemDescription": .text(charactersMax: 200), "Quantity": .number(digitsMax: 19),
        "UnitPrice": .number(digitsMax: 19), "TaxCode": .text(charactersMax: 8), "WarehouseCode": .text(charactersMax: 8),
        "U_WebshopLine": .text(charactersMax: 50),
    ]

    func refusedAccess(_ request: SimulatedRequest, _ store: VendorStore) -> SimulatedResponse? {
        if request.path.hasSuffix("/Login") { return nil }
        let cookies = (request.headers[.cookie] ?? "").split(separator: ";").map { $0.filter { $0 != " " } }
        let session = cookies.first { $0.hasPrefix("B1SESSION=") }?.dropFirst(10)
        guard session.map({ store.sessions.contains(String($0)) }) == true, cookies.contains("ROUTEID=.node1") else {
            return Self.error(401, 301, "Invalid session or session already timeout.")
        }
        return nil
    }

    func answer(
        _ request: SimulatedRequest, _ segments: [String], _ store: inout VendorStore, at now: Int64
    ) throws(VendorRefusal) -> SurfaceAnswer {
        switch (request.method, segments.first ?? "", segments.count) {
        case ("POST", "Login", 1): return try login(request, &store)
        case ("POST", "Orders", 1): return try create(request, &store, at: now)
        case ("GET", "Orders", 1):
            return SurfaceAnswer(
                try list(request, store.orders.map { $0.json(linesName) }, ["NumAtCard", "CardCode", "DocNum", "DocEntry"]), .none
            )
        case ("GET", "DeliveryNotes", 1):
            return SurfaceAnswer(try list(request, store.shipments, ["NumAtCard", "CardCode", "DocNum", "DocEntry"]), .none)
        case ("GET", "Items", 1):
            let items = store.configuration.products.sorted().map { JSONObject([("ItemCode", .text($0))]) }
            return SurfaceAnswer(try list(request, items, ["ItemCode"]), .none)
        default: throw VendorRefusal(Self.error(404, -1000, "Unrecognized resource path."))
        }
    }

    private func login(_ request: SimulatedRequest, _ store: inout VendorStore) throws(VendorRefusal) -> SurfaceAnswer {
        let body = (try? request.parsedBody())?.objectValue ?? JSONObject()
        guard Set(body.members.map(\.name.value)) == ["CompanyDB", "UserName", "Password"],
            body["Password"]?.stringValue == store.configuration.secret
        else { throw VendorRefusal(Self.error(401, -304, "Fail to get DB Credentials from SLD")) }
        let session = store.openSession()
        var response = SimulatedResponse.json(
            200, ["SessionId": .text(session), "Version": "1000190", "SessionTimeout": 30])
        response.headers = [
            (.setCookie, "B1SESSION=\(session);HttpOnly;SameSite=None"), (.setCookie, "ROUTEID=.node1; path=/b1s"),
        ]
        return SurfaceAnswer(response, .none)
    }

    private func list(
        _ request: SimulatedRequest, _ rows: [JSONObject], _ fields: [String]
    ) throws(VendorRefusal) -> SimulatedResponse {
        guard let text = parameter("$filter", request), let filter = ODataFilter(text), filter.unknown(among: fields) == nil
        else {
            throw VendorRefusal(Self.error(400, -1000, "Query string error: Invalid filter."))
        }
        return .json(200, ["value": .array(rows.filter(filter.holds).prefix(20).map { .object($0) })])
    }

    private func create(
        _ request: SimulatedRequest, _ store: inout VendorStore, at now: Int64
    ) throws(VendorRefusal) -> SurfaceAnswer {
        guard let document = (try? request.parsedBody())?.objectValue else {
            throw VendorRefusal(Self.error(400, -1000, "Invalid JSON."))
        }
        let lines = document[linesName]?.arrayValue?.compactMap(\.objectValue) ?? []
        var faults = document.faults(Self.head, required: ["CardCode", "DocDueDate"], besides: [linesName])
        for line in lines { faults += line.faults(Self.line, required: ["ItemCode", "Quantity"]) }
        if lines.isEmpty { faults.append("No matching records found (ODBC -2028)") }
        if let fault = faults.first { throw VendorRefusal(Self.error(400, -1000, "Property \(fault) of 'Document' is invalid")) }
        for line in lines where !store.configuration.products.contains(line["ItemCode"]?.stringValue ?? "") {
            throw VendorRefusal(Self.error(400, -2028, "No matching records found  (ODBC -2028)"))
        }
        let place = store.orders.count + 1
        var head = JSONObject([("DocEntry", .integer(place + 500)), ("DocNum", .integer(place + 12_000))])
        for member in document.members where member.name.value != linesName { head[member.name.value] = member.value }
        head["Cancelled"] = "tNO"
        head["DocumentStatus"] = "bost_Open"
        let rows = lines.enumerated().map { index, line in
            var row = JSONObject([("LineNum", .integer(index))])
            for member in line.members { row[member.name.value] = member.value }
            row["RemainingOpenQuantity"] = line["Quantity"]
            row["LineStatus"] = "bost_Open"
            return row
        }
        let made = VendorOrder(
            number: String(place + 12_000), key: document[keyField]?.stringValue ?? "", createdUnixMicroseconds: now, head: head,
            lines: rows)
        store.orders.append(made)
        return SurfaceAnswer(.json(201, .object(made.json(linesName))), .applied)
    }

    func ship(_ number: String, line: Int64, quantity: String, _ store: inout VendorStore, at now: Int64) -> Bool {
        let order = booked(
            number, line: line, quantity: quantity, in: &store, lineNumber: "LineNum", delivered: nil,
            open: "RemainingOpenQuantity")
        guard let order, let own = order.lines.first(where: { $0["LineNum"]?.integerValue == line }) else { return false }
        let place = store.shipments.count + 1
        let item = { (entry: JSONValue, quantity: String) in
            JSONValue.object(
                JSONObject([
                    ("LineNum", 0), ("ItemCode", own["ItemCode"] ?? .null), ("Quantity", .number(JSONNumber(spelling: quantity))),
                    ("BaseType", 17), ("BaseEntry", entry), ("BaseLine", .integer(line)),
                ]))
        }
        // A delivery may hold lines of other orders as well.
        store.shipments.append(
            JSONObject([
                ("DocEntry", .integer(place + 900)), ("DocNum", .integer(place + 30_000)), ("NumAtCard", .text(order.key)),
                ("DocDate", .text(Self.day(now) + "T00:00:00Z")), ("TrackingNumber", .text("TRACK\(place)")),
                ("Cancelled", "tNO"),
                ("DocumentLines", [item(order.head["DocEntry"] ?? .null, quantity), item(1, "4")]),
            ]))
        return true
    }

    func audited(_ line: JSONObject) -> VendorLine {
        VendorLine(
            number: line["LineNum"]?.integerValue ?? 0, quantity: line["Quantity"]?.compactText ?? "",
            unitPrice: line["UnitPrice"]?.compactText, description: line["ItemDescription"]?.stringValue)
    }

    mutating func cancel(_ number: String, _ store: inout VendorStore) -> Bool {
        store.change(number) { $0.head["Cancelled"] = "tYES" } != nil
    }

    private static func error(_ status: Int, _ code: Int, _ message: String) -> SimulatedResponse {
        .json(status, ["error": ["code": .integer(code), "message": ["lang": "en-us", "value": .text(message)]]])
    }
}
