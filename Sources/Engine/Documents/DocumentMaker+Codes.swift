import CloudSuite
package import Documents
package import OrderFlow
package import Orders
package import SinkKit

/// One of an order's codes, opened.
package struct OpenedCode: Sendable {
    package var name: CodeName
    package var secret: SinkSecret

    package init(name: CodeName, secret: SinkSecret) {
        self.name = name
        self.secret = secret
    }
}

extension DocumentMaker {
    /// An order's digital codes, for whoever gives them to the buyer; what it looks like is ``DocumentStyle/codes``.
    ///
    /// - Throws: ``DocumentFaults`` where there is no code, or where they belong to lines that the order doesn't have.
    package func codes(
        _ codes: [OpenedCode], of order: Order, receipt: SinkReceipt, shop: String, at: Timestamp
    ) throws(DocumentFaults) -> OutgoingDocument {
        guard let style = style.codes else { throw Self.missing("code_hand_off") }
        if codes.isEmpty { throw DocumentFaults(faults: [DocumentFault(element: "codes", "the ledger has none")]) }
        let strange = codes.map(\.name.lineKey).filter { key in !order.lines.contains { $0.key == key } }
        if let key = strange.first {
            throw DocumentFaults(
                faults: [DocumentFault(element: "codes", "the order has no line \(key) any more, which codes were bought for")])
        }
        let number = "\(receipt.erpOrderNumber).codes"
        let body =
            switch style {
            case .lines: lines(codes, of: order, receipt: receipt, shop: shop, number: number, at: at)
            case .status(let id, let language, let text):
                status(
                    id: id, language: language, text: text.replacing("{codes}", with: Self.list(codes, of: order)),
                    of: order, receipt: receipt, at: at)
            }
        return OutgoingDocument(kind: .codes, number: number, bytes: JSONValue.object(body).serialized())
    }

    /// Codes by line and unit; `document` is the same on every try, so that a receiver can take it once.
    private func lines(
        _ codes: [OpenedCode], of order: Order, receipt: SinkReceipt, shop: String, number: String, at: Timestamp
    ) -> JSONObject {
        let lines = order.lines.filter { line in codes.contains { $0.name.lineKey == line.key } }.map { line in
            Self.json(line, codes.filter { $0.name.lineKey == line.key })
        }
        return JSONObject([
            ("document", .text(number)), ("shop", .text(shop)), ("order_id", .integer(order.id)),
            ("reference", .text(order.reference)), ("erp_order_number", .text(receipt.erpOrderNumber)),
            ("made_at", .text(clock.text(at))), ("lines", .array(lines)),
        ])
    }

    private static func json(_ line: OrderLine, _ codes: [OpenedCode]) -> JSONValue {
        let units = units(codes).map { unit, labelled in
            JSONValue.object(
                JSONObject(
                    [("unit", .integer(unit))] + labelled.map { ($0.name.label, .text($0.secret.reveal())) }))
        }
        return [
            "line": .text(line.key), "product": .text(line.productKey), "description": .text(line.description),
            "units": .array(units),
        ]
    }

    /// A line of text for each unit.
    private static func list(_ codes: [OpenedCode], of order: Order) -> String {
        order.lines.flatMap { line -> [String] in
            units(codes.filter { $0.name.lineKey == line.key }).map { _, labelled in
                let values = labelled.map { "\($0.name.label) \($0.secret.reveal())" }.joined(separator: ", ")
                return "\(line.description ?? line.productKey): \(values)"
            }
        }.joined(separator: "\n")
    }

    /// By unit, in the order of the units; of each unit the labels in the order of their names.
    private static func units(_ codes: [OpenedCode]) -> [(unit: Int, codes: [OpenedCode])] {
        Set(codes.map(\.name.unit)).sorted().map { unit in
            (unit, codes.filter { $0.name.unit == unit }.sorted { $0.name.label < $1.name.label })
        }
    }
}
