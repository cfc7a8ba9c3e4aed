import Orders
import SinkKit
import TestSupport

/// Orders, what an ERP said to them and what it sent out: as odd as trade allows, the same for the same seed.
struct RandomTrade {
    var generator: SeededGenerator
    /// What texts are made of.
    let signs: [Unicode.Scalar]

    /// What every file of repertoire UNOC may hold.
    static let latin = Array("abcXYZ 019-/&<>\"'+:?.,;()äöüßÉñ£§¿ÿ".unicodeScalars)
    static let any = latin + Array("€ŁőДж中😀\u{301}\u{10FFFD}\r\n\t]]>".unicodeScalars)

    init(seed: UInt64, signs: [Unicode.Scalar]) {
        generator = SeededGenerator(seed: seed)
        self.signs = signs
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    /// Begins and ends with a letter.
    private mutating func text(_ length: ClosedRange<Int>) -> String {
        var text = String.UnicodeScalarView("a".unicodeScalars)
        for _ in 0..<max(0, number(length) - 2) { text.append(generator.pick(signs)) }
        return String(text) + "z"
    }

    private mutating func decimal(_ spellings: [String]) -> ExactDecimal {
        (try? ExactDecimal(generator.pick(spellings))) ?? ExactDecimal(1)
    }

    /// Above zero, with at most 4 decimals.
    private mutating func quantity() -> ExactDecimal {
        let whole = generator.oneIn(10) ? number(1...9_999_999) : number(1...500)
        return decimal(["\(whole)", "\(whole).50", "0.\(number(1...9))", "\(whole)e0", "\(whole).\(number(1000...9999))"])
    }

    mutating func order() -> Order {
        let count = generator.oneIn(40) ? 400 : number(1...8)
        var order = Order(id: Int64(number(1...2_000_000_000)), state: .processing)
        for position in 1...count {
            var line = OrderLine(
                id: generator.oneIn(5) ? nil : Int64(position) + 900, position: position, productKey: text(1...35),
                quantity: quantity(), unitPrice: decimal(["\(number(0...999)).\(number(1000...9999))", "0", "12"]))
            if generator.oneIn(8), position > 1 { line.type = "comment" }
            if !generator.oneIn(3) { line.description = text(1...60) }
            order.lines.append(line)
        }
        order.reference = "CS" + text(1...15)
        order.currency = "EUR"
        order.orderDate = generator.pick(["2025-11-20", "2025-03-30T02:30:00", "2025-10-26T02:30:00.123456"])
        if generator.oneIn(2) { order.requestedDeliveryDate = "2026-02-28" }
        order.invoiceAddress = .id(Int64(number(1...9999)))
        order.shipmentAddress = .originKey(origin: "cloudsuite", key: text(1...20))
        return order
    }

    mutating func receipt(for order: Order) -> SinkReceipt {
        let outcomes: [SinkReceiptLine.Outcome] = [.accepted, .accepted, .accepted, .changed, .backordered, .rejected]
        var receipt = SinkReceipt(erpOrderNumber: "SO-" + text(1...12), lines: [])
        for (index, line) in order.pushedLines.enumerated() {
            var told = SinkReceiptLine(lineKey: line.key, erpLineNumber: Int64(index + 1) * 10)
            told.outcome = generator.pick(outcomes)
            if generator.oneIn(2) { told.message = text(1...120) }
            if told.outcome == .rejected, generator.oneIn(2) { told.erpLineNumber = nil }
            receipt.lines.append(told)
        }
        return receipt
    }

    /// One of everything that has a number, in up to four packages.
    mutating func shipment(of order: Order, _ receipt: SinkReceipt) -> SinkShipment {
        let keys = receipt.lines.filter { $0.erpLineNumber != nil }.map(\.lineKey)
        var packages = (0..<number(1...4)).map { _ in
            SinkPackage(
                trackingCode: "3S" + text(1...20), weightKilograms: generator.oneIn(2) ? quantity() : nil, lines: [])
        }
        for line in order.pushedLines where keys.contains(line.key) {
            let shipped = SinkShippedLine(lineKey: line.key, quantity: quantity())
            packages[number(0...packages.count - 1)].lines.append(shipped)
        }
        packages.removeAll { $0.lines.isEmpty }
        var shipment = SinkShipment(
            id: "PS-" + text(1...12), isShared: generator.oneIn(4), shippedAt: "2025-11-21T23:30:00Z", carrier: text(1...35),
            packages: packages)
        if generator.oneIn(2) { shipment.comment = text(1...300) }
        if generator.oneIn(2) { shipment.expectedDate = "2025-11-30" }
        return shipment
    }
}
