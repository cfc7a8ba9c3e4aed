import OrderFlow
import Orders
import SinkKit
import Testing

/// Thousands of random paths through lost answers, late effects, crashes, edits, people's decisions and ledgers that lost the tails of
/// their journals.
@Suite struct WalkTests {
    static let classes: [SinkClass] = [
        Story.k, .key(retention: nil, latestEffect: WalkModel.latestEffect), .lookUp(latestEffect: WalkModel.latestEffect),
        Story.n,
    ]

    @Test(arguments: classes)
    func `whatever happens, an order is in the ERP once and ends somewhere with a reason`(_ sinkClass: SinkClass) {
        var (finished, tailsLost, draftsCarriedOn) = (0, 0, 0)
        for seed in 1...1500 as ClosedRange<UInt64> {
            var walk = WalkModel(sinkClass, seed: seed)
            walk.run()
            tailsLost += walk.tailsLost
            #expect(walk.violations == [], "seed \(seed)")
            #expect(walk.isAtRest, "seed \(seed): \(walk.decisions) decisions without an end")
            let allowed = sinkClass == .neither ? 1 + walk.createsOrdered : 1
            #expect(walk.erpOrders.count <= allowed, "seed \(seed)")
            if walk.story.progress.verdict?.standing == .finished {
                finished += 1
                #expect(walk.erpOrders.count >= 1, "seed \(seed)")
                #expect(!walk.erpOrders.contains { $0.isDraft }, "seed \(seed): finished, and the ERP won't deliver it")
                draftsCarriedOn += walk.draftsCarriedOn
                let progress = walk.story.progress
                #expect(progress.reading?.erpOrderNumber == progress.receipt?.erpOrderNumber, "seed \(seed)")
                #expect(progress.reading?.state == .processing && progress.reading?.shipment == .sent, "seed \(seed)")
            }
        }
        #expect(tailsLost > 150, "journals must lose their tails often enough to prove something: \(tailsLost)")
        #expect(draftsCarriedOn > (sinkClass.canFind ? 10 : -1), "\(draftsCarriedOn)")
        #expect(finished > 200, "the walk must reach the end often enough to prove something: \(finished)")
    }
}
