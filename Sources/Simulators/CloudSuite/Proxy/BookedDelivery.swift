package import Orders

/// A delivery message that the shop took.
package struct BookedDelivery: Sendable {
    /// `DesadvNumber`.
    package let number: String
    package let receivedUnixMicroseconds: Int64
    /// `TransportModeCode`.
    package let carrier: String
    /// `MeansOfTransport/Identification`.
    package let trackingCode: String
    /// In the message's order.
    package let items: [Item]

    /// What was booked on one order line.
    package struct Item: Sendable, Equatable {
        package let orderID: Int
        /// `OrderNum`, as sent.
        package let orderNumber: String
        package let lineID: Int?
        package let erpLineNumber: Int64
        package let sellerItemID: String
        package let quantity: ExactDecimal
    }

    package var json: JSONValue {
        [
            "number": .text(number), "received_unix_microseconds": .integer(receivedUnixMicroseconds),
            "carrier": .text(carrier), "tracking_code": .text(trackingCode),
            "items": .array(
                items.map { item in
                    [
                        "order": .integer(item.orderID), "order_number": .text(item.orderNumber),
                        "line": item.lineID.map { .integer($0) } ?? .null, "erp_line_number": .integer(item.erpLineNumber),
                        "product": .text(item.sellerItemID), "quantity": .text(item.quantity.spelling),
                    ]
                }),
        ]
    }
}

/// A document that told the shop the ERP's numbers, and what the shop made of it.
package struct TakenFeedback: Sendable {
    package let payloadID: String
    /// `OrderRequest` or `ConfirmationRequest`.
    package let kind: String
    package let orderID: Int
    package let erpOrderNumber: String
    /// By the shop's line id.
    package let erpLineNumbers: [Int: Int64]
    let digest: String

    package var json: JSONValue {
        let lines = erpLineNumbers.keys.sorted().map { (String($0), JSONValue.integer(erpLineNumbers[$0] ?? 0)) }
        return [
            "payload_id": .text(payloadID), "kind": .text(kind), "order": .integer(orderID),
            "erp_order_number": .text(erpOrderNumber), "erp_line_numbers": .object(JSONObject(lines)),
        ]
    }
}

/// A custom order status that the shop took.
package struct TakenOrderStatus: Sendable, Equatable {
    package let orderID: Int
    package let dateTime: String
    package let stateID: String?
    package let language: String
    package let text: String

    package var json: JSONValue {
        [
            "order": .integer(orderID), "dateTime": .text(dateTime), "stateId": .text(stateID),
            "state": ["lang": .text(language), "value": .text(text)],
        ]
    }
}
