/// A set of the shop's order ids, which mostly follow one another: 64 neighbours share a word.
package struct OrderIDSet: Sendable {
    private var words: [Int64: UInt64] = [:]
    package private(set) var count = 0

    package init() {}

    package func contains(_ id: Int64) -> Bool { words[id >> 6].map { $0 & Self.bit(of: id) != 0 } ?? false }

    /// - Returns: whether it wasn't there before.
    @discardableResult
    package mutating func insert(_ id: Int64) -> Bool {
        let bit = Self.bit(of: id)
        let isNew = words[id >> 6, default: 0] & bit == 0
        if isNew {
            words[id >> 6, default: 0] |= bit
            count += 1
        }
        return isNew
    }

    private static func bit(of id: Int64) -> UInt64 { 1 << UInt64(id & 63) }
}
