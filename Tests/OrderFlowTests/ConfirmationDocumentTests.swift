import OrderFlow
import Orders
import SinkKit
import Testing

/// One cXML document in place of number and lines.
@Suite struct ConfirmationDocumentTests {
    private static let cause = DocumentCause.confirmation(erpOrderNumber: "E1")

    private static func pushed(_ configure: (inout FlowPolicy) -> Void = { _ in }) -> Story {
        var story = Story(Story.k) { policy in
            policy.confirmation = DocumentPolicy()
            configure(&policy)
        }
        story.push()
        story.after(.milliseconds(10))
        story.read()
        return story
    }

    @Test func `the order is marked first, then the document is made and sent`() {
        var story = Self.pushed()
        #expect(story.next == .write([.mark]))
        story.after(.milliseconds(10))
        story.read(Story.marked)
        #expect(story.next == .render(Self.cause))
        story.render(Self.cause, "payload-1")
        #expect(story.next == .send(ordinal: 1))
    }

    @Test func `an order may go on without a confirmation that can't be made, when a person says so`() {
        var story = Self.pushed()
        story.read(Story.marked)
        story.note(.documentImpossible(Self.cause, [SinkFault(message: "the shop gave the order no reference")]))
        #expect(story.standing == .quarantined && story.reason == .documentImpossible)
        story.settle()
        story.decide(.release)
        story.after(.milliseconds(10))
        story.read(Story.marked)
        #expect(story.next == .write([.close]))
    }

    @Test func `it is done when the shop shows number and lines in a read that began after the answer`() {
        var story = Self.pushed()
        story.read(Story.marked)
        story.render(Self.cause, "payload-1")
        story.send(1, .acknowledged, shown: Story.numbered)
        #expect(story.standing == .waiting, "the lines are missing still")
        story.after(.seconds(6))
        story.read(Story.lined)
        #expect(story.next == .write([.close]))
    }

    @Test func `a read older than the answer is no evidence`() {
        var story = Self.pushed()
        story.read(Story.marked)
        story.render(Self.cause, "payload-1")
        story.note(.documentSending(ordinal: 1))
        story.note(.documentEnded(ordinal: 1, .sent))
        #expect(story.next == .read)
    }

    @Test func `what was taken and doesn't show becomes unknown, and no second document is made`() {
        var story = Self.pushed { $0.confirmationShowsWithin = .seconds(60) }
        story.read(Story.marked)
        story.render(Self.cause, "payload-1")
        story.send(1, .acknowledged, shown: Story.marked)
        story.after(.seconds(61))
        story.read(Story.marked)
        guard case .doubt(ordinal: 1, _) = story.next else {
            Issue.record("\(story.next)")
            return
        }
        story.note(.documentEnded(ordinal: 1, .unknown("not shown")))
        story.read(Story.marked)
        #expect(story.standing == .quarantined && story.reason == .documentUnknown)
        story.read(Story.lined)
        #expect(story.next == .recordEvidence(ordinal: 1), "whatever was known before, it arrived")
        story.note(.documentEnded(ordinal: 1, .acknowledged))
        story.read(Story.lined)
        #expect(story.next == .write([.close]))
    }

    @Test func `numbers that the shop shows already need no document`() {
        var story = Self.pushed()
        story.read(Story.lined)
        #expect(story.next == .write([.close]))
    }
}
