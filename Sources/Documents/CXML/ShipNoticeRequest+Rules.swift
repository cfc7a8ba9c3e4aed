import Orders

/// The rules for a ship notice that no DTD sees; they stand in the comments of `Fulfill.dtd`.
extension ShipNoticeRequest {
    func check(_ faults: inout FaultList) {
        faults.order = portions.first?.order.name
        faults.require(shipmentID, "ShipNoticeHeader/@shipmentID")
        if let replaced = operation.replaced { faults.require(replaced, "ShipNoticeHeader/DocumentReference/@payloadID") }
        if case .delete = operation {} else { checkPresence(&faults) }
        for (index, level) in serviceLevels.enumerated() {
            faults.require(level.text, "ShipNoticeHeader/ServiceLevel")
            faults.require(level.language, "ShipNoticeHeader/ServiceLevel/@xml:lang")
            if serviceLevels[..<index].contains(where: { $0.language == level.language }) {
                faults.add("ShipNoticeHeader/ServiceLevel", "the language '\(level.language)' stands twice")
            }
        }
        faults.check(contacts, "ShipNoticeHeader")
        faults.check(extrinsics, "ShipNoticeHeader")
        for comment in comments { faults.check(comment, "ShipNoticeHeader/Comments") }
        for index in controls.indices { checkControl(index, &faults) }
        for (index, portion) in portions.enumerated() {
            faults.order = portion.order.name
            faults.line = nil
            if portions[..<index].contains(where: { $0.order.namesSameOrder(as: portion.order) }) {
                faults.add("ShipNoticePortion", "an order stands in a notice once")
            }
            check(portion, &faults)
        }
    }

    /// What is expected of every notice but one that deletes.
    private func checkPresence(_ faults: inout FaultList) {
        if shipmentTime == nil { faults.add("ShipNoticeHeader/@shipmentDate", "a mandatory value is missing") }
        if deliveryTime == nil { faults.add("ShipNoticeHeader/@deliveryDate", "a mandatory value is missing") }
        if let shipmentTime, let deliveryTime, deliveryTime.instant < shipmentTime.instant {
            faults.add("ShipNoticeHeader/@deliveryDate", "it lies before the shipment")
        }
        if serviceLevels.isEmpty { faults.add("ShipNoticeHeader/ServiceLevel", "a mandatory value is missing") }
        if controls.isEmpty { faults.add("ShipControl", "a mandatory value is missing") }
        if portions.isEmpty { faults.add("ShipNoticePortion", "there is nothing in the shipment") }
    }

    /// The first carrier has no start; each further one starts later than the one before, and says from where.
    private func checkControl(_ index: Int, _ faults: inout FaultList) {
        let control = controls[index]
        if control.carriers.isEmpty { faults.add("ShipControl/CarrierIdentifier", "the carrier is not known") }
        if control.trackingCodes.isEmpty { faults.add("ShipControl/ShipmentIdentifier", "no tracking code is known") }
        for carrier in control.carriers {
            faults.require(carrier.domain, "ShipControl/CarrierIdentifier/@domain")
            faults.require(carrier.text, "ShipControl/CarrierIdentifier")
        }
        for code in control.trackingCodes {
            faults.require(code.text, "ShipControl/ShipmentIdentifier")
            faults.check(code.address, "ShipControl/ShipmentIdentifier/@trackingURL")
        }
        faults.check(control.contacts, "ShipControl")
        guard index > 0 else {
            if control.startTime != nil { faults.add("ShipControl/@startDate", "the first carrier has none") }
            return
        }
        if let start = control.startTime {
            if let before = controls[index - 1].startTime, start.instant <= before.instant {
                faults.add("ShipControl/@startDate", "the carriers' starts are to rise")
            }
        } else {
            faults.add("ShipControl/@startDate", "each carrier but the first has one")
        }
        if !control.contacts.contains(where: { $0.role == "shipFrom" }) {
            faults.add("ShipControl/Contact", "each carrier but the first has a contact shipFrom")
        }
    }

    private func check(_ portion: Portion, _ faults: inout FaultList) {
        faults.check(portion.order)
        faults.check(portion.extrinsics, besides: extrinsics, "ShipNoticePortion")
        for comment in portion.comments { faults.check(comment, "ShipNoticePortion/Comments") }
        var lines: [Int64] = []
        for item in portion.items {
            faults.line = item.lineNumber
            if lines.contains(item.lineNumber) { faults.add("ShipNoticeItem/@lineNumber", "a line stands in a portion once") }
            lines.append(item.lineNumber)
            check(item, &faults)
        }
    }

    private func check(_ item: Item, _ faults: inout FaultList) {
        if item.lineNumber < 0 { faults.add("ShipNoticeItem/@lineNumber", "\(item.lineNumber) is not a line number") }
        faults.requirePositive(item.quantity, "ShipNoticeItem/@quantity")
        faults.checkUnit(item.unit, "ShipNoticeItem")
        if let number = item.supplierPartID { faults.require(number, "ShipNoticeItem/ItemID/SupplierPartID") }
        for packaging in item.packages {
            if packaging.code == nil, packaging.grossWeightKilograms == nil {
                faults.add("ShipNoticeItem/Packaging", "a package needs a type or a weight")
            }
            faults.check(packaging.code, "ShipNoticeItem/Packaging/PackagingCode")
            if let code = packaging.containerCode, !CheckDigit.isValid(code, digits: [18]) {
                faults.add("ShipNoticeItem/Packaging/ShippingContainerSerialCode", "'\(code)' is not an SSCC")
            }
        }
        for batch in item.batches { faults.check(batch.supplierBatchID, "ShipNoticeItem/Batch/SupplierBatchID") }
    }
}

extension CXMLOrderReference {
    /// The payloadID names an order; where it is empty, since the order came as no document, its number does.
    fileprivate func namesSameOrder(as other: CXMLOrderReference) -> Bool {
        if !payloadID.isEmpty, payloadID == other.payloadID { return true }
        return orderID != nil && orderID == other.orderID
    }
}
