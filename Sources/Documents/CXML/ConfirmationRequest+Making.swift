import Orders

/// How an order's confirmation is put into cXML.
package struct ConfirmationStyle: Sendable, Equatable {
    /// The extrinsic in the header that carries the ERP's order number; `nil` for none.
    package var erpOrderNumberName: String?
    /// The extrinsic in a line's first status that carries the ERP's line number; `nil` for none. Lines are then all named.
    package var erpLineNumberName: String?

    package init(erpOrderNumberName: String? = nil, erpLineNumberName: String? = nil) {
        self.erpOrderNumberName = erpOrderNumberName
        self.erpLineNumberName = erpLineNumberName
    }
}

extension ConfirmationRequest {
    /// The confirmation of one order: `accept` where all is as ordered, `reject` where nothing is, else `except`.
    package init(
        _ confirmation: OrderConfirmation, style: ConfirmationStyle = ConfirmationStyle(), operation: CXMLOperation = .new
    ) {
        let outcomes = confirmation.lines.flatMap { $0.parts.map(\.outcome) }
        let isRejected = !outcomes.isEmpty && outcomes.allSatisfy { $0 == .rejected }
        let isAccepted = outcomes.allSatisfy { $0 == .accepted }
        self.init(
            kind: isRejected ? .reject : isAccepted ? .accept : .except, confirmID: confirmation.number,
            noticeTime: confirmation.time, operation: operation, order: CXMLOrderReference(confirmation.order))
        comments = [confirmation.comment].compactMap(\.self)
        if let name = style.erpOrderNumberName { extrinsics = [CXMLExtrinsic(name, confirmation.order.erpNumber)] }
        guard !isRejected else {
            let reasons = confirmation.lines.flatMap { line in
                line.parts.compactMap { part in part.reason.map { "Line \(line.orderLineNumber): \($0)" } }
            }
            comments += reasons
            return
        }
        items = confirmation.lines.filter { $0.isWorthNaming || style.erpLineNumberName != nil }
            .map { Item($0, currency: confirmation.currency, style: style) }
    }
}

extension ConfirmedLine {
    /// Whether it says anything but that the line is accepted as it is.
    fileprivate var isWorthNaming: Bool {
        parts.count != 1 || parts.contains { $0.outcome != .accepted || $0.deliveryTime != nil || $0.reason != nil }
    }
}

extension ConfirmationRequest.Item {
    fileprivate init(_ line: ConfirmedLine, currency: String, style: ConfirmationStyle) {
        self.init(lineNumber: line.orderLineNumber, quantity: line.quantity, unit: line.unit, statuses: [])
        statuses = line.parts.map { ConfirmationRequest.Status($0, of: line, currency: currency) }
        if let name = style.erpLineNumberName, let number = line.erpLineNumber, !statuses.isEmpty {
            statuses[0].extrinsics = [CXMLExtrinsic(name, String(number))]
        }
    }
}

extension ConfirmationRequest.Status {
    fileprivate init(_ part: ConfirmedPart, of line: ConfirmedLine, currency: String) {
        self.init(kind: .accept, quantity: part.quantity, unit: line.unit)
        deliveryTime = part.deliveryTime
        comments = [part.reason].compactMap(\.self)
        switch part.outcome {
        // A status "detail" must say what is new; the confirmation as a whole is one with exceptions, and the comment says which.
        case .accepted, .changed: break
        case .repriced(let price):
            kind = .detail
            unitPrice = CXMLMoney(price, currency)
        case .backordered: kind = .backordered
        case .rejected:
            kind = .reject
            deliveryTime = nil
        }
    }
}
