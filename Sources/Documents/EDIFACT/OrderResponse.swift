import Orders

/// An EDIFACT ORDRSP message: what the seller says to an order. Source: UN directories D.96A and D.01B.
///
/// A line whose quantity has several fates stands in it once for each of them, with the whole ordered quantity (QTY 21) every time.
/// Of an ``OrderConfirmation`` it has no room for times of day, the order's date or payloadID, and prices as ordered.
package struct OrderResponse: Sendable, Equatable {
    package var number: String
    package var documentDate: CalendarDate
    package var order: OrderIdentity
    package var currency: String
    package var comment: String?
    package var buyer: DocumentParty?
    package var supplier: DocumentParty?
    package var lines: [ConfirmedLine]

    package init(_ confirmation: OrderConfirmation) {
        number = confirmation.number
        documentDate = confirmation.time.date
        order = OrderIdentity(number: confirmation.order.number, erpNumber: confirmation.order.erpNumber)
        currency = confirmation.currency
        comment = confirmation.comment
        buyer = confirmation.buyer
        supplier = confirmation.supplier
        lines = confirmation.lines.map { line in
            var line = line
            line.unitPrice = nil
            line.parts = line.parts.map { part in
                var part = part
                part.deliveryTime = part.deliveryTime.flatMap { ZonedTime(date: $0.date, offsetMinutes: 0) }
                return part
            }
            return line
        }
    }

    /// The message.
    ///
    /// - Throws: ``DocumentFaults`` with everything that there is no room for; nothing is cut.
    package func render(_ profile: EDIFACTProfile) throws(DocumentFaults) -> EDIFACTRendering {
        var builder = EDIFACTBuilder(profile)
        builder.faults.order = order.number
        builder.add("BGM", ["231"], [builder.require(number, 35, "BGM 1004")], [function])
        builder.date("137", documentDate)
        builder.freeText(comment, segmentsMax: 20)
        builder.orderReference(order)
        builder.party("BY", buyer, isNeeded: true)
        builder.party("SU", supplier, isNeeded: true)
        if !Patterns.currency.isWhole(currency) {
            builder.faults.add("CUX C504.6345", "'\(currency)' is not a currency such as EUR")
        }
        builder.add("CUX", ["2", currency, "9"])
        var lineNumber = 0
        for line in lines {
            builder.faults.line = line.orderLineNumber
            if ExactDecimal.sum(line.parts.map(\.quantity)) != line.quantity {
                builder.faults.add("QTY", "the parts don't add up to the line's quantity, \(line.quantity)")
            }
            for part in line.parts {
                lineNumber += 1
                line.describe(part, of: order, &builder, number: lineNumber)
            }
        }
        builder.add("UNS", ["S"])
        builder.add("CNT", ["2", String(lineNumber)])
        return try builder.rendering("ORDRSP")
    }

    /// 29: accepted as it is, 27: not accepted, 4: changed (element 1225).
    private var function: String {
        let outcomes = lines.flatMap { $0.parts.map(\.outcome) }
        if outcomes.allSatisfy({ $0 == .accepted }) { return "29" }
        return outcomes.allSatisfy { $0 == .rejected } ? "27" : "4"
    }
}

extension ConfirmedPart.Outcome {
    /// Element 1229, and the qualifier of the part's quantity (6063).
    fileprivate var codes: (action: String, quantity: String) {
        switch self {
        case .accepted: ("5", "113")
        case .repriced, .changed: ("3", "113")
        case .backordered: ("3", "83")
        case .rejected: ("7", "185")
        }
    }
}

extension ConfirmedLine {
    fileprivate func describe(_ part: ConfirmedPart, of order: OrderIdentity, _ builder: inout EDIFACTBuilder, number: Int) {
        builder.article(article, number: number, action: part.outcome.codes.action)
        builder.quantity("21", quantity, unit)
        builder.quantity(part.outcome.codes.quantity, part.quantity, unit)
        if let time = part.deliveryTime { builder.date("69", time.date) }
        builder.freeText(part.reason, segmentsMax: 20)
        if case .repriced(let price) = part.outcome {
            builder.add("PRI", ["AAA", builder.number(price, digitsMax: 15, "PRI C509.5118")])
        }
        builder.lineReference(order, line: orderLineNumber, erpLine: erpLineNumber)
    }
}

extension OrderResponse {
    /// Reads a message of the shape that ``render(_:)`` writes.
    ///
    /// - Throws: ``DocumentFault`` for one that says nothing of an order, or that counts wrong.
    package init(_ message: EDIFACTInterchange.Message) throws(DocumentFault) {
        let bgm = try message.beginning(of: "ORDRSP")
        let segments = message.segments
        let body = segments.firstIndex { $0.tag == "LIN" || $0.tag == "UNS" } ?? segments.endIndex
        let header = segments[..<body]
        guard let date = header.first(where: { $0.tag == "DTM" && $0[0, 0] == "137" }) else {
            throw DocumentFault(element: "DTM 137", "the date is missing")
        }
        let reference = { (qualifier: String) in header.first { $0.tag == "RFF" && $0[0, 0] == qualifier }?[0, 1] ?? "" }
        let party = { (role: String) in header.first { $0.tag == "NAD" && $0[0, 0] == role }?.party }
        number = bgm[1, 0]
        documentDate = try date.date("DTM 137")
        order = OrderIdentity(number: reference("ON"), erpNumber: reference("VN"))
        currency = header.first { $0.tag == "CUX" }?[0, 1] ?? ""
        comment = header.filter { $0.tag == "FTX" }.reduce(nil) { text, segment in segment.freeText(after: text) }
        (buyer, supplier) = (party("BY"), party("SU"))
        lines = []
        var count = 0
        for segment in segments[body...] {
            if segment.tag == "LIN" { count += 1 }
            try read(segment)
        }
        joinParts()
        try message.checkLineCount(count)
    }

    private mutating func read(_ segment: EDIFACTSegment) throws(DocumentFault) {
        if segment.tag == "LIN" {
            let outcome: ConfirmedPart.Outcome =
                switch segment[1, 0] {
                case "7": .rejected
                case "3": .changed
                default: .accepted
                }
            var line = ConfirmedLine(
                orderLineNumber: 0, erpLineNumber: nil, article: Article(sellerNumber: ""), quantity: .zero, unit: "",
                parts: [ConfirmedPart(quantity: .zero, outcome: outcome)])
            line.article.read(segment)
            lines.append(line)
        } else if !lines.isEmpty {
            try lines[lines.count - 1].read(segment)
        }
    }

    /// Neighbouring lines of one order line are its parts.
    private mutating func joinParts() {
        var joined: [ConfirmedLine] = []
        for line in lines {
            if let last = joined.last, last.orderLineNumber == line.orderLineNumber {
                joined[joined.count - 1].parts += line.parts
            } else {
                joined.append(line)
            }
        }
        lines = joined
    }
}

extension ConfirmedLine {
    /// Takes a segment to itself or to its one part.
    fileprivate mutating func read(_ segment: EDIFACTSegment) throws(DocumentFault) {
        switch (segment.tag, segment[0, 0]) {
        case ("QTY", "21"):
            quantity = try segment.decimal(0, 1)
            unit = segment[0, 2]
        case ("QTY", let qualifier):
            parts[0].quantity = try segment.decimal(0, 1)
            if qualifier == "83" { parts[0].outcome = .backordered }
        case ("DTM", "69"): parts[0].deliveryTime = ZonedTime(date: try segment.date("DTM 69"), offsetMinutes: 0)
        case ("FTX", _): parts[0].reason = segment.freeText(after: parts[0].reason)
        case ("PRI", "AAA"): parts[0].outcome = .repriced(try segment.decimal(0, 1))
        case ("RFF", "ON"): orderLineNumber = try segment.line(0, 2)
        case ("RFF", "VN"): erpLineNumber = segment[0, 2].isEmpty ? nil : try segment.line(0, 2)
        default: article.read(segment)
        }
    }
}
