package import Orders

/// Goods of one order that left the simulated ERP's house together.
package struct ERPShipment: Sendable, Equatable {
    package var id: String
    /// Whether other orders' goods are in it too; only then may several orders have shipments of one id.
    package var isShared = false
    /// ISO 8601, in UTC.
    package var shippedAt: String
    package var expectedDate: String?
    package var carrier: String?
    package var comment: String?
    package var packages: [Package]

    package struct Package: Sendable, Equatable {
        package var trackingCode: String?
        package var trackingURL: String?
        package var sscc: String?
        package var weightKilograms: ExactDecimal?
        package var contents: [Content]
    }

    /// So much of one line.
    package struct Content: Sendable, Equatable {
        package var lineNumber: Int64
        package var quantity: ExactDecimal
    }

    /// - Parameter key: what the order was posted with as a line's name, by the line's number.
    func json(key: (Int64) -> String) -> JSONValue {
        var object = JSONObject([("id", .text(id))])
        if isShared { object.append("shared", true) }
        object.append("shipped_at", .text(shippedAt))
        if let expectedDate { object.append("expected_date", .text(expectedDate)) }
        if let carrier { object.append("carrier", .text(carrier)) }
        if let comment { object.append("comment", .text(comment)) }
        object.append("packages", .array(packages.map { $0.json(key: key) }))
        return .object(object)
    }
}

extension ERPShipment.Package {
    fileprivate func json(key: (Int64) -> String) -> JSONValue {
        var object = JSONObject()
        if let trackingCode { object.append("tracking_code", .text(trackingCode)) }
        if let trackingURL { object.append("tracking_url", .text(trackingURL)) }
        if let sscc { object.append("sscc", .text(sscc)) }
        if let weightKilograms { object.append("weight_kg", .text(weightKilograms.spelling)) }
        let lines = contents.map { ["line": .text(key($0.lineNumber)), "quantity": .text($0.quantity.spelling)] as JSONValue }
        object.append("lines", .array(lines))
        return .object(object)
    }
}

/// A request to send something out, as the control interface takes it; all of it optional:
///
///     {"id": "SH-000007", "shared": true, "shipped_at": "2026-11-21T10:30:00+01:00", "expected_date": "2026-11-22", "carrier": "DHL",
///      "comment": "…", "packages": [{"tracking_code": "…", "tracking_url": "…", "sscc": "…", "weight_kg": "2.5",
///                                    "lines": [{"number": 10, "quantity": "2"}]}]}
///
/// `lines` beside `packages` is short for one package; a line without a quantity is all that is left of it, and without lines
/// everything that is left goes out. So `{}` sends the order whole.
struct ERPShipmentDraft {
    var shipment: ERPShipment
    /// Whether the request named an id.
    let isNamed: Bool

    /// - Parameter open: what is left of each line, by its number, in the order's sequence.
    /// - Throws: ``DocumentFaults`` with everything that is wrong.
    init(_ object: JSONObject, open: [ERPShipment.Content], id: String, shippedAt: String) throws(DocumentFaults) {
        var faults = DocumentFaults(faults: [])
        let text = { (name: String, faults: inout DocumentFaults) -> String? in
            guard let value = object[name], !value.isNull else { return nil }
            if let text = value.stringValue, !text.isEmpty { return text }
            faults.add(name, "a string that isn't empty is wanted")
            return nil
        }
        let named = text("id", &faults)
        isNamed = named != nil
        shipment = ERPShipment(id: named ?? id, shippedAt: text("shipped_at", &faults) ?? shippedAt, packages: [])
        shipment.isShared = object["shared"]?.boolValue ?? false
        shipment.expectedDate = text("expected_date", &faults)
        shipment.carrier = text("carrier", &faults)
        shipment.comment = text("comment", &faults)
        let packages = object["packages"]?.arrayValue ?? [.object(JSONObject(object.members.map { ($0.name.value, $0.value) }))]
        for (index, package) in packages.enumerated() {
            let path = object["packages"] == nil ? "" : "packages[\(index)]."
            let contents = Self.contents(package["lines"], open, path + "lines", &faults)
            shipment.packages.append(
                ERPShipment.Package(
                    trackingCode: package["tracking_code"]?.stringValue, trackingURL: package["tracking_url"]?.stringValue,
                    sscc: package["sscc"]?.stringValue, weightKilograms: package["weight_kg"].flatMap(ExactDecimal.init(erp:)),
                    contents: contents))
        }
        Self.refuseExcess(in: shipment, open, &faults)
        guard faults.faults.isEmpty else { throw faults }
    }

    private static func contents(
        _ lines: JSONValue?, _ open: [ERPShipment.Content], _ path: String, _ faults: inout DocumentFaults
    ) -> [ERPShipment.Content] {
        guard let lines else { return open }
        var contents: [ERPShipment.Content] = []
        for (index, line) in (lines.arrayValue ?? []).enumerated() {
            guard let left = open.first(where: { $0.lineNumber == line["number"]?.integerValue }) else {
                faults.add("\(path)[\(index)].number", "there is no open line of that number")
                continue
            }
            let quantity = line["quantity"].map(ExactDecimal.init(erp:)) ?? left.quantity
            guard let quantity, !quantity.isZero, !quantity.isNegative else {
                faults.add("\(path)[\(index)].quantity", "a decimal above zero is wanted")
                continue
            }
            contents.append(ERPShipment.Content(lineNumber: left.lineNumber, quantity: quantity))
        }
        return contents
    }

    private static func refuseExcess(in shipment: ERPShipment, _ open: [ERPShipment.Content], _ faults: inout DocumentFaults) {
        let contents = shipment.packages.flatMap(\.contents)
        if contents.isEmpty { faults.add("lines", "there is nothing to send") }
        for line in open {
            let sent = contents.filter { $0.lineNumber == line.lineNumber }.map(\.quantity)
            guard let left = sent.reduce(line.quantity, { $0?.subtracting($1) }), !left.isNegative else {
                faults.add("lines", "of line \(line.lineNumber) only \(line.quantity) is left")
                continue
            }
        }
    }
}

extension ExactDecimal {
    /// A JSON number, or a string of one.
    init?(erp value: JSONValue) {
        let text: String? = if case .number(let number) = value { number.spelling } else { value.stringValue }
        guard let text, let decimal = try? ExactDecimal(text) else { return nil }
        self = decimal
    }
}
