public import Orders

/// What the ERP has sent out for one order so far.
public struct SinkShipments: Sendable, Equatable {
    /// Oldest first. A shipment that was told once is told again unchanged, for as long as anybody asks.
    public var shipments: [SinkShipment]
    /// ``OrderLine/key`` of lines of which nothing further will be sent out: delivered, or given up in the ERP.
    public var closedLines: [String]
    /// Whether the ERP's order was cancelled since, as far as the ERP tells it here.
    public var isCancelled: Bool

    public init(shipments: [SinkShipment] = [], closedLines: [String] = [], isCancelled: Bool = false) {
        self.shipments = shipments
        self.closedLines = closedLines
        self.isCancelled = isCancelled
    }
}

/// Goods that left the house together, as far as they belong to one order.
public struct SinkShipment: Sendable, Equatable {
    /// The ERP's own name for it, which never changes and never names another one: the numbers of documents derive from it.
    public var id: String
    /// Whether it holds goods of other orders as well.
    public var isShared: Bool
    /// When it left, ISO 8601 with a zone: `2026-11-21T10:30:00+01:00`.
    public var shippedAt: String
    /// `YYYY-MM-DD`: when the goods are expected to arrive, where that is known.
    public var expectedDate: String?
    public var carrier: String?
    public var comment: String?
    public var packages: [SinkPackage]

    public init(
        id: String, isShared: Bool = false, shippedAt: String, expectedDate: String? = nil, carrier: String? = nil,
        comment: String? = nil, packages: [SinkPackage]
    ) {
        self.id = id
        self.isShared = isShared
        self.shippedAt = shippedAt
        self.expectedDate = expectedDate
        self.carrier = carrier
        self.comment = comment
        self.packages = packages
    }
}

/// One package of a shipment; goods that travel loose are in one without any marks.
public struct SinkPackage: Sendable, Equatable {
    public var trackingCode: String?
    /// An `http` or `https` address where the package can be followed.
    public var trackingAddress: String?
    /// The serial shipping container code (SSCC), 18 digits.
    public var containerCode: String?
    public var weightKilograms: ExactDecimal?
    public var lines: [SinkShippedLine]

    public init(
        trackingCode: String? = nil, trackingAddress: String? = nil, containerCode: String? = nil,
        weightKilograms: ExactDecimal? = nil, lines: [SinkShippedLine]
    ) {
        self.trackingCode = trackingCode
        self.trackingAddress = trackingAddress
        self.containerCode = containerCode
        self.weightKilograms = weightKilograms
        self.lines = lines
    }
}

/// What one package holds of one order line.
public struct SinkShippedLine: Sendable, Equatable {
    /// ``OrderLine/key`` of the pushed line.
    public var lineKey: String
    /// Above zero, in the unit that the line was sent in: ``SinkItem/unit`` of ``SinkOrder/item(for:)``.
    public var quantity: ExactDecimal

    public init(lineKey: String, quantity: ExactDecimal) {
        self.lineKey = lineKey
        self.quantity = quantity
    }
}

// MARK: The wire form

extension SinkShipments {
    /// `{"shipments": [{"id", "shared", "shipped_at", "expected_date", "carrier", "comment", "packages": [{"tracking_code",
    /// "tracking_url", "sscc", "weight_kg", "lines": [{"line", "quantity"}]}]}], "closed_lines": […], "cancelled"}`; members without a value
    /// are left out, decimals are text.
    public var json: JSONObject {
        var object = JSONObject([
            ("shipments", .array(shipments.map { .object($0.json) })), ("closed_lines", .array(closedLines.map { .text($0) })),
        ])
        if isCancelled { object.append("cancelled", .bool(true)) }
        return object
    }

    /// `nil` where the object has not the shape that ``json`` writes; members it doesn't know are passed over.
    public init?(json object: JSONObject) {
        guard let entries = object["shipments"]?.arrayValue else { return nil }
        self.init()
        for entry in entries {
            guard let shipment = entry.objectValue.flatMap(SinkShipment.init(json:)) else { return nil }
            shipments.append(shipment)
        }
        if let cancelled = object["cancelled"], !cancelled.isNull {
            guard let cancelled = cancelled.boolValue else { return nil }
            isCancelled = cancelled
        }
        guard let closed = object["closed_lines"], !closed.isNull else { return }
        guard let keys = closed.arrayValue?.map(\.stringValue), keys.allSatisfy({ $0 != nil }) else { return nil }
        closedLines = keys.compactMap(\.self)
    }
}

extension SinkShipment {
    public var json: JSONObject {
        var object = JSONObject([("id", .text(id))])
        if isShared { object.append("shared", .bool(true)) }
        object.append("shipped_at", .text(shippedAt))
        if let expectedDate { object.append("expected_date", .text(expectedDate)) }
        if let carrier { object.append("carrier", .text(carrier)) }
        if let comment { object.append("comment", .text(comment)) }
        object.append("packages", .array(packages.map { .object($0.json) }))
        return object
    }

    public init?(json object: JSONObject) {
        guard let id = object["id"]?.stringValue, !id.isEmpty, let packages = object["packages"]?.arrayValue,
            let shippedAt = object["shipped_at"]?.stringValue
        else { return nil }
        self.init(
            id: id, isShared: object["shared"]?.boolValue ?? false, shippedAt: shippedAt,
            expectedDate: object["expected_date"]?.stringValue, carrier: object["carrier"]?.stringValue,
            comment: object["comment"]?.stringValue, packages: [])
        for package in packages {
            guard let package = package.objectValue.flatMap(SinkPackage.init(json:)) else { return nil }
            self.packages.append(package)
        }
    }
}

extension SinkPackage {
    fileprivate var json: JSONObject {
        var object = JSONObject()
        if let trackingCode { object.append("tracking_code", .text(trackingCode)) }
        if let trackingAddress { object.append("tracking_url", .text(trackingAddress)) }
        if let containerCode { object.append("sscc", .text(containerCode)) }
        if let weightKilograms { object.append("weight_kg", .text(weightKilograms.spelling)) }
        object.append(
            "lines",
            .array(
                lines.map { .object(JSONObject([("line", .text($0.lineKey)), ("quantity", .text($0.quantity.spelling))])) }))
        return object
    }

    fileprivate init?(json object: JSONObject) {
        guard let lines = object["lines"]?.arrayValue else { return nil }
        self.init(
            trackingCode: object["tracking_code"]?.stringValue, trackingAddress: object["tracking_url"]?.stringValue,
            containerCode: object["sscc"]?.stringValue, lines: [])
        if let weight = object["weight_kg"], !weight.isNull {
            guard let kilograms = weight.exactDecimal else { return nil }
            weightKilograms = kilograms
        }
        for line in lines {
            guard let line = line.objectValue, let key = line["line"]?.stringValue, let quantity = line["quantity"]?.exactDecimal
            else { return nil }
            self.lines.append(SinkShippedLine(lineKey: key, quantity: quantity))
        }
    }
}
