internal import Orders

/// An order as it was posted, checked.
struct ERPOrderDraft: Sendable {
    let externalReference: String?
    let customer: JSONObject
    let lines: [JSONObject]
    let document: JSONObject

    /// - Throws: ``DocumentFaults`` with everything that is wrong.
    init(_ document: JSONValue, configuration: ERPConfiguration) throws(DocumentFaults) {
        var faults = DocumentFaults(faults: [])
        guard let object = document.objectValue else {
            faults.add("", "an order is an object, not \(document.kindName)")
            throw faults
        }
        self.document = object
        let text = object["external_reference"]?.stringValue
        externalReference = text
        if let reference = object["external_reference"], !reference.isNull, text?.isEmpty ?? true {
            faults.add("external_reference", "a string that isn't empty is wanted")
        }
        let customer = object["customer"]?.objectValue ?? JSONObject()
        self.customer = customer
        if !["code", "name"].contains(where: { customer[$0]?.stringValue?.isEmpty == false }) {
            faults.add("customer", "an object with a code or a name is wanted")
        }
        let sent = object["lines"]?.arrayValue ?? []
        lines = sent.compactMap(\.objectValue)
        if sent.isEmpty { faults.add("lines", "at least one line is wanted") }
        for (index, line) in sent.enumerated() { Self.check(line, "lines[\(index)]", configuration, &faults) }
        guard faults.faults.isEmpty else { throw faults }
    }

    private static func check(
        _ line: JSONValue, _ path: String, _ configuration: ERPConfiguration, _ faults: inout DocumentFaults
    ) {
        guard let object = line.objectValue else { return faults.add(path, "a line is an object, not \(line.kindName)") }
        if let product = object["product"]?.stringValue, !product.isEmpty {
            if !configuration.acceptAnyProduct, !configuration.knows(product) {
                faults.add(path + ".product", "there is no product '\(product)'")
            }
        } else {
            faults.add(path + ".product", "a product code is wanted")
        }
        if !OrderFieldRules.isDecimal(object["quantity"] ?? .null) { faults.add(path + ".quantity", "a decimal is wanted") }
        if let price = object["unit_price"], !price.isNull, !OrderFieldRules.isDecimal(price) {
            faults.add(path + ".unit_price", "a decimal is wanted")
        }
    }
}

extension ERPConfiguration {
    func knows(_ product: String) -> Bool {
        products.contains(product) || hasPrefix(product, backorderedPrefix) || hasPrefix(product, rejectedPrefix)
    }

    /// What becomes of a line with this product.
    func status(ofLineWith product: String) -> String {
        hasPrefix(product, rejectedPrefix) ? "rejected" : hasPrefix(product, backorderedPrefix) ? "backordered" : "accepted"
    }

    private func hasPrefix(_ product: String, _ prefix: String?) -> Bool { prefix.map { product.hasPrefix($0) } ?? false }
}
