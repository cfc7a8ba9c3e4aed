package import Orders

/// A webshop's order, as documents tell it to a seller: the input of EDIFACT ORDERS and cXML OrderRequest.
package struct PurchaseOrder: Sendable, Equatable {
    /// What the buyer calls it.
    package var number: String
    package var date: CalendarDate
    package var requestedDate: CalendarDate?
    /// ISO 4217.
    package var currency: String
    package var comment: String?
    package var buyer: DocumentParty?
    package var supplier: DocumentParty?
    package var deliverTo: DocumentParty?
    package var invoiceTo: DocumentParty?
    package var lines: [Line]

    package init(number: String, date: CalendarDate, currency: String, lines: [Line]) {
        self.number = number
        self.date = date
        self.currency = currency
        self.lines = lines
    }

    package struct Line: Sendable, Equatable {
        /// From 1, in the order's sequence.
        package var number: Int
        /// What the buyer calls it for ever, beside its number.
        package var reference: String
        package var article: Article
        package var quantity: ExactDecimal
        /// UN/CEFACT recommendation 20.
        package var unit: String
        /// For one unit, without tax.
        package var unitPrice: ExactDecimal?

        package init(
            number: Int, reference: String, article: Article, quantity: ExactDecimal, unit: String, unitPrice: ExactDecimal?
        ) {
            self.number = number
            self.reference = reference
            self.article = article
            self.quantity = quantity
            self.unit = unit
            self.unitPrice = unitPrice
        }
    }
}

extension PurchaseOrder {
    /// The order as an EDIFACT ORDERS message. Source: UN directories D.96A and D.01B.
    ///
    /// - Throws: ``DocumentFaults`` with everything that there is no room for; nothing is cut.
    package func render(_ profile: EDIFACTProfile) throws(DocumentFaults) -> EDIFACTRendering {
        var builder = EDIFACTBuilder(profile)
        builder.faults.order = number
        builder.add("BGM", ["220"], [builder.require(number, 35, "BGM 1004")], ["9"])
        builder.date("137", date)
        if let requestedDate { builder.date("2", requestedDate) }
        builder.freeText(comment, segmentsMax: 5)
        builder.party("BY", buyer, isNeeded: true)
        builder.party("SU", supplier, isNeeded: true)
        builder.party("DP", deliverTo, isNeeded: false)
        builder.party("IV", invoiceTo, isNeeded: false)
        if !Patterns.currency.isWhole(currency) {
            builder.faults.add("CUX C504.6345", "'\(currency)' is not a currency such as EUR")
        }
        // 9: the currency of an order (element 6343).
        builder.add("CUX", ["2", currency, "9"])
        if lines.isEmpty { builder.faults.add("LIN", "the order has no lines") }
        for line in lines { line.describe(&builder) }
        builder.add("UNS", ["S"])
        builder.add("CNT", ["2", String(lines.count)])
        return try builder.rendering("ORDERS")
    }
}

extension PurchaseOrder.Line {
    fileprivate func describe(_ builder: inout EDIFACTBuilder) {
        builder.faults.line = Int64(number)
        builder.article(article, number: number)
        builder.quantity("21", quantity, unit)
        if let unitPrice { builder.add("PRI", ["AAA", builder.number(unitPrice, digitsMax: 15, "PRI C509.5118")]) }
        // LI: the line's reference with the buyer (element 1153).
        builder.add("RFF", ["LI", builder.require(reference, 35, "RFF LI C506.1154")])
    }
}

extension PurchaseOrder {
    /// What a file that ``render(_:)`` wrote calls its lines, in their order.
    ///
    /// - Throws: ``DocumentFault`` for a file with anything but one ORDERS message of such lines.
    package static func lineReferences(inInterchange bytes: [UInt8]) throws(DocumentFault) -> [String] {
        let messages = try EDIFACTInterchange(bytes).messages
        guard messages.count == 1, messages[0].type.name == "ORDERS" else {
            throw DocumentFault(element: "UNH S009.0065", "one ORDERS message is expected")
        }
        let count = messages[0].segments.count { $0.tag == "LIN" }
        let references = messages[0].segments.filter { $0.tag == "RFF" && $0[0, 0] == "LI" }.map { $0[0, 1] }
        guard references.count == count else { throw DocumentFault(element: "RFF LI", "a line has no reference") }
        return references
    }
}
