import Orders

/// What a flaw does to the content of an order.
extension ReferenceERP {
    func kept(_ decimal: ExactDecimal) -> ExactDecimal {
        switch flaw {
        case .bendsDecimals: (try? ExactDecimal("\(Double(decimal.spelling) ?? 0)")) ?? .zero
        case .roundsToCents: (try? ExactDecimal(Self.cents(decimal.spelling))) ?? .zero
        case .dropsTheSign: decimal.magnitude
        default: decimal
        }
    }

    func kept(_ text: String) -> String {
        flaw == .writesASCII ? String(text.map { $0.isASCII ? $0 : "?" }) : text
    }

    func flawed(_ lines: [Line]) -> [Line] {
        switch flaw {
        case .losesTheLastOfManyLines where lines.count > 100: return Array(lines.dropLast())
        case .takesTheGoodHalf: return lines.filter { Self.products.contains($0.product) }
        case .mergesLinesOfAProduct:
            var merged: [Line] = []
            for line in lines {
                if let index = merged.firstIndex(where: { $0.product == line.product }) {
                    merged[index].quantity = merged[index].quantity.adding(line.quantity) ?? line.quantity
                } else {
                    merged.append(line)
                }
            }
            return merged
        default: return lines
        }
    }

    /// Cut off behind the second decimal.
    private static func cents(_ spelling: String) -> String {
        guard let point = spelling.firstIndex(of: ".") else { return spelling }
        return String(spelling[..<(spelling.index(point, offsetBy: 3, limitedBy: spelling.endIndex) ?? spelling.endIndex)])
    }
}
