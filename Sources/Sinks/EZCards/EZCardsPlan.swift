import Orders
import SinkKit

/// What is to be bought for an order: units of products, each under a name that the same order gives it again.
struct EZCardsPlan: Sendable {
    struct Line: Sendable {
        /// `OrderLine.key`.
        let key: String
        /// As faults name it: `lines[2]`.
        let path: String
        let sku: String
        let quantity: Int
    }

    let key: IdempotencyKey
    private(set) var lines: [Line] = []
    private(set) var faults: [SinkFault] = []

    /// More of one line are taken for a mistake.
    static let unitsPerLineMax = 10_000
    /// One request each, at some ten a second: more belong into one bulk order.
    static let instantUnitsMax = 100

    init(_ order: SinkOrder) {
        key = order.key
        for (index, line) in order.order.lines.enumerated() {
            let item = order.item(for: line)
            let path = "lines[\(index)]"
            guard let quantity = item.quantity.count(upTo: Self.unitsPerLineMax) else {
                faults.append(
                    SinkFault(
                        path: "\(path).quantity",
                        message:
                            "codes are sold by the piece, from 1 to \(Self.unitsPerLineMax), and this is \(item.quantity.spelling)"
                    ))
                continue
            }
            lines.append(Line(key: line.key, path: path, sku: item.productCode, quantity: quantity))
        }
        if lines.isEmpty, faults.isEmpty { faults.append(SinkFault(message: "there is nothing to buy")) }
    }

    var skus: [String] {
        var skus: [String] = []
        for line in lines where !skus.contains(line.sku) { skus.append(line.sku) }
        return skus
    }

    var unitCount: Int { lines.reduce(0) { $0 + $1.quantity } }

    // MARK: Names

    /// What is bought first stands under the order's key as it is, so that the key alone finds it.
    static func firstNumber(_ key: IdempotencyKey) -> String { key.text }

    /// `crossdock:shop:48193.70011.3` for the third unit of line 70011.
    func number(_ line: Line, unit: Int) -> String {
        if line.key == lines.first?.key, unit == 1 { return Self.firstNumber(key) }
        let name = line.key.hasPrefix("id:") ? String(line.key.dropFirst(3)) : line.key.replacing("position:", with: "p")
        return "\(key.text).\(name).\(unit)"
    }

    /// `crossdock:shop:48193.USD` for the second currency's bulk order.
    func number(bulk currency: String, isFirst: Bool) -> String {
        isFirst ? Self.firstNumber(key) : "\(key.text).\(currency)"
    }
}
