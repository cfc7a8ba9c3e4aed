internal import Testing

@testable internal import Simulators

struct RankedIDsTests {
    @Test func `pages stay right over thousands of changes`() {
        var random = SeededRandom(seed: 3)
        var model = Set((0..<3000).map { $0 * 2 })
        var ranked = RankedIDs(model.map { RankedIDs.Entry(rank: UInt64($0), id: $0) })
        for _ in 0..<6000 {
            let id = random.below(6000)
            let entry = RankedIDs.Entry(rank: UInt64(id), id: id)
            if model.remove(id) != nil { ranked.remove(entry) } else { model.insert(id); ranked.insert(entry) }
            if random.below(10) == 0 { ranked.insert(entry); model.insert(id) }
        }
        let sorted = model.sorted()
        #expect(ranked.count == sorted.count)
        for offset in [0, 1, 255, 256, 257, 1500, sorted.count - 1, sorted.count, sorted.count + 5] {
            #expect(ranked.page(offset: offset, limit: 50) == Array(sorted.dropFirst(offset).prefix(50)))
        }
        #expect(ranked.page(offset: 0, limit: .max) == sorted)
    }

    @Test func `the last one out leaves nothing, and the first one in is found`() {
        let entry = RankedIDs.Entry(rank: 5, id: 5)
        var ranked = RankedIDs([entry])
        ranked.remove(entry)
        ranked.remove(entry)
        #expect(ranked.count == 0)
        #expect(ranked.page(offset: 0, limit: 10) == [])
        ranked.insert(entry)
        #expect(ranked.page(offset: 0, limit: 10) == [5])
    }
}
