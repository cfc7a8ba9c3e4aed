import CloudSuite
import TestSupport
import Testing

/// Lists that a seeded adversary changes between the requests.
@Suite struct ListWalkPropertyTests {
    private struct Trial {
        var random: SeededGenerator
        var list: ModelList
        let limit: Int
        /// Who may never leave.
        let stay: Set<Int64>
        private var nextID: Int64 = 1_000_000

        init(seed: UInt64) {
            var random = SeededGenerator(seed: seed)
            let count = Int.random(in: 0...400, using: &random)
            var ids = (0..<Int64(count)).map { $0 }
            switch Int.random(in: 0..<3, using: &random) {
            case 0: ids.shuffle(using: &random)
            case 1: ids.reverse()
            default: break
            }
            var list = ModelList(ids: ids)
            let limit = Int.random(in: 2...40, using: &random)
            if Bool.random(using: &random) { list.pageMax = Int.random(in: 2...limit, using: &random) }
            list.isCounted = Int.random(in: 0..<4, using: &random) > 0
            let share: Double = Double.random(in: 0.05...0.9, using: &random)
            stay = Set(ids.filter { _ in Double.random(in: 0..<1, using: &random) < share })
            (self.random, self.list, self.limit) = (random, list, limit)
        }

        /// Takes out single orders, stretches and heaps of them at and around where the walk is, and puts new ones anywhere.
        mutating func act(_ list: inout ModelList) {
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1: break
            case 2: remove(Int.random(in: 1...3, using: &random), from: &list, stretch: false)
            case 3: remove(Int.random(in: 1...(3 * limit), using: &random), from: &list, stretch: true)
            case 4: remove(Int.random(in: 1...(2 * limit), using: &random), from: &list, stretch: false)
            default:
                for _ in 0..<Int.random(in: 1...5, using: &random) {
                    list.ids.insert(nextID, at: Int.random(in: 0...list.ids.count, using: &random))
                    nextID += 1
                }
            }
        }

        private mutating func remove(_ count: Int, from list: inout ModelList, stretch: Bool) {
            let start = Int.random(in: 0...max(0, list.ids.count - 1), using: &random)
            var left = count
            if stretch {
                list.ids = list.ids.enumerated().filter { index, id in
                    guard index >= start, left > 0, !stay.contains(id) else { return true }
                    left -= 1
                    return false
                }.map(\.element)
                return
            }
            for _ in 0..<count where !list.ids.isEmpty {
                let index = Int.random(in: 0..<list.ids.count, using: &random)
                if !stay.contains(list.ids[index]) { list.ids.remove(at: index) }
            }
        }

        mutating func run() -> ModelList.Outcome {
            var trial = self
            let outcome = list.walked(limit: limit) { soFar, list in
                if soFar.requests > 0 { trial.act(&list) }
            }
            return outcome
        }
    }

    @Test func `no order that stayed is missed by a walk that says it is complete`() {
        var complete = 0
        for seed in 0..<1500 as Range<UInt64> {
            var trial = Trial(seed: seed)
            let outcome = trial.run()
            #expect(Set(outcome.seen).count == outcome.seen.count, "seed \(seed): no order is handed out twice")
            guard outcome.isComplete else { continue }
            complete += 1
            let missed = trial.stay.subtracting(outcome.seen)
            #expect(missed.isEmpty, "seed \(seed) missed \(missed.sorted())")
        }
        #expect(complete > 750, "most walks come to an end, or the test shows nothing: \(complete)")
    }

    @Test func `a walk through 200,000 orders asks for each page once`() {
        var list = ModelList(ids: (0..<200_000).map { $0 })
        let outcome = list.walked(limit: 500)
        #expect(outcome.isComplete && outcome.seen.count == 200_000)
        #expect(outcome.requests <= 200_000 / 499 + 1)
    }
}
