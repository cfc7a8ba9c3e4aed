import TestSupport
import Testing

@testable import CloudSuite

@Suite struct OrderIDSetTests {
    @Test func `it holds what a plain set holds, whatever the ids`() {
        var random = SeededGenerator(seed: 7)
        var set = OrderIDSet()
        var plain: Set<Int64> = []
        for _ in 0..<20_000 {
            let id = random.pick([
                Int64.random(in: 0..<500, using: &random), Int64.random(in: -200..<200, using: &random),
                Int64.random(in: .min ... .max, using: &random), .max, .min, 63, 64,
            ])
            #expect(set.contains(id) == plain.contains(id))
            #expect(set.insert(id) == plain.insert(id).inserted)
        }
        #expect(set.count == plain.count)
        #expect(plain.allSatisfy(set.contains))
    }
}
