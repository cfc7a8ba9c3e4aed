/// Ids in the order of the list, with quick insertion, removal and access by offset.
///
/// A row of sorted chunks of at most 512: a change moves a few kilobytes, and an offset is found by stepping over the chunks.
struct RankedIDs: Sendable {
    struct Entry: Sendable, Equatable, Comparable {
        let rank: UInt64
        let id: Int

        static func < (left: Self, right: Self) -> Bool { (left.rank, left.id) < (right.rank, right.id) }
    }

    private static let chunkMax = 512
    private var chunks: [[Entry]] = []
    private(set) var count = 0

    init(_ entries: [Entry]) {
        let sorted = entries.sorted()
        count = sorted.count
        chunks = stride(from: 0, to: count, by: Self.chunkMax / 2).map {
            Array(sorted[$0..<min(count, $0 + Self.chunkMax / 2)])
        }
    }

    mutating func insert(_ entry: Entry) {
        guard let chunk = chunks.firstIndex(where: { entry < $0[$0.count - 1] }) ?? chunks.indices.last else {
            chunks = [[entry]]
            count = 1
            return
        }
        let place = Self.place(of: entry, in: chunks[chunk])
        guard place == chunks[chunk].count || chunks[chunk][place] != entry else { return }
        chunks[chunk].insert(entry, at: place)
        count += 1
        if chunks[chunk].count > Self.chunkMax {
            let half = Self.chunkMax / 2
            chunks.insert(Array(chunks[chunk][half...]), at: chunk + 1)
            chunks[chunk].removeSubrange(half...)
        }
    }

    mutating func remove(_ entry: Entry) {
        guard let chunk = chunks.firstIndex(where: { entry <= $0[$0.count - 1] }) else { return }
        let place = Self.place(of: entry, in: chunks[chunk])
        guard place < chunks[chunk].count, chunks[chunk][place] == entry else { return }
        chunks[chunk].remove(at: place)
        count -= 1
        if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
    }

    /// The ids from an offset on, at most `limit`.
    func page(offset: Int, limit: Int) -> [Int] {
        var ids: [Int] = []
        var skip = offset
        for chunk in chunks {
            guard ids.count < limit else { break }
            if skip < chunk.count { ids += chunk[skip...].prefix(limit - ids.count).map(\.id) }
            skip = max(0, skip - chunk.count)
        }
        return ids
    }

    private static func place(of entry: Entry, in chunk: [Entry]) -> Int {
        var low = 0, high = chunk.count
        while low < high {
            let middle = (low + high) / 2
            if chunk[middle] < entry { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
