import Documents
import Orders
import Posting
import Settings
import SinkKit

/// Why an order can't be written as a file.
struct OrderFileFaults: Error {
    let faults: [SinkFault]
}

/// An order as a file: the same order gives the same name and the same bytes.
struct OrderFile: Sendable {
    /// Without its ending; it derives from the key alone.
    let stem: String
    let name: String
    let bytes: [UInt8]

    init(_ order: SinkOrder, _ settings: FileSinkSettings) throws(OrderFileFaults) {
        stem = Self.stem(order.key, settings)
        name = "\(stem).\(settings.format.fileExtension)"
        guard FileName.unfinished(name).utf8.count <= FileName.bytesMax else {
            throw OrderFileFaults(faults: [SinkFault(path: "key", message: "makes too long a file name")])
        }
        switch settings.format {
        case .json: bytes = JSONValue.object(order.json).serialized() + [0x0A]
        case .csv: bytes = OrderRows(order).bytes
        case .edifactOrders, .cxmlOrderRequest:
            do throws(DocumentFaults) { bytes = try TradeOrder(order, settings).bytes } catch {
                throw OrderFileFaults(
                    faults: error.faults.map { fault in
                        let index = fault.line.map { "lines[\($0 - 1)]" } ?? ""
                        return SinkFault(path: index, message: "\(fault.element): \(fault.message)")
                    })
            }
        }
    }

    static func stem(_ key: IdempotencyKey, _ settings: FileSinkSettings) -> String { FileName.safe(settings.prefix + key.text) }

    /// The file's name stands for the number that the ERP gives it.
    static func receipt(_ lineKeys: [String], _ stem: String, _ state: SinkReceipt.State) -> SinkReceipt {
        SinkReceipt(
            erpOrderNumber: stem, state: state,
            lines: lineKeys.enumerated().map { SinkReceiptLine(lineKey: $1, erpLineNumber: Int64($0 + 1)) })
    }

    /// The keys of the order's lines, in their order; `nil` for what was not written here.
    static func lineKeys(_ bytes: [UInt8], _ format: FileSinkSettings.Format) -> [String]? {
        switch format {
        case .json:
            let lines = (try? JSONValue(parsing: bytes))?["lines"]?.arrayValue?.map { $0["line"]?.stringValue }
            return lines.flatMap { lines in lines.allSatisfy { $0 != nil } ? lines.compactMap(\.self) : nil }
        case .csv: return OrderRows.lineKeys(bytes)
        case .edifactOrders: return try? PurchaseOrder.lineReferences(inInterchange: bytes)
        case .cxmlOrderRequest: return try? OrderRequest.lineReferences(bytes)
        }
    }
}

/// An order as comma-separated values (RFC 4180): a row for each line, what belongs to the order in every one of them.
private struct OrderRows {
    let bytes: [UInt8]

    private static let columns = [
        "key", "reference", "customer_order_number", "order_date", "requested_delivery_date", "currency", "customer_code",
        "customer_name", "customer_email", "shipment_name", "shipment_street", "shipment_house_number", "shipment_zip",
        "shipment_city", "shipment_country", "line", "position", "product", "unit", "quantity", "unit_price", "taxes",
        "description",
    ]

    init(_ order: SinkOrder) {
        let (head, customer, shipment) = (order.order, order.customer, order.shipmentAddress)
        let first: [String?] = [
            order.key.text, head.reference, head.customerOrderNumber, head.orderDate, head.requestedDeliveryDate, head.currency,
            order.customerCode ?? customer?.code, customer?.name, customer?.email, shipment?.name, shipment?.street,
            shipment?.houseNumber, shipment?.postalCode, shipment?.city, shipment?.country,
        ]
        let rows = head.lines.map { line in
            let item = order.item(for: line)
            return first + [
                line.key, String(line.position), item.productCode, item.unit, item.quantity.plainSpelling,
                item.unitPrice?.plainSpelling, item.taxes.joined(separator: " "), line.description,
            ]
        }
        let text = ([Self.columns] + rows).map { $0.map { Self.cell($0 ?? "") }.joined(separator: ",") + "\r\n" }.joined()
        bytes = Array(text.utf8)
    }

    /// Quoted where it must be, and where blanks at its ends would be lost.
    private static func cell(_ text: String) -> String {
        let needsQuotes =
            text.unicodeScalars.contains { ",;\"\r\n".unicodeScalars.contains($0) } || text.first == " " || text.last == " "
        return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }

    static func lineKeys(_ bytes: [UInt8]) -> [String]? {
        let text = CSVText(bytes, separator: ",")
        guard text.faults.isEmpty, text.records.first?.cells == columns, let place = columns.firstIndex(of: "line") else {
            return nil
        }
        return text.records.dropFirst().map { $0.cells[place] }
    }
}
