internal import HTTPTypes
import Orders

/// Microsoft Business Central, API v2.0. Documented: the paths and members of `salesOrders`, `salesOrderLines` and `salesShipments`. General
/// knowledge, not confirmed: deep insert with `$expand` in the answer, `description2`, the words of `status` and of errors.
struct BusinessCentralDialect: VendorDialect {
    let vendor = VendorERP.businessCentral
    let keyField = "externalDocumentNumber"
    let ordersSegment = "salesOrders"
    let linesName = "salesOrderLines"

    private static let head: KeyValuePairs<String, VendorType> = [
        "externalDocumentNumber": .text(charactersMax: 35), "orderDate": .date, "requestedDeliveryDate": .date,
        "customerNumber": .text(charactersMax: 20), "currencyCode": .text(charactersMax: 10),
        "paymentTermsId": .text(charactersMax: 36), "phoneNumber": .text(charactersMax: 30), "email": .text(charactersMax: 80),
        "shipToName": .text(charactersMax: 100), "shipToAddressLine1": .text(charactersMax: 100),
        "shipToAddressLine2": .text(charactersMax: 50), "shipToCity": .text(charactersMax: 30),
        "shipToPostCode": .text(charactersMax: 20), "shipToCountry": .text(charactersMax: 10),
    ]
    private static let line: KeyValuePairs<String, VendorType> = [
        "sequence": .integer, "lineType": .text(charactersMax: 20), "lineObjectNumber": .text(charactersMax: 20),
        "description": .text(charactersMax: 100), "description2": .text(charactersMax: 50),
        "unitOfMeasureCode": .text(charactersMax: 10), "quantity": .number(digitsMax: 18), "unitPrice": .number(digitsMax: 18),
        "taxCode": .text(charactersMax: 20),
    ]

    func refusedAccess(_ request: SimulatedRequest, _ store: VendorStore) -> SimulatedResponse? {
        if request.path == "/tenant/oauth2/v2.0/token" { return nil }
        let session = request.headers[.authorization]?.split(separator: " ").last.map(String.init)
        guard request.headers[.authorization]?.hasPrefix("Bearer ") == true, session.map(store.sessions.contains) == true else {
            return Self.error(401, "Authentication_InvalidCredentials", "The server has rejected the client credentials.")
        }
        return nil
    }

    func answer(
        _ request: SimulatedRequest, _ segments: [String], _ store: inout VendorStore, at now: Int64
    ) throws(VendorRefusal) -> SurfaceAnswer {
        switch (request.method, segments.first ?? "") {
        case ("POST", "tenant"): return token(request, &store)
        case ("POST", "salesOrders"): return try create(request, &store, at: now)
        case ("GET", "salesOrders"):
            return SurfaceAnswer(
                try list(request, store.orders.map { shown($0, request) }, ["externalDocumentNumber", "number"]), .none)
        case ("GET", "salesInvoices"):
            return SurfaceAnswer(try list(request, store.invoices, ["externalDocumentNumber", "number", "orderNumber"]), .none)
        case ("GET", "salesShipments"):
            let shipments = store.shipments.map { shipment in
                var shipment = shipment
                if parameter("$expand", request) != "salesShipmentLines" { shipment["salesShipmentLines"] = nil }
                return shipment
            }
            return SurfaceAnswer(try list(request, shipments, ["externalDocumentNumber", "number", "orderNumber"]), .none)
        case ("GET", "items"):
            let items = store.configuration.products.sorted().map { JSONObject([("number", .text($0))]) }
            return SurfaceAnswer(try list(request, items, ["number"]), .none)
        default: throw VendorRefusal(Self.error(404, "BadRequest_NotFound", "Not found."))
        }
    }

    private func token(_ request: SimulatedRequest, _ store: inout VendorStore) -> SurfaceAnswer {
        let form = PercentEncoding.pairs(String(decoding: request.body, as: UTF8.self))
        let value = { (name: String) in form.first { $0.name == name }?.value }
        guard value("grant_type") == "client_credentials", value("client_secret") == store.configuration.secret,
            value("scope")?.hasSuffix("/.default") == true
        else { return SurfaceAnswer(.json(401, ["error": "invalid_client"]), .notApplied) }
        let token = store.openSession()
        return SurfaceAnswer(.json(200, ["token_type": "Bearer", "expires_in": 3599, "access_token": .text(token)]), .none)
    }

    private func shown(_ order: VendorOrder, _ request: SimulatedRequest) -> JSONObject {
        // Lines come only where they are asked for.
        parameter("$expand", request) == linesName ? order.json(linesName) : order.head
    }

    private func list(
        _ request: SimulatedRequest, _ rows: [JSONObject], _ fields: [String]
    ) throws(VendorRefusal) -> SimulatedResponse {
        guard let text = parameter("$filter", request), let filter = ODataFilter(text), filter.unknown(among: fields) == nil
        else {
            throw VendorRefusal(Self.error(400, "BadRequest", "Could not find a property or the filter can't be read."))
        }
        return .json(200, ["value": .array(rows.filter(filter.holds).map { .object($0) })])
    }

    private func create(
        _ request: SimulatedRequest, _ store: inout VendorStore, at now: Int64
    ) throws(VendorRefusal) -> SurfaceAnswer {
        guard request.mediaType == "application/json", let document = (try? request.parsedBody())?.objectValue else {
            throw VendorRefusal(Self.error(400, "BadRequest", "Cannot convert the payload."))
        }
        let lines = document[linesName]?.arrayValue?.compactMap(\.objectValue) ?? []
        var faults = document.faults(Self.head, required: ["customerNumber"], besides: [linesName])
        for line in lines { faults += line.faults(Self.line, required: ["lineType", "lineObjectNumber", "quantity"]) }
        if let fault = faults.first { throw VendorRefusal(Self.error(400, "BadRequest", fault)) }
        for line in lines {
            guard line["lineType"]?.stringValue == "Item" else {
                throw VendorRefusal(Self.error(400, "BadRequest", "'lineType' is not a member of the enumeration."))
            }
            let item = line["lineObjectNumber"]?.stringValue ?? ""
            guard store.configuration.products.contains(item) else {
                throw VendorRefusal(
                    Self.error(
                        400, "Internal_RecordNotFound",
                        "The field No. of table Sales Line contains a value (\(item)) that cannot be found."))
            }
        }
        let made = made(document, lines, store.orders.count + store.invoices.count + 1, at: now)
        store.orders.append(made)
        return SurfaceAnswer(.json(201, .object(shown(made, request))), .applied)
    }

    private func made(_ document: JSONObject, _ lines: [JSONObject], _ place: Int, at now: Int64) -> VendorOrder {
        let number = "S-ORD" + NaiveDateTime.padded(101_000 + place, 6)
        var head = JSONObject([("id", .text(Self.identifier(1, place))), ("number", .text(number))])
        for member in document.members where member.name.value != linesName { head[member.name.value] = member.value }
        head["status"] = "Draft"
        head["fullyShipped"] = false
        let shown = lines.enumerated().map { index, line in
            var shown = JSONObject([("id", .text(Self.identifier(1000 + place, index)))])
            for member in line.members { shown[member.name.value] = member.value }
            if shown["sequence"] == nil { shown["sequence"] = .integer((index + 1) * 10_000) }
            shown["shippedQuantity"] = 0
            return shown
        }
        return VendorOrder(
            number: number, key: document[keyField]?.stringValue ?? "", createdUnixMicroseconds: now, head: head, lines: shown)
    }

    func ship(_ number: String, line: Int64, quantity: String, _ store: inout VendorStore, at now: Int64) -> Bool {
        let order = booked(
            number, line: line, quantity: quantity, in: &store, lineNumber: "sequence",
            delivered: "shippedQuantity", open: nil)
        guard let order else { return false }
        let place = store.shipments.count + 1
        let own = order.lines.first { $0["sequence"]?.integerValue == line }
        var shipped = JSONObject([
            ("id", .text(Self.identifier(3000, place))), ("sequence", .integer(line)), ("lineType", "Item"),
            ("quantity", .number(JSONNumber(spelling: quantity))),
        ])
        for name in ["lineObjectNumber", "unitOfMeasureCode"] { shipped[name] = own?[name] }
        let comment = JSONObject([
            ("id", .text(Self.identifier(4000, place))), ("sequence", .integer(line + 1)), ("lineType", "Comment"),
            ("quantity", 0),
        ])
        store.shipments.append(
            JSONObject([
                ("id", .text(Self.identifier(2000, place))), ("number", .text("S-SHPT\(102_000 + place)")),
                ("externalDocumentNumber", .text(order.key)), ("orderNumber", .text(number)),
                ("postingDate", .text(Self.day(now))),
                ("salesShipmentLines", [.object(shipped), .object(comment)]),
            ]))
        return true
    }

    func audited(_ line: JSONObject) -> VendorLine {
        VendorLine(
            number: line["sequence"]?.integerValue ?? 0, quantity: line["quantity"]?.compactText ?? "",
            unitPrice: line["unitPrice"]?.compactText, description: line["description"]?.stringValue)
    }

    /// An order is deleted there; nothing says that it was cancelled.
    mutating func cancel(_ number: String, _ store: inout VendorStore) -> Bool {
        let count = store.orders.count
        store.orders.removeAll { $0.number == number }
        return store.orders.count < count
    }

    private static func identifier(_ kind: Int, _ place: Int) -> String {
        "\(NaiveDateTime.padded(kind, 8))-0000-4000-8000-\(NaiveDateTime.padded(place, 12))"
    }

    /// OData 4.01 JSON Format, 21.1.
    private static func error(_ status: Int, _ code: String, _ message: String) -> SimulatedResponse {
        .json(status, ["error": ["code": .text(code), "message": .text(message + "  CorrelationId:  00000000-0000.")]])
    }
}
