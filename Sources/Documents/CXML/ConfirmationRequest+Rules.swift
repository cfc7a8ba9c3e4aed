import Orders

/// The rules that a confirmation can be held to by itself. No DTD sees them; they stand in the comments of `Fulfill.dtd`.
extension ConfirmationRequest {
    func check(_ faults: inout FaultList) {
        faults.order = order.name
        faults.check(order)
        faults.check(confirmID, "ConfirmationHeader/@confirmID")
        if let confirmID { faults.require(confirmID, "ConfirmationHeader/@confirmID") }
        if case .update(let payloadID) = operation {
            faults.require(payloadID, "ConfirmationHeader/DocumentReference/@payloadID")
        }
        if let total { faults.check(total, "ConfirmationHeader/Total") }
        faults.check(shipping, "ConfirmationHeader/Shipping")
        faults.check(tax, "ConfirmationHeader/Tax")
        faults.check(contacts, "ConfirmationHeader")
        faults.check(extrinsics, "ConfirmationHeader")
        for comment in comments { faults.check(comment, "ConfirmationHeader/Comments") }
        checkItemsByKind(&faults)
        var lines: [Int64] = []
        for item in items {
            faults.line = item.lineNumber
            if lines.contains(item.lineNumber) { faults.add("ConfirmationItem/@lineNumber", "a line stands in a document once") }
            lines.append(item.lineNumber)
            check(item, &faults)
        }
    }

    /// Which kinds of status each kind of confirmation may hold, and whether it needs lines.
    private func checkItemsByKind(_ faults: inout FaultList) {
        let isNeeded = [.detail, .allDetail, .except, .replace].contains(kind)
        if isNeeded, items.isEmpty { faults.add("ConfirmationRequest", "a confirmation of type \(kind.rawValue) needs lines") }
        if kind == .reject {
            if !items.isEmpty { faults.add("ConfirmationRequest", "a confirmation of type reject has no lines") }
            if comments.isEmpty { faults.add("ConfirmationHeader/Comments", "a rejection gives its reason") }
        }
        let allowed = kind.statuses
        for item in items {
            faults.line = item.lineNumber
            for status in item.statuses where !allowed.contains(status.kind) {
                faults.add(
                    "ConfirmationStatus/@type",
                    "a status \(status.kind.rawValue) can't stand in a confirmation of type \(kind.rawValue)")
            }
        }
        faults.line = nil
    }

    private func check(_ item: Item, _ faults: inout FaultList) {
        if item.lineNumber < 0 { faults.add("ConfirmationItem/@lineNumber", "\(item.lineNumber) is not a line number") }
        faults.checkUnit(item.unit, "ConfirmationItem")
        faults.check(item.contacts, besides: contacts, "ConfirmationItem")
        if item.statuses.isEmpty { faults.add("ConfirmationItem", "a line needs a status") }
        for status in item.statuses { check(status, of: item, &faults) }
        guard item.statuses.allSatisfy({ $0.unit == item.unit }) else {
            faults.add("ConfirmationStatus/UnitOfMeasure", "a status counts in the line's unit, \(item.unit)")
            return
        }
        guard let sum = ExactDecimal.sum(item.statuses.map(\.quantity)), sum == item.quantity else {
            faults.add("ConfirmationStatus/@quantity", "the parts don't add up to the line's quantity, \(item.quantity)")
            return
        }
    }

    private func check(_ status: Status, of item: Item, _ faults: inout FaultList) {
        faults.checkUnit(status.unit, "ConfirmationStatus")
        if let price = status.unitPrice { faults.check(price, "ConfirmationStatus/UnitPrice") }
        faults.check(status.tax, "ConfirmationStatus/Tax")
        faults.check(status.shipping, "ConfirmationStatus/Shipping")
        faults.check(status.extrinsics, besides: extrinsics, "ConfirmationStatus")
        for comment in status.comments { faults.check(comment, "ConfirmationStatus/Comments") }
        let prices = status.unitPrice != nil || status.tax != nil || status.shipping != nil
        switch status.kind {
        case .detail where !prices && status.replacement == nil && status.deliveryTime == nil:
            faults.add("ConfirmationStatus", "a status detail names a price, shipping, tax, an article or a delivery date")
        case .backordered where prices || status.replacement != nil:
            faults.add("ConfirmationStatus", "of a status backordered only the dates count")
        case .reject, .unknown, .requestToPay:
            guard status.shipmentTime != nil || status.deliveryTime != nil else { break }
            faults.add("ConfirmationStatus/@deliveryDate", "a status \(status.kind.rawValue) has no dates")
        default: break
        }
        if status.kind == .allDetail || kind == .replace, status.replacement == nil {
            faults.add("ConfirmationStatus/ItemIn", "the article is to be given in full")
        }
        if let replacement = status.replacement { check(replacement, of: status, prices: prices, &faults) }
    }

    private func check(_ replacement: Replacement, of status: Status, prices: Bool, _ faults: inout FaultList) {
        if status.kind != .detail && status.kind != .allDetail {
            faults.add("ConfirmationStatus/ItemIn", "an article stands only in a status detail or allDetail")
        }
        if prices { faults.add("ConfirmationStatus/ItemIn", "a price, shipping or tax can't stand beside an article") }
        if replacement.quantity != status.quantity || replacement.unit != status.unit {
            faults.add("ItemIn/@quantity", "the article's quantity and unit are the status's, \(status.quantity) \(status.unit)")
        }
        faults.require(replacement.supplierPartID, "ItemIn/ItemID/SupplierPartID")
        faults.check(replacement.unitPrice, "ItemIn/ItemDetail/UnitPrice")
        faults.check(replacement.description, "ItemIn/ItemDetail/Description")
        faults.checkUnit(replacement.unit, "ItemIn/ItemDetail")
        faults.require(replacement.classificationDomain, "ItemIn/ItemDetail/Classification/@domain")
        faults.check(replacement.classification, "ItemIn/ItemDetail/Classification")
    }
}

extension ConfirmationRequest.Kind {
    /// The kinds of status that may stand in it. The DTD's comments disagree on accept and detail in allDetail, so they don't.
    fileprivate var statuses: Set<ConfirmationRequest.Status.Kind> {
        switch self {
        case .accept: [.accept]
        case .reject: []
        case .backordered: [.backordered]
        case .detail, .except: [.accept, .detail, .backordered, .reject, .unknown]
        case .allDetail: [.allDetail, .reject, .unknown, .backordered]
        case .requestToPay: [.requestToPay]
        case .replace: [.detail]
        }
    }
}
