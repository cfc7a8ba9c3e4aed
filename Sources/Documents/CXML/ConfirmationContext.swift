package import Orders

/// What a confirmation is held against: the order it answers and the confirmations sent for it before.
package struct ConfirmationContext: Sendable, Equatable {
    /// The order as it came, where it came as a document.
    package var order: OrderedDocument?
    /// Confirmations the receiver has taken, oldest first.
    package var earlier: [Earlier]

    package init(order: OrderedDocument? = nil, earlier: [Earlier] = []) {
        self.order = order
        self.earlier = earlier
    }

    /// An order document.
    package struct OrderedDocument: Sendable, Equatable {
        package var reference: CXMLOrderReference
        package var total: CXMLMoney?
        package var shipping: CXMLMoney?
        package var tax: CXMLMoney?
        package var lines: [Line]

        package init(reference: CXMLOrderReference, lines: [Line]) {
            self.reference = reference
            self.lines = lines
        }

        package struct Line: Sendable, Equatable {
            package var lineNumber: Int64
            package var quantity: ExactDecimal
            package var unit: String
            package var unitPrice: CXMLMoney?
            package var requestedDelivery: ZonedTime?

            package init(lineNumber: Int64, quantity: ExactDecimal, unit: String) {
                self.lineNumber = lineNumber
                self.quantity = quantity
                self.unit = unit
            }
        }
    }

    /// A confirmation that was sent.
    package struct Earlier: Sendable, Equatable {
        package var payloadID: String
        package var confirmation: ConfirmationRequest

        package init(payloadID: String, confirmation: ConfirmationRequest) {
            self.payloadID = payloadID
            self.confirmation = confirmation
        }
    }

    /// Everything that the order and the earlier confirmations have against it. Source: comments in `Fulfill.dtd`.
    package func faults(in confirmation: ConfirmationRequest) -> [DocumentFault] {
        var faults = FaultList()
        faults.order = confirmation.order.name
        if let order { order.check(confirmation, &faults) }
        faults.line = nil
        switch confirmation.operation {
        case .new: checkNew(confirmation, &faults)
        case .update(let payloadID): checkUpdate(confirmation, payloadID, &faults)
        }
        return faults.faults
    }

    /// A new confirmation beside others: all detail or allDetail, each line in one of them. One accept, except or reject may follow
    /// them, or a backordered one, which makes them void, and only one.
    private func checkNew(_ confirmation: ConfirmationRequest, _ faults: inout FaultList) {
        let standing = latestVersions
        let isDetail = confirmation.kind == .detail || confirmation.kind == .allDetail
        let whole = standing.first {
            $0.confirmation.answersWhole || $0.confirmation.kind == .backordered && !confirmation.answersWhole
        }
        if let whole, isDetail || confirmation.answersWhole || confirmation.kind == .backordered {
            let kind = whole.confirmation.kind.rawValue
            faults.add(
                "ConfirmationHeader/@type",
                "the order was answered by a confirmation of type \(kind); only an update can change that")
        }
        if let confirmID = confirmation.confirmID, standing.contains(where: { $0.confirmation.confirmID == confirmID }) {
            faults.add("ConfirmationHeader/@confirmID", "'\(confirmID)' names an earlier confirmation; this one is new")
        }
        if confirmation.kind == .backordered, whole == nil, !standing.isEmpty {
            faults.add(
                "ConfirmationHeader/@type", "beside other confirmations there may only be those of type detail or allDetail")
        }
        guard isDetail else { return }
        checkLines(of: confirmation, against: standing, &faults)
    }

    private func checkUpdate(_ confirmation: ConfirmationRequest, _ payloadID: String, _ faults: inout FaultList) {
        let versions = earlier.filter { $0.confirmation.confirmID == confirmation.confirmID }
        guard let latest = versions.last, latest.payloadID == payloadID else {
            let message =
                versions.isEmpty
                ? "there is no earlier confirmation of this confirmID" : "an update names the latest version, not an earlier one"
            return faults.add("ConfirmationHeader/DocumentReference/@payloadID", message)
        }
        let others = latestVersions.filter { $0.confirmation.confirmID != confirmation.confirmID }
        checkLines(of: confirmation, against: others, &faults)
    }

    private func checkLines(of confirmation: ConfirmationRequest, against others: [Earlier], _ faults: inout FaultList) {
        let taken = others.flatMap { $0.confirmation.items.map(\.lineNumber) }
        for item in confirmation.items where taken.contains(item.lineNumber) {
            faults.line = item.lineNumber
            faults.add("ConfirmationItem/@lineNumber", "the line stands in another confirmation of the order")
        }
        faults.line = nil
    }

    /// Of each confirmation the version that counts. Those before an answer to the whole order are void.
    private var latestVersions: [Earlier] {
        let answer = earlier.lastIndex { $0.confirmation.answersWhole && $0.confirmation.operation == .new }
        let standing = earlier[(answer ?? 0)...]
        return standing.enumerated().filter { offset, one in
            !standing.dropFirst(offset + 1).contains { later in
                if case .update = later.confirmation.operation {
                    later.confirmation.confirmID == one.confirmation.confirmID
                } else {
                    false
                }
            }
        }.map(\.element)
    }
}

extension ConfirmationRequest {
    fileprivate var answersWhole: Bool { [.accept, .except, .reject].contains(kind) }
}

extension ConfirmationContext.OrderedDocument {
    fileprivate func check(_ confirmation: ConfirmationRequest, _ faults: inout FaultList) {
        let given = confirmation.order
        if let number = given.orderID, number != reference.orderID {
            faults.add("OrderReference/@orderID", "'\(number)' is not the order's spelling, '\(reference.orderID ?? "")'")
        }
        if let date = given.orderDate, date != reference.orderDate {
            faults.add("OrderReference/@orderDate", "'\(date)' is not the order's spelling, '\(reference.orderDate ?? "")'")
        }
        if given.payloadID != reference.payloadID {
            faults.add("OrderReference/DocumentReference/@payloadID", "not the payloadID of the order")
        }
        checkSums(of: confirmation, &faults)
        for item in confirmation.items {
            faults.line = item.lineNumber
            guard let line = lines.first(where: { $0.lineNumber == item.lineNumber }) else {
                faults.add("ConfirmationItem/@lineNumber", "the order has no such line")
                continue
            }
            check(item, line, &faults)
        }
    }

    /// Total, shipping and tax stand only where they differ, and a total differs only where a price or a quantity does.
    private func checkSums(of confirmation: ConfirmationRequest, _ faults: inout FaultList) {
        for (name, given, ordered) in [
            ("Total", confirmation.total, total), ("Shipping", confirmation.shipping?.money, shipping),
            ("Tax", confirmation.tax?.money, tax),
        ] {
            if let given, given == ordered {
                faults.add("ConfirmationHeader/\(name)", "it stands only where it differs from the order's")
            }
        }
        let changes = confirmation.items.flatMap(\.statuses).contains { status in
            status.unitPrice != nil || status.replacement != nil || status.tax != nil || status.shipping != nil
                || status.kind == .reject || status.kind == .backordered
        }
        if let given = confirmation.total, given != total, !changes, confirmation.shipping == nil, confirmation.tax == nil {
            faults.add("ConfirmationHeader/Total", "a total differs only where a price or a quantity does")
        }
    }

    private func check(_ item: ConfirmationRequest.Item, _ line: Line, _ faults: inout FaultList) {
        if item.quantity != line.quantity { faults.add("ConfirmationItem/@quantity", "the order says \(line.quantity)") }
        if item.unit != line.unit { faults.add("ConfirmationItem/UnitOfMeasure", "the order says \(line.unit)") }
        for status in item.statuses {
            if let price = status.unitPrice, price == line.unitPrice {
                faults.add("ConfirmationStatus/UnitPrice", "it stands only where it differs from the order's")
            }
            if let time = status.deliveryTime, time == line.requestedDelivery {
                faults.add("ConfirmationStatus/@deliveryDate", "it stands only where it differs from the date asked for")
            }
        }
    }
}
