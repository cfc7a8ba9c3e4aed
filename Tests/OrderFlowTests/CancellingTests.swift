import OrderFlow
import Orders
import SinkKit
import Testing

/// The shop cancels an order that the ERP has, and the flow has the ERP cancel it, too.
@Suite struct CancellingTests {
    private static let refusal = SinkEvent.Kind.answer(.rejected([SinkFault(message: "it is in the oven")]))

    /// Finished, and read again as the shop shows it now.
    private static func cancelled(
        _ configure: (inout FlowPolicy) -> Void = { $0.cancel = .erp }, in state: OrderState = .cancelled
    ) -> Story {
        var story = Story(Story.n, configure)
        story.finish()
        story.after(.seconds(60))
        story.read { reading in
            Story.finished(&reading)
            reading.state = state
        }
        return story
    }

    private static func asked(_ end: CancelEnd?) -> Story {
        var story = cancelled()
        story.note(.cancelAsked)
        if let end { story.note(.cancelEnded(end)) }
        return story
    }

    @Test func `without a word from the flow a person is told, and the ERP isn't asked`() {
        let story = Self.cancelled({ _ in })
        #expect(story.standing == .quarantined && story.reason == .cancelledAfterPush)
    }

    @Test func `the ERP is asked where the flow says so, and only for what the shop cancelled`() {
        #expect(Self.cancelled().next == .cancel(Story.receipt))
        #expect(Self.cancelled(in: .processing).standing == .finished)
    }

    @Test func `whoever asked and is gone asks once more, and so does one that nothing came of`() {
        #expect(Self.asked(nil).next == .cancel(Story.receipt))
        #expect(Self.asked(.notApplied("no connection")).next == .cancel(Story.receipt))
        var story = Self.asked(.notApplied("no connection"))
        story.fail("cancel", .transient, after: .seconds(5))
        #expect(story.standing == .waiting && story.reason == .retryLater)
    }

    @Test func `cancelled in both is an end, until the shop shows it otherwise`() {
        var story = Self.asked(.cancelled)
        #expect(story.standing == .dismissed && story.reason == .cancelledEverywhere)
        story.settle()
        story.after(.seconds(60))
        #expect(story.next == .read)
        story.read(Story.marked)
        #expect(story.standing == .quarantined && story.reason == .cancelledInERP)
        story.decide(.newKey)
        story.read()
        #expect(story.next == .create(attempt: 2))
    }

    @Test func `what the ERP keeps is a person's, who may have it asked once more`() {
        var story = Self.asked(.refused("it is in the oven"))
        #expect(story.standing == .quarantined && story.reason == .cancelledAfterPush)
        #expect(story.rest?.sentence.contains("it is in the oven") == true)
        story.decide(.rerun)
        story.read { $0.state = .cancelled }
        #expect(story.next == .cancel(Story.receipt))
    }

    @Test func `a message is waited for, and silence is a person's; nobody asks again by himself`() {
        var story = Self.asked(.unknown("the answer comes by message", until: Story.start + .seconds(360)))
        #expect(story.standing == .waiting && story.reason == .cancelling)
        story.settle()
        story.after(.seconds(400))
        story.read { $0.state = .cancelled }
        #expect(story.standing == .quarantined && story.reason == .cancelledAfterPush)
    }

    @Test func `a message says that it is cancelled, or that it isn't`() {
        let unknown = CancelEnd.unknown("the answer comes by message", until: Story.start + .seconds(360))
        for end in [nil, unknown] {
            var yes = Self.asked(end)
            #expect(yes.hear(.cancelled("")) == .cancelled)
            yes.read { $0.state = .cancelled }
            #expect(yes.reason == .cancelledEverywhere)
            var no = Self.asked(end)
            #expect(no.hear(Self.refusal) == .cancelRefused)
            no.read { $0.state = .cancelled }
            #expect(no.reason == .cancelledAfterPush && no.rest?.sentence.contains("it is in the oven") == true)
            #expect(no.progress.receipt == Story.receipt, "it refused the cancellation, not the order")
        }
    }

    @Test func `a message still answers the first request to cancel, though a later one didn't reach the ERP`() {
        var story = Self.asked(.unknown("the answer comes by message", until: Story.start + .seconds(360)))
        story.decide(.rerun)
        story.note(.cancelAsked)
        story.note(.cancelEnded(.notApplied("429")))
        #expect(story.hear(Self.refusal) == .cancelRefused)
        story.read { $0.state = .cancelled }
        #expect(story.reason == .cancelledAfterPush && story.rest?.sentence.contains("it is in the oven") == true)
    }

    @Test func `that the ERP took the order, said once more, says nothing of its cancellation`() {
        var story = Self.asked(.unknown("the answer comes by message", until: Story.start + .seconds(360)))
        #expect(story.hear(.answer(.accepted(Story.receipt))) == .repeated)
        #expect(story.reason == .cancelling)
    }

    @Test func `a refusal that nobody asked for contradicts the acceptance, as ever`() {
        var story = Self.cancelled(in: .processing)
        #expect(story.hear(Self.refusal) == .contradicted)
    }

    @Test func `what the ERP cancelled by itself and the shop, too, is no person's any more`() {
        var story = Self.cancelled(in: .processing)
        #expect(story.hear(.cancelled("sold out")) == .cancelled)
        #expect(story.next == .read || story.reason == .cancelledInERP)
        story.read(Story.marked)
        #expect(story.reason == .cancelledInERP)
        story.read { $0.state = .cancelled }
        #expect(story.reason == .cancelledEverywhere)
    }
}
