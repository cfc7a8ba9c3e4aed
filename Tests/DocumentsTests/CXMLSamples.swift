import Documents
import Orders
import Testing

/// cXML values to start from.
enum CXMLSamples {
    static func time(_ text: String = "2024-03-05T10:15:30+01:00") throws -> ZonedTime { try #require(ZonedTime(iso: text)) }

    static func envelope(version: String = "1.2.050") throws -> CXMLEnvelope {
        let us = CXMLCredential(domain: "NetworkId", identity: "AN00000000001")
        return CXMLEnvelope(
            payloadID: CXMLEnvelope.payloadID(kind: "confirmation", shop: "main", number: "48193", host: "connector.example"),
            timestamp: try time(), from: [us], to: [CXMLCredential(domain: "NetworkId", identity: "AN00000000002")], sender: [us],
            sharedSecret: CXMLSecret("not-a-real-secret"), isTest: true, version: version)
    }

    static let order = CXMLOrderReference(
        orderID: "PO-4712", orderDate: "2024-03-04T09:00:00+01:00", payloadID: "1709540000.7.2@shop.example")

    typealias Status = ConfirmationRequest.Status
    typealias Item = ConfirmationRequest.Item

    static func status(_ kind: Status.Kind, _ quantity: Int = 5) -> Status {
        Status(kind: kind, quantity: ExactDecimal(quantity), unit: "EA")
    }

    static func status(_ kind: Status.Kind, _ quantity: Int = 5, change: (inout Status) throws -> Void) rethrows -> Status {
        var status = status(kind, quantity)
        try change(&status)
        return status
    }

    static func item(_ line: Int64, _ statuses: [Status]) -> Item {
        let quantity = ExactDecimal.zero
        let sum = statuses.reduce(quantity) { $0.adding($1.quantity) ?? $0 }
        return Item(lineNumber: line, quantity: sum, unit: "EA", statuses: statuses)
    }

    static func confirmation(_ kind: ConfirmationRequest.Kind, _ items: [Item] = []) throws -> ConfirmationRequest {
        ConfirmationRequest(kind: kind, confirmID: "CONF-2", noticeTime: try time(), order: order, items: items)
    }

    static func replacement(_ quantity: Int = 5) -> ConfirmationRequest.Replacement {
        ConfirmationRequest.Replacement(
            quantity: ExactDecimal(quantity), supplierPartID: "ALT-0002", unitPrice: CXMLMoney(ExactDecimal(12), "EUR"),
            description: "Substitute article", unit: "EA", classificationDomain: "UNSPSC", classification: "31160000")
    }

    static func charge(_ amount: Int) -> CXMLCharge {
        CXMLCharge(money: CXMLMoney(ExactDecimal(amount), "EUR"), description: "Parcel, insured & tracked")
    }

    static func shipNotice() throws -> ShipNoticeRequest {
        var notice = ShipNoticeRequest(shipmentID: "SHP-77", noticeTime: try time("2024-03-06T16:00:00+01:00"))
        notice.shipmentTime = try time("2024-03-06T15:30:00+01:00")
        notice.deliveryTime = try time("2024-03-08T12:00:00+01:00")
        notice.fulfilment = .partial
        notice.serviceLevels = [ShipNoticeRequest.ServiceLevel(language: "en", text: "standard")]
        notice.controls = [control("Example Parcel", "JD0001")]
        var item = ShipNoticeRequest.Item(lineNumber: 1, quantity: ExactDecimal(6), unit: "EA")
        item.supplierPartID = "ART-0001"
        item.packages = [
            ShipNoticeRequest.Packaging(code: "CT", grossWeightKilograms: ExactDecimal(3), containerCode: "340123450000000017")
        ]
        item.batches = [ShipNoticeRequest.Batch(supplierBatchID: "LOT-9", expirationTime: try time("2025-01-01T00:00:00+01:00"))]
        notice.portions = [ShipNoticeRequest.Portion(order: order, items: [item])]
        return notice
    }

    static func control(_ carrier: String, _ code: String) -> ShipNoticeRequest.Control {
        ShipNoticeRequest.Control(
            carriers: [ShipNoticeRequest.Identifier(domain: "companyName", text: carrier)],
            trackingCodes: [ShipNoticeRequest.TrackingCode(code, address: "https://carrier.example/t/\(code)?a=1&b=2")])
    }

    /// The faults that rendering a document finds.
    static func faults(_ render: () throws -> [UInt8]) throws -> [String] {
        do {
            _ = try render()
            return []
        } catch let faults as DocumentFaults {
            return faults.faults.map(\.description)
        }
    }
}
