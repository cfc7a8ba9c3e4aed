import Orders

/// Segments that DESADV and ORDRSP share.
extension EDIFACTBuilder {
    /// NAD. EANCOM wants a GLN.
    mutating func party(_ role: String, _ party: DocumentParty?, isNeeded: Bool) {
        guard let party else {
            if isNeeded { faults.add("NAD \(role)", "the party is not known") }
            return
        }
        if let number = party.locationNumber, !CheckDigit.isLocationNumber(number) {
            faults.add("NAD \(role) C082.3039", "'\(number)' is not a GLN")
        }
        if profile.eancomEdition != nil, party.locationNumber == nil { faults.add("NAD \(role) C082.3039", "EANCOM wants a GLN") }
        if party.locationNumber == nil, party.code == nil, party.name == nil {
            faults.add("NAD \(role)", "the party has neither a number nor a name")
        }
        if party.locationNumber != nil, party.code != nil {
            // There is room for one number; the GLN is the stronger, and the code is kept in no other place.
            notes.append(
                DocumentFault(
                    order: faults.order, element: "NAD \(role)", "the GLN is written, not the number '\(party.code ?? "")'"))
        }
        if party.streets.count > 4 { faults.add("NAD \(role) C059", "there is room for 4 lines of a street") }
        let postalCodeMax = profile.directory == .d96a ? 9 : 17
        add(
            "NAD", [role], identification(of: party, role), [],
            spread(party.name ?? "", 35, partsMax: 5, "NAD \(role) C080.3036"),
            party.streets.map { fit($0, 35, "NAD \(role) C059.3042") }, [fit(party.city ?? "", 35, "NAD \(role) 3164")], [],
            [fit(party.postalCode ?? "", postalCodeMax, "NAD \(role) 3251")], [fit(party.country ?? "", 3, "NAD \(role) 3207")])
    }

    /// 9: assigned by GS1; 92: by the buyer.
    private mutating func identification(of party: DocumentParty, _ role: String) -> [String] {
        if let number = party.locationNumber { return [number, "", "9"] }
        guard let code = party.code else { return [] }
        return [require(code, 35, "NAD \(role) C082.3039"), "", "92"]
    }

    /// LIN, PIA and IMD: what the line is about.
    mutating func article(_ article: Article, number: Int, action: String = "") {
        if number > 999_999 { faults.add("LIN 1082", "there is room for 999,999 lines") }
        if let trade = article.tradeNumber {
            if !CheckDigit.isTradeNumber(trade) { faults.add("LIN C212.7140", "'\(trade)' is not a GTIN") }
            // SRV is GS1's own code; the UN's directories know EN.
            add(
                "LIN", [String(number)], [action],
                [trade, profile.directory == .d01b && profile.eancomEdition != nil ? "SRV" : "EN"])
        } else {
            if profile.eancomEdition != nil { faults.add("LIN C212.7140", "EANCOM wants a GTIN") }
            add("LIN", [String(number)], [action])
        }
        let numbers = [[require(article.sellerNumber, 35, "PIA C212.7140"), "SA"]]
        let buyers = article.buyerNumber.map { [[require($0, 35, "PIA C212.7140"), "IN"]] } ?? []
        segments.append(EDIFACTSegment("PIA", [[article.tradeNumber == nil ? "5" : "1"]] + numbers + buyers))
        describe(article.description ?? "")
    }

    /// IMD with two texts each, as often as needed.
    private mutating func describe(_ text: String) {
        let parts = spread(text, profile.directory == .d96a ? 35 : 256, partsMax: 50, "IMD C273.7008")
        for start in stride(from: 0, to: parts.count, by: 2) {
            add("IMD", ["F"], [], ["", "", ""] + parts[start..<min(start + 2, parts.count)])
        }
    }

    mutating func quantity(_ qualifier: String, _ quantity: ExactDecimal, _ unit: String) {
        let element = "QTY \(qualifier) C186.6060"
        if quantity.isNegative { faults.add(element, "\(quantity) is below zero") }
        let unit = require(unit, 3, "QTY \(qualifier) C186.6411")
        add("QTY", [qualifier, number(quantity, digitsMax: profile.directory == .d96a ? 15 : 34, element), unit])
    }

    /// FTX, at most 5 of them, each with 5 texts.
    mutating func freeText(_ text: String?, segmentsMax: Int) {
        guard let text, !text.isEmpty else { return }
        let parts = spread(text, profile.directory == .d96a ? 70 : 512, partsMax: 5 * segmentsMax, "FTX C108.4440")
        for start in stride(from: 0, to: parts.count, by: 5) {
            add("FTX", ["AAI"], [], [], Array(parts[start..<min(start + 5, parts.count)]))
        }
    }

    mutating func orderReference(_ order: OrderIdentity) {
        let lengthMax = profile.directory == .d96a ? 35 : 70
        add("RFF", ["ON", require(order.number, lengthMax, "RFF ON C506.1154")])
        add("RFF", ["VN", require(order.erpNumber, lengthMax, "RFF VN C506.1154")])
    }

    /// The order's number and line on either side; the ERP's line may be unknown.
    mutating func lineReference(_ order: OrderIdentity, line: Int64, erpLine: Int64?) {
        let lengthMax = profile.directory == .d96a ? 35 : 70
        add("RFF", ["ON", require(order.number, lengthMax, "RFF ON C506.1154"), fit(String(line), 6, "RFF ON C506.1156")])
        let erpLine = erpLine.map { fit(String($0), 6, "RFF VN C506.1156") } ?? ""
        add("RFF", ["VN", require(order.erpNumber, lengthMax, "RFF VN C506.1154"), erpLine])
    }
}

extension FaultList {
    mutating func check(_ code: String?, isContainerAt element: String) {
        if let code, !CheckDigit.isValid(code, digits: [18]) { add(element, "'\(code)' is not an SSCC") }
    }
}

/// Reading the same segments.
extension EDIFACTSegment {
    func date(_ element: String) throws(DocumentFault) -> CalendarDate {
        guard self[0, 2] == "102", let date = CalendarDate(digits: self[0, 1]) else {
            throw fault(element, "'\(self[0, 1])' is not a date such as 20240305 (102)")
        }
        return date
    }

    func decimal(_ element: Int, _ component: Int) throws(DocumentFault) -> ExactDecimal {
        // A comma is as good as a point (ISO 9735).
        let text = self[element, component].replacing(",", with: ".")
        guard let decimal = try? ExactDecimal(text) else {
            throw fault(tag, "'\(text.prefix(40))' is not a decimal")
        }
        return decimal
    }

    func line(_ element: Int, _ component: Int) throws(DocumentFault) -> Int64 {
        guard let line = Int64(self[element, component]) else {
            throw fault(tag, "'\(self[element, component].prefix(40))' is not a line number")
        }
        return line
    }

    var party: DocumentParty {
        var party = DocumentParty()
        if self[1, 2] == "9" { party.locationNumber = optional(1, 0) } else { party.code = optional(1, 0) }
        if elements.count > 3, !elements[3].isEmpty { party.name = elements[3].joined() }
        if elements.count > 4 { party.streets = elements[4] }
        party.city = optional(5, 0)
        party.postalCode = optional(7, 0)
        party.country = optional(8, 0)
        return party
    }

    /// FTX's texts behind those of the segments before it; `nil` where there are none.
    func freeText(after text: String?) -> String? { Self.joined(text, elements.count > 3 ? elements[3].joined() : "") }

    /// A text in several segments; a segment may have none.
    fileprivate static func joined(_ text: String?, _ more: String) -> String? { more.isEmpty ? text : (text ?? "") + more }
}

extension Article {
    /// Takes LIN, PIA or IMD to itself; others are passed over.
    mutating func read(_ segment: EDIFACTSegment) {
        switch segment.tag {
        case "LIN": tradeNumber = segment.optional(2, 0)
        case "PIA":
            for element in segment.elements.dropFirst() where element.count > 1 {
                if element[1] == "SA" { sellerNumber = element[0] }
                if element[1] == "IN" { buyerNumber = element[0] }
            }
        case "IMD": description = EDIFACTSegment.joined(description, segment[2, 3] + segment[2, 4])
        default: break
        }
    }
}
