import Orders
import Settings
import SinkKit

/// A file that the ERP wrote about one order: a receipt or shipments, as JSON or CSV, under the name of the order's file.
///
/// JSON of a receipt: `{"key", "erp_order_number", "state", "lines": [{"line", "erp_line_number", "outcome", "message"}]}`, or `{"key", "faults":
/// [{"path", "message"}]}` of a refusal; of shipments: ``SinkShipments/json`` with a `key`. CSV: a row for each line, with the columns `key`,
/// `erp_order_number`, `state`, `line`, `erp_line_number`, `outcome`, `message`, or `key`, `shipment`, `shipped_at`, `carrier`, `tracking_code`,
/// `line`, `quantity`, `closed`. It must be there whole under its name: written under another one, then renamed.
struct ERPFile {
    private enum Content {
        case json(JSONObject)
        /// By column.
        case rows([[String: String]])
    }

    private let content: Content
    private let name: String

    /// `nil` where there is none yet.
    static func read(in folder: String, stem: String) throws(SinkError) -> ERPFile? {
        for ending in ["json", "csv"] {
            let name = "\(stem).\(ending)"
            switch WholeFile.read("\(folder)/\(name)") {
            case .success(nil): continue
            case .success(let bytes?): return try ERPFile(bytes, name, isJSON: ending == "json")
            case .failure(let failure):
                throw SinkError(.notApplied, "the file \(name) in \(folder) can't be read: \(failure.words)")
            }
        }
        return nil
    }

    private init(_ bytes: [UInt8], _ name: String, isJSON: Bool) throws(SinkError) {
        self.name = name
        if isJSON {
            guard let object = (try? JSONValue(parsing: bytes))?.objectValue else {
                throw Self.unreadable(name, "it isn't JSON, or not yet")
            }
            content = .json(object)
            return
        }
        let text = CSVText(bytes)
        guard text.faults.isEmpty, let columns = text.records.first?.cells, columns.contains("key") else {
            throw Self.unreadable(name, "it isn't CSV with a column 'key'")
        }
        content = .rows(
            text.records.dropFirst().map { record in
                Dictionary(zip(columns, record.cells).filter { !$0.1.isEmpty }, uniquingKeysWith: { first, _ in first })
            })
    }

    // MARK: Receipts

    func answer(_ key: IdempotencyKey, name: String) throws(SinkError) -> SinkAnswer { try answer(keyText: key.text, name: name) }

    func answer(keyText: String, name: String) throws(SinkError) -> SinkAnswer {
        try checkKey(keyText)
        switch content {
        case .json(let object):
            if let faults = object["faults"]?.arrayValue {
                return .rejected(
                    faults.map {
                        SinkFault(path: $0["path"]?.stringValue ?? "", message: $0["message"]?.stringValue ?? "refused")
                    })
            }
            guard let receipt = SinkReceipt(json: object), !receipt.erpOrderNumber.isEmpty else {
                throw Self.unreadable(self.name, "it is neither a receipt nor a list of faults")
            }
            return .accepted(receipt)
        case .rows(let rows): return try .accepted(receipt(rows))
        }
    }

    private func receipt(_ rows: [[String: String]]) throws(SinkError) -> SinkReceipt {
        guard let number = rows.first?["erp_order_number"],
            let state = SinkReceipt.State(rawValue: rows.first?["state"] ?? "confirmed")
        else { throw Self.unreadable(name, "it has no 'erp_order_number', or an unknown 'state'") }
        var lines: [SinkReceiptLine] = []
        for row in rows {
            guard let key = row["line"], let outcome = SinkReceiptLine.Outcome(rawValue: row["outcome"] ?? "accepted") else {
                throw Self.unreadable(name, "a row has no 'line', or an unknown 'outcome'")
            }
            lines.append(
                SinkReceiptLine(
                    lineKey: key, erpLineNumber: row["erp_line_number"].flatMap(Int64.init), outcome: outcome,
                    message: row["message"]))
        }
        return SinkReceipt(erpOrderNumber: number, state: state, lines: lines)
    }

    // MARK: Shipments

    func shipments(_ key: IdempotencyKey) throws(SinkError) -> SinkShipments {
        try checkKey(key.text)
        switch content {
        case .json(let object):
            guard let told = SinkShipments(json: object) else { throw Self.unreadable(name, "it has no shipments") }
            return told
        case .rows(let rows):
            var told = SinkShipments()
            for row in rows {
                if row["closed"] == "true", let line = row["line"], !told.closedLines.contains(line) {
                    told.closedLines.append(line)
                }
                guard let id = row["shipment"] else { continue }
                guard let line = row["line"], let shippedAt = row["shipped_at"],
                    let quantity = row["quantity"].flatMap({ try? ExactDecimal($0) })
                else { throw Self.unreadable(name, "shipment '\(id)' has a row without 'line', 'shipped_at' or 'quantity'") }
                add(SinkShippedLine(lineKey: line, quantity: quantity), to: id, shippedAt, row, &told)
            }
            return told
        }
    }

    /// Rows of one shipment and one tracking code are one package.
    private func add(
        _ line: SinkShippedLine, to id: String, _ shippedAt: String, _ row: [String: String], _ told: inout SinkShipments
    ) {
        let package = SinkPackage(trackingCode: row["tracking_code"], lines: [line])
        guard let index = told.shipments.firstIndex(where: { $0.id == id }) else {
            told.shipments.append(
                SinkShipment(id: id, shippedAt: shippedAt, carrier: row["carrier"], packages: [package]))
            return
        }
        if let place = told.shipments[index].packages.firstIndex(where: { $0.trackingCode == package.trackingCode }) {
            told.shipments[index].packages[place].lines.append(line)
        } else {
            told.shipments[index].packages.append(package)
        }
    }

    // MARK: Checks

    private func checkKey(_ key: String) throws(SinkError) {
        let shown: [String?] =
            switch content {
            case .json(let object): [object["key"]?.stringValue]
            case .rows(let rows): rows.map { $0["key"] }
            }
        guard shown.allSatisfy({ $0 == key }) else {
            throw SinkError(.conflict, "the file \(name) speaks of another order than its name")
        }
    }

    private static func unreadable(_ name: String, _ why: String) -> SinkError {
        SinkError(.notApplied, "the ERP's file \(name) can't be read: \(why)")
    }
}
