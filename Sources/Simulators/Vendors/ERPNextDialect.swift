internal import HTTPTypes
import Orders

/// ERPNext 15 (frappe 15), as it was seen through a third party's copy: paths, states, the status of refusals, prices cut to 2 digits.
/// General knowledge, not confirmed: the words of a unique field's refusal, and that quantities below zero are refused.
struct ERPNextDialect: VendorDialect {
    let vendor = VendorERP.erpNext
    /// A custom field of Sales Order with `unique: 1`.
    let keyField = "webshop_order_id"
    let ordersSegment = "api/resource/Sales Order"
    let linesName = "items"

    private static let head: KeyValuePairs<String, VendorType> = [
        "customer": .text(charactersMax: 140), "company": .text(charactersMax: 140), "currency": .text(charactersMax: 140),
        "po_no": .text(charactersMax: 140), "po_date": .date, "transaction_date": .date, "delivery_date": .date,
        "webshop_order_id": .text(charactersMax: 140), "order_type": .text(charactersMax: 140),
    ]
    private static let line: KeyValuePairs<String, VendorType> = [
        "item_code": .text(charactersMax: 140), "qty": .number(digitsMax: 15), "rate": .number(digitsMax: 15),
        "delivery_date": .date, "warehouse": .text(charactersMax: 140), "uom": .text(charactersMax: 140),
        "description": .text(charactersMax: 1000), "webshop_line_id": .text(charactersMax: 140),
    ]

    func refusedAccess(_ request: SimulatedRequest, _ store: VendorStore) -> SimulatedResponse? {
        guard request.headers[.authorization] == "token simulated:\(store.configuration.secret)" else {
            return Self.error(401, "AuthenticationError")
        }
        return nil
    }

    func answer(
        _ request: SimulatedRequest, _ segments: [String], _ store: inout VendorStore, at now: Int64
    ) throws(VendorRefusal) -> SurfaceAnswer {
        guard segments.count >= 3, segments[0] == "api", segments[1] == "resource" else {
            throw VendorRefusal(Self.error(404, "DoesNotExistError"))
        }
        switch (request.method, segments[2], segments.count) {
        case ("POST", "Sales Order", 3): return try create(request, &store, at: now)
        case ("GET", "Sales Order", 3): return SurfaceAnswer(try names(request, store.orders.map(\.head)), .none)
        case ("GET", "Sales Order", 4):
            guard let order = store.orders.first(where: { $0.number == segments[3] }) else {
                throw VendorRefusal(Self.error(404, "DoesNotExistError"))
            }
            return SurfaceAnswer(.json(200, ["data": .object(order.json(linesName))]), .none)
        case ("PUT", "Sales Order", 4): return try submit(segments[3], request, &store)
        case ("GET", "Item", 4):
            guard store.configuration.products.contains(segments[3]) else {
                throw VendorRefusal(Self.error(404, "DoesNotExistError"))
            }
            return SurfaceAnswer(.json(200, ["data": ["name": .text(segments[3])]]), .none)
        case ("GET", "Delivery Note", 3): return SurfaceAnswer(try deliveryNotes(request, store), .none)
        case ("GET", "Delivery Note", 4):
            guard let note = store.shipments.first(where: { $0["name"]?.stringValue == segments[3] }) else {
                throw VendorRefusal(Self.error(404, "DoesNotExistError"))
            }
            return SurfaceAnswer(.json(200, ["data": .object(note)]), .none)
        default: throw VendorRefusal(Self.error(404, "DoesNotExistError"))
        }
    }

    // MARK: Lists

    private func filters(_ request: SimulatedRequest) throws(VendorRefusal) -> [[JSONValue]] {
        guard let text = parameter("filters", request), let filters = (try? JSONValue(parsing: text))?.arrayValue else {
            throw VendorRefusal(Self.error(417, "ValidationError"))
        }
        return filters.compactMap(\.arrayValue)
    }

    private func names(_ request: SimulatedRequest, _ rows: [JSONObject]) throws(VendorRefusal) -> SimulatedResponse {
        let filters = try filters(request)
        let fits = rows.filter { row in
            filters.allSatisfy { $0.count == 3 && $0[1] == "=" && row[$0[0].stringValue ?? ""] == $0[2] }
        }
        return try listed(request, fits)
    }

    /// Only the fields that are asked for; without any, names only.
    private func listed(_ request: SimulatedRequest, _ rows: [JSONObject]) throws(VendorRefusal) -> SimulatedResponse {
        let asked = parameter("fields", request).flatMap { try? JSONValue(parsing: $0) }?.arrayValue?.compactMap(\.stringValue)
        let data = rows.map { row in
            JSONValue.object(JSONObject((asked ?? ["name"]).map { ($0, row[$0] ?? .null) }))
        }
        return .json(200, ["data": .array(data)])
    }

    /// A filter on a child table shows the parent once for each of its rows.
    private func deliveryNotes(_ request: SimulatedRequest, _ store: VendorStore) throws(VendorRefusal) -> SimulatedResponse {
        let filters = try filters(request)
        guard let number = filters.first(where: { $0.count == 4 && $0[0] == "Delivery Note Item" })?[3] else {
            throw VendorRefusal(Self.error(417, "ValidationError"))
        }
        let rows = store.shipments.flatMap { note in
            (note["items"]?.arrayValue ?? []).filter { $0["against_sales_order"] == number }.map { _ in note }
        }
        return try listed(request, rows)
    }

    // MARK: Orders

    private func create(
        _ request: SimulatedRequest, _ store: inout VendorStore, at now: Int64
    ) throws(VendorRefusal) -> SurfaceAnswer {
        guard let document = (try? request.parsedBody())?.objectValue else {
            throw VendorRefusal(Self.error(417, "ValidationError"))
        }
        let lines = document[linesName]?.arrayValue?.compactMap(\.objectValue) ?? []
        var faults = document.faults(Self.head, required: ["customer", "delivery_date"], besides: [linesName])
        for line in lines { faults += line.faults(Self.line, required: ["item_code", "qty", "delivery_date"]) }
        // A missing field or a bad date is an error of the server's there.
        if !faults.isEmpty || lines.isEmpty { throw VendorRefusal(Self.error(500, "TypeError", faults.joined(separator: "; "))) }
        for line in lines {
            let item = line["item_code"]?.stringValue ?? ""
            guard store.configuration.products.contains(item) else {
                throw VendorRefusal(Self.error(404, "LinkValidationError", "Could not find <strong>Item: \(item)</strong>"))
            }
            guard let quantity = line["qty"].flatMap(ExactDecimal.init(erp:)), !quantity.isNegative, !quantity.isZero else {
                throw VendorRefusal(Self.error(417, "ValidationError", "Quantity of <b>\(item)</b> must be above zero"))
            }
        }
        let key = document[keyField]?.stringValue ?? ""
        guard !store.orders.contains(where: { $0.key == key }) else {
            throw VendorRefusal(Self.error(417, "UniqueValidationError", "<strong>Webshop Order Id</strong> must be unique"))
        }
        let made = made(document, lines, key, store.orders.count + 1, at: now)
        store.orders.append(made)
        return SurfaceAnswer(.json(200, ["data": .object(made.json(linesName))]), .applied)
    }

    private func made(
        _ document: JSONObject, _ lines: [JSONObject], _ key: String, _ place: Int, at now: Int64
    ) -> VendorOrder {
        let number = "SAL-ORD-2026-" + NaiveDateTime.padded(place, 5)
        var head = JSONObject([("name", .text(number)), ("docstatus", 0), ("status", "Draft")])
        for member in document.members where member.name.value != linesName { head[member.name.value] = member.value }
        let rows = lines.enumerated().map { index, line in
            var row = JSONObject([("name", .text("row\(place)x\(index)")), ("idx", .integer(index + 1)), ("delivered_qty", 0)])
            for member in line.members { row[member.name.value] = member.value }
            row["rate"] = row["rate"].map(Self.cut)
            return row
        }
        return VendorOrder(number: number, key: key, createdUnixMicroseconds: now, head: head, lines: rows)
    }

    /// Prices are rounded to 2 digits, half to even, before anything else is done with them.
    private static func cut(_ rate: JSONValue) -> JSONValue {
        guard let decimal = ExactDecimal(erp: rate), decimal.fractionDigits > 2 else { return rate }
        let parts = decimal.spelling.split(separator: ".")
        return .number(JSONNumber(spelling: "\(parts[0]).\(parts[1].prefix(2))"))
    }

    private func submit(
        _ number: String, _ request: SimulatedRequest, _ store: inout VendorStore
    ) throws(VendorRefusal) -> SurfaceAnswer {
        guard let order = store.orders.first(where: { $0.number == number }) else {
            throw VendorRefusal(Self.error(404, "DoesNotExistError"))
        }
        guard (try? request.parsedBody())?.objectValue == JSONObject([("docstatus", 1)]) else {
            throw VendorRefusal(Self.error(417, "ValidationError"))
        }
        guard order.head["docstatus"]?.integerValue != 2 else {
            throw VendorRefusal(Self.error(417, "ValidationError", "Cannot edit cancelled document"))
        }
        let submitted = store.change(number) { order in
            order.head["docstatus"] = 1
            order.head["status"] = "To Deliver and Bill"
        }
        return SurfaceAnswer(.json(200, ["data": .object((submitted ?? order).json(linesName))]), .applied)
    }

    func ship(_ number: String, line: Int64, quantity: String, _ store: inout VendorStore, at now: Int64) -> Bool {
        let order = booked(
            number, line: line, quantity: quantity, in: &store, lineNumber: "idx", delivered: "delivered_qty",
            open: nil)
        guard let order, let row = order.lines.first(where: { $0["idx"]?.integerValue == line }) else { return false }
        let item = { (quantity: JSONValue) in
            JSONValue.object(
                JSONObject([
                    ("item_code", row["item_code"] ?? .null), ("qty", quantity), ("so_detail", row["name"] ?? .null),
                    ("against_sales_order", .text(number)),
                ]))
        }
        let name = "MAT-DN-2026-" + NaiveDateTime.padded(store.shipments.count + 1, 5)
        // Two rows of one line, as after picking from two batches; one of them moves nothing.
        store.shipments.append(
            JSONObject([
                ("name", .text(name)), ("docstatus", 1), ("posting_date", .text(Self.day(now))),
                ("items", [item(.number(JSONNumber(spelling: quantity))), item(0)]),
            ]))
        let draft = JSONObject([
            ("name", .text(name + "-DRAFT")), ("docstatus", 0), ("posting_date", .text(Self.day(now))), ("items", [item(1)]),
        ])
        store.shipments.append(draft)
        return true
    }

    func audited(_ line: JSONObject) -> VendorLine {
        VendorLine(
            number: line["idx"]?.integerValue ?? 0, quantity: line["qty"]?.compactText ?? "",
            unitPrice: line["rate"]?.compactText,
            description: line["description"]?.stringValue)
    }

    mutating func cancel(_ number: String, _ store: inout VendorStore) -> Bool {
        store.change(number) { $0.head["docstatus"] = 2 } != nil
    }

    private static func error(_ status: Int, _ type: String, _ message: String = "") -> SimulatedResponse {
        .json(
            status,
            [
                "exc_type": .text(type), "exception": .text("frappe.exceptions.\(type): \(message)"),
                "exc": "[\"Traceback (most recent call last): …\"]",
            ])
    }
}
