import Orders
import SinkKit
import Testing

@testable import Engine
@testable import OrderFlow

/// What the desk refuses, and why.
@Suite struct ObjectionTests {
    private func progress(_ reason: ReasonCode) -> OrderProgress {
        var progress = OrderProgress()
        progress.apply(.verdict(Verdict(.waiting, reason, "because")), at: Timestamp(milliseconds: 1))
        return progress
    }

    @Test func `no second create is ordered while the ERP works on the first`() {
        let again = PersonDecision(kind: .createAgain, by: "ops", reason: "because")
        #expect(OrderDesk.objection(to: again, progress(.awaitingERP)) != nil)
        #expect(OrderDesk.objection(to: again, progress(.outcomeUnknown)) == nil)
    }

    @Test(arguments: [SinkReceipt.State.draft, .confirmed])
    func `a draft isn't adopted, since nobody would confirm it then`(_ state: SinkReceipt.State) {
        let receipt = SinkReceipt(erpOrderNumber: "E1", state: state, lines: [])
        let adoption = PersonDecision(kind: .adopt(receipt), by: "ops", reason: "because")
        #expect((OrderDesk.objection(to: adoption, progress(.outcomeUnknown)) == nil) == (state == .confirmed))
    }
}
