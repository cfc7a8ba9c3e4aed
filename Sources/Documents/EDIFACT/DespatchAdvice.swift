import Orders

/// An EDIFACT DESADV message: what was sent, package by package. Source: UN directories D.96A and D.01B.
///
/// Of a ``Despatch`` it has no room for times of day, an order's date or payloadID, a tracking address, or whether the orders are complete.
package struct DespatchAdvice: Sendable, Equatable {
    package var number: String
    package var documentDate: CalendarDate
    package var despatchDate: CalendarDate
    package var deliveryDate: CalendarDate
    package var comment: String?
    package var carrierName: String?
    package var buyer: DocumentParty?
    package var supplier: DocumentParty?
    package var deliverTo: DocumentParty?
    package var packages: [DespatchPackage]

    package init(_ despatch: Despatch) {
        number = despatch.number
        documentDate = despatch.noticeTime.date
        despatchDate = despatch.shipmentTime.date
        deliveryDate = despatch.deliveryTime.date
        comment = despatch.comment
        carrierName = despatch.carrier?.name
        buyer = despatch.buyer
        supplier = despatch.supplier
        deliverTo = despatch.deliverTo
        packages = despatch.packages.map { package in
            var package = package
            package.trackingAddress = nil
            package.lines = package.lines.map { line in
                var line = line
                line.order.date = nil
                line.order.payloadID = nil
                return line
            }
            return package
        }
    }

    /// The message.
    ///
    /// - Throws: ``DocumentFaults`` with everything that there is no room for; nothing is cut.
    package func render(_ profile: EDIFACTProfile) throws(DocumentFaults) -> EDIFACTRendering {
        var builder = EDIFACTBuilder(profile)
        let orders = packages.flatMap(\.lines).map(\.order)
        builder.faults.order = orders.first?.number
        builder.add("BGM", ["351"], [builder.require(number, 35, "BGM 1004")], ["9"])
        builder.date("137", documentDate)
        builder.date("11", despatchDate)
        builder.date("17", deliveryDate)
        if let order = orders.first, orders.allSatisfy({ $0 == order }) { builder.orderReference(order) }
        builder.party("BY", buyer, isNeeded: true)
        builder.party("SU", supplier, isNeeded: true)
        builder.party("DP", deliverTo, isNeeded: false)
        if let carrierName {
            builder.add("TDT", ["12"], [], [], [], ["", "", "", builder.require(carrierName, 35, "TDT C040.3128")])
        }
        if orders.isEmpty { builder.faults.add("LIN", "there is nothing in the shipment") }
        builder.add("CPS", ["1"])
        builder.freeText(comment, segmentsMax: 5)
        builder.add("PAC", [String(packages.count)])
        var lineNumber = 0
        for (index, package) in packages.enumerated() {
            builder.faults.order = package.lines.first?.order.number
            builder.faults.line = nil
            builder.add("CPS", [String(index + 2)], ["1"])
            package.describe(&builder)
            for line in package.lines {
                lineNumber += 1
                line.describe(&builder, number: lineNumber)
            }
        }
        builder.add("CNT", ["2", String(lineNumber)])
        return try builder.rendering("DESADV")
    }
}

extension DespatchPackage {
    fileprivate func describe(_ builder: inout EDIFACTBuilder) {
        guard typeCode != nil || weightKilograms != nil || containerCode != nil || trackingCode != nil else { return }
        builder.add("PAC", ["1"], [], [builder.fit(typeCode ?? "", 17, "PAC C202.7065")])
        if let weightKilograms {
            let weight = builder.number(weightKilograms, digitsMax: 17, "MEA C174.6314")
            builder.add("MEA", ["PD"], ["AAB"], ["KGM", weight])
        }
        guard containerCode != nil || trackingCode != nil else { return }
        builder.faults.check(containerCode, isContainerAt: "GIN C208.7402")
        // 33E: marked with an SSCC (GS1's code); 24: as the shipper marks it.
        builder.add("PCI", [containerCode == nil ? "24" : "33E"])
        if let trackingCode { builder.add("RFF", ["AAS", builder.require(trackingCode, 35, "RFF AAS C506.1154")]) }
        if let containerCode { builder.add("GIN", ["BJ"], [containerCode]) }
    }
}

extension DespatchLine {
    fileprivate func describe(_ builder: inout EDIFACTBuilder, number: Int) {
        builder.faults.order = order.number
        builder.faults.line = orderLineNumber
        builder.article(article, number: number)
        builder.quantity("12", quantity, unit)
        if let batch { builder.add("GIN", ["BX"], [builder.require(batch, 35, "GIN BX C208.7402")]) }
        if let expiryDate { builder.date("36", expiryDate) }
        builder.lineReference(order, line: orderLineNumber, erpLine: erpLineNumber)
    }
}

extension DespatchAdvice {
    /// Reads a message of the shape that ``render(_:)`` writes.
    ///
    /// - Throws: ``DocumentFault`` for one that names no order line, or that counts wrong.
    package init(_ message: EDIFACTInterchange.Message) throws(DocumentFault) {
        let bgm = try message.beginning(of: "DESADV")
        let segments = message.segments
        let body = segments.firstIndex { $0.tag == "CPS" } ?? segments.endIndex
        var dates: [String: CalendarDate] = [:]
        var parties: [String: DocumentParty] = [:]
        for segment in segments[..<body] {
            if segment.tag == "DTM" { dates[segment[0, 0]] = try segment.date("DTM \(segment[0, 0])") }
            if segment.tag == "NAD" { parties[segment[0, 0]] = segment.party }
        }
        guard let document = dates["137"], let despatch = dates["11"], let delivery = dates["17"] else {
            throw DocumentFault(element: "DTM", "a date 137, 11 or 17 is missing")
        }
        number = bgm[1, 0]
        (documentDate, despatchDate, deliveryDate) = (document, despatch, delivery)
        (buyer, supplier, deliverTo) = (parties["BY"], parties["SU"], parties["DP"])
        carrierName = segments[..<body].first { $0.tag == "TDT" }?.optional(4, 3)
        packages = []
        try readPackages(segments[body...])
        try message.checkLineCount(packages.flatMap(\.lines).count)
    }

    private mutating func readPackages(_ segments: ArraySlice<EDIFACTSegment>) throws(DocumentFault) {
        for segment in segments {
            switch segment.tag {
            case "CPS" where !segment[1, 0].isEmpty: packages.append(DespatchPackage(lines: []))
            case "FTX" where packages.isEmpty: comment = segment.freeText(after: comment)
            case "LIN":
                if packages.isEmpty { packages.append(DespatchPackage(lines: [])) }
                let order = OrderIdentity(number: "", erpNumber: "")
                var line = DespatchLine(
                    order: order, orderLineNumber: 0, erpLineNumber: 0, article: Article(sellerNumber: ""), quantity: .zero,
                    unit: "")
                line.article.read(segment)
                packages[packages.count - 1].lines.append(line)
            case "CNT": break
            default: if !packages.isEmpty { try packages[packages.count - 1].read(segment) }
            }
        }
    }
}

extension DespatchPackage {
    /// Takes a segment to itself or to its last line.
    fileprivate mutating func read(_ segment: EDIFACTSegment) throws(DocumentFault) {
        guard lines.isEmpty else { return try lines[lines.count - 1].read(segment) }
        switch (segment.tag, segment[0, 0]) {
        case ("PAC", _): typeCode = segment.optional(2, 0)
        case ("MEA", "PD"): weightKilograms = try segment.decimal(2, 1)
        case ("RFF", "AAS"): trackingCode = segment.optional(0, 1)
        case ("GIN", "BJ"): containerCode = segment.optional(1, 0)
        default: break
        }
    }
}

extension DespatchLine {
    fileprivate mutating func read(_ segment: EDIFACTSegment) throws(DocumentFault) {
        switch (segment.tag, segment[0, 0]) {
        case ("QTY", "12"):
            quantity = try segment.decimal(0, 1)
            unit = segment[0, 2]
        case ("GIN", "BX"): batch = segment.optional(1, 0)
        case ("DTM", "36"): expiryDate = try segment.date("DTM 36")
        case ("RFF", "ON"):
            order.number = segment[0, 1]
            orderLineNumber = try segment.line(0, 2)
        case ("RFF", "VN"):
            order.erpNumber = segment[0, 1]
            erpLineNumber = try segment.line(0, 2)
        default: article.read(segment)
        }
    }
}
