import Orders

/// What became of an order's goods.
extension ERPOrder {
    /// The lines that were taken, and what is left to be sent of each; none of those that are closed.
    package var openLines: [ERPShipment.Content] {
        lines.compactMap { line in
            guard let number = line["number"]?.integerValue, !closedLineNumbers.contains(number), isTaken(line),
                // In the ERP's own unit, where the line says so.
                let ordered = (line["erp"]?["quantity"] ?? line["quantity"]).flatMap(ExactDecimal.init(erp:))
            else { return nil }
            let sent = shipments.flatMap(\.packages).flatMap(\.contents).filter { $0.lineNumber == number }
            guard let left = sent.reduce(ordered, { $0?.subtracting($1.quantity) }), !left.isZero, !left.isNegative else {
                return nil
            }
            return ERPShipment.Content(lineNumber: number, quantity: left)
        }
    }

    /// `{"shipments": […], "closed_lines": […], "cancelled": true}`, the last where it is so, a line named as it was posted: by its `line`, else by its `line_id`.
    var shippingJSON: JSONValue {
        let open = openLines.map(\.lineNumber)
        let closed = lines.compactMap { $0["number"]?.integerValue }.filter { !open.contains($0) }
        var object = JSONObject([
            ("shipments", .array(shipments.map { $0.json(key: lineKey) })),
            ("closed_lines", .array(closed.map { .text(lineKey($0)) })),
        ])
        if isCancelled { object.append("cancelled", true) }
        return .object(object)
    }

    var isCancelled: Bool { state == "cancelled" }

    private func isTaken(_ line: JSONValue) -> Bool { line["status"]?.stringValue != "rejected" }

    private func lineKey(_ number: Int64) -> String {
        let line = lines.first { $0["number"]?.integerValue == number }
        return line?["line"]?.stringValue ?? line?["line_id"].flatMap { $0.stringValue ?? $0.compactText } ?? ""
    }
}

extension ERPSurface {
    /// Sends goods out. - Throws: ``DocumentFaults`` with everything that is wrong.
    mutating func ship(_ number: String, _ request: JSONObject, at now: Int64) throws(DocumentFaults) -> ERPShipment {
        var faults = DocumentFaults(faults: [])
        guard let position = position(of: number) else {
            faults.add("", "there is no order \(number)")
            throw faults
        }
        if orders[position].isCancelled {
            faults.add("", "order \(number) is cancelled")
            throw faults
        }
        let draft = try ERPShipmentDraft(
            request, open: orders[position].openLines, id: "SH-" + NaiveDateTime.padded(shipmentCount + 1, 6),
            shippedAt: Self.instant(now))
        let shipment = draft.shipment
        let others = orders.flatMap(\.shipments).filter { $0.id == shipment.id }
        if orders[position].shipments.contains(where: { $0.id == shipment.id }) || !others.allSatisfy(\.isShared)
            || !others.isEmpty && !shipment.isShared
        {
            faults.add("id", "there is a shipment \(shipment.id); several orders' goods are in one only if each says 'shared'")
            throw faults
        }
        if !draft.isNamed { shipmentCount += 1 }
        orders[position].shipments.append(shipment)
        return shipment
    }

    /// Sends nothing further of these lines, or of any. - Returns: `nil` where there is no such order or line.
    mutating func closeLines(_ number: String, _ lines: [Int64]?) -> ERPOrder? {
        guard let position = position(of: number) else { return nil }
        let known = orders[position].lines.compactMap { $0["number"]?.integerValue }
        let closed = lines ?? known
        guard closed.allSatisfy(known.contains) else { return nil }
        orders[position].closedLineNumbers.formUnion(closed)
        return orders[position]
    }

    /// `GET /orders/{number}/shipments`, also by the external reference.
    mutating func shipments(_ name: String, at now: Int64) -> SimulatedResponse? {
        guard let position = position(of: name) ?? self.position(ofReference: name) else { return nil }
        sendWhatIsDue(position, at: now)
        return .json(200, orders[position].shippingJSON)
    }

    /// What the automatic shipper has sent by now.
    private mutating func sendWhatIsDue(_ position: Int, at now: Int64) {
        guard let shipper = configuration.shipper, !orders[position].isCancelled else { return }
        let sent = orders[position].shipments.count
        let plan = shipper.plan(for: orders[position], position: position, seed: configuration.seed)
        for shipment in plan.shipments.prefix(while: { $0.dueUnixMicroseconds <= now }).dropFirst(sent) {
            orders[position].shipments.append(shipment.shipment)
        }
        if orders[position].shipments.count == plan.shipments.count, plan.closesRest {
            orders[position].closedLineNumbers.formUnion(orders[position].openLines.map(\.lineNumber))
        }
    }

    /// The second that the instant lies in.
    static func instant(_ unixMicroseconds: Int64) -> String {
        NaiveDateTime(microseconds: unixMicroseconds.flooredQuotient(by: 1_000_000) * 1_000_000).text + "Z"
    }

    /// `POST orders/{number}/ship`, `POST orders/{number}/close`.
    mutating func shippingControl(_ number: String, _ action: String, _ request: SimulatedRequest, at now: Int64)
        -> SimulatedResponse?
    {
        guard let object = request.controlObject else { return .detail(400, "The body must be a JSON object.") }
        switch action {
        case "ship":
            do throws(DocumentFaults) {
                let shipment = try ship(number, object, at: now)
                return .json(201, ["id": .text(shipment.id)])
            } catch { return .json(position(of: number) == nil ? 404 : 409, error.json) }
        case "close":
            let lines = object["lines"]?.arrayValue?.compactMap(\.integerValue)
            return closeLines(number, lines).map { .json(200, $0.shippingJSON) }
                ?? .detail(404, "There is no such order or line.")
        default: return nil
        }
    }
}
