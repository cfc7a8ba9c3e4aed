package import Orders

/// The `providerOrderId` of an order: a UUID that holds its idempotency key, so that the same order always has the same one, and a
/// webhook is of the order that it names without anything having been kept.
///
/// UUID version 8 (RFC 9562, 5.8), its custom bits from left to right: 48 bits of a digest of the shop's name, 12 of the generation,
/// 62 of the shop's order id. `7c7423ca-5b19-8001-8000-00000000bc41` is order 48193 (0xbc41) of the shop `webshop`, in generation 1.
package struct KhumbuOrderID: Sendable, Equatable, CustomStringConvertible {
    /// In lower case.
    package let text: String

    package var description: String { text }

    private static let generationMax = 0xFFF
    private static let orderIDMax = Int64(1) << 62

    /// `nil` where the key doesn't fit: an order id below 0, or a generation above 4095.
    package init?(_ key: IdempotencyKey) {
        guard (0..<Self.orderIDMax).contains(key.order.orderID), (1...Self.generationMax).contains(key.generation) else {
            return nil
        }
        let high = Self.digest(ofShop: key.order.shop) << 16 | 0x8000 | UInt64(key.generation)
        let low = UInt64(1) << 63 | UInt64(key.order.orderID)
        let digits = Self.hexadecimal(high) + Self.hexadecimal(low)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        self.text = text
    }

    /// The key that it was made of; `nil` where it is none of ours.
    ///
    /// - Parameter shops: the names that keys may have.
    package static func key(of text: String, shops: [String]) -> IdempotencyKey? {
        let parts = text.lowercased().split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [8, 4, 4, 4, 12], let high = UInt64(parts[0...2].joined(), radix: 16),
            let low = UInt64(parts[3...4].joined(), radix: 16),
            let shop = shops.first(where: { digest(ofShop: $0) == high >> 16 })
        else { return nil }
        let key = IdempotencyKey(
            order: OrderKey(shop: shop, orderID: Int64(low & ~(3 << 62))), generation: Int(high & UInt64(generationMax)))
        return KhumbuOrderID(key)?.text == text.lowercased() ? key : nil
    }

    /// FNV-1a, 64 bits, folded to 48.
    private static func digest(ofShop name: String) -> UInt64 {
        let hash = ContentHash.fnv1a(name.utf8)
        return (hash >> 48) ^ (hash & 0xFFFF_FFFF_FFFF)
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

/// Tells contents apart; protects from nobody.
enum ContentHash {
    /// FNV-1a, 64 bits (Fowler, Noll, Vo).
    static func fnv1a(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
