import Orders
import SinkKit
import Testing

@testable import Engine
@testable import OrderFlow

/// What the desk refuses, and why.
@Suite struct ObjectionTests {
    private static let policy = FlowPolicy(sinkClass: .neither, ledgerCreatedAt: Timestamp(milliseconds: 0))

    private static let intent = CreateIntent(attempt: 1, generation: 1, contentDigest: "content", payloadDigest: "payload")

    private func progress(_ reason: ReasonCode) -> OrderProgress {
        var progress = OrderProgress()
        progress.apply(.verdict(Verdict(.waiting, reason, "because")), at: Timestamp(milliseconds: 1))
        return progress
    }

    @Test func `no second create is ordered while the ERP works on the first`() {
        let again = PersonDecision(kind: .createAgain, by: "ops", reason: "because")
        #expect(OrderDesk.objection(to: again, progress(.awaitingERP), Self.policy) != nil)
        #expect(OrderDesk.objection(to: again, progress(.outcomeUnknown), Self.policy) == nil)
    }

    @Test func `another key is ordered where an ERP that can't be asked may hold the first one used`() {
        let newKey = PersonDecision(kind: .newKey, by: "ops", reason: "because")
        #expect(OrderDesk.objection(to: newKey, OrderProgress(), Self.policy) != nil, "nothing was sent yet")
        var refused = progress(.rejected)
        refused.apply(.createIntended(Self.intent), at: Timestamp(milliseconds: 2))
        refused.apply(.createEnded(attempt: 1, .rejected([SinkFault(message: "no such item")])), at: Timestamp(milliseconds: 3))
        #expect(OrderDesk.objection(to: newKey, refused, Self.policy) == nil)
        var asked = Self.policy
        asked.sinkClass = .key(retention: nil, latestEffect: nil)
        #expect(OrderDesk.objection(to: newKey, refused, asked) != nil, "this one takes the same key again")
        refused.apply(.verdict(Verdict(.waiting, .awaitingERP, "because")), at: Timestamp(milliseconds: 4))
        #expect(OrderDesk.objection(to: newKey, refused, Self.policy) != nil)
    }

    @Test(arguments: ["SO-1", "124 578/2", "", " ", "SO-1 ", "SO-\n9", "SO\u{202E}1"])
    func `a number that nobody could read is no number to adopt`(_ number: String) {
        let adoption = PersonDecision(
            kind: .adopt(SinkReceipt(erpOrderNumber: number, lines: [])), by: "ops", reason: "because")
        let isGood = ["SO-1", "124 578/2"].contains(number)
        #expect((OrderDesk.objection(to: adoption, progress(.outcomeUnknown), Self.policy) == nil) == isGood)
    }

    @Test(arguments: [SinkReceipt.State.draft, .confirmed])
    func `a draft isn't adopted, since nobody would confirm it then`(_ state: SinkReceipt.State) {
        let receipt = SinkReceipt(erpOrderNumber: "E1", state: state, lines: [])
        let adoption = PersonDecision(kind: .adopt(receipt), by: "ops", reason: "because")
        #expect((OrderDesk.objection(to: adoption, progress(.outcomeUnknown), Self.policy) == nil) == (state == .confirmed))
    }
}
