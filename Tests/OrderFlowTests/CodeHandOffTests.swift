import OrderFlow
import Orders
import SinkKit
import Testing

/// The document that hands an order's digital codes over.
@Suite struct CodeHandOffTests {
    private static let cause = DocumentCause.codes(erpOrderNumber: "E1")

    private static func story(_ configure: (inout FlowPolicy) -> Void = { _ in }) -> Story {
        Story(Story.k) { policy in
            policy.codeHandOff = DocumentPolicy()
            configure(&policy)
        }
    }

    /// The ERP has it and handed codes out, and the shop shows its numbers.
    private static func bought(generation: Int = 1, _ configure: (inout FlowPolicy) -> Void = { _ in }) -> Story {
        var story = story(configure)
        story.push()
        story.note(.codesStored([CodeName(generation: generation, lineKey: "id:1", unit: 1, label: "code")]))
        story.after(.milliseconds(10))
        story.read(Story.lined)
        return story
    }

    @Test func `it is made once the shop shows the ERP's numbers, and before the order is closed`() {
        var story = Self.bought()
        #expect(story.next == .render(Self.cause))
        story.render(Self.cause, "E1.codes")
        #expect(story.next == .send(ordinal: 1))
        story.send(1)
        #expect(story.next == .write([.close]))
    }

    @Test func `an order without codes, or whose codes are of a key of before, has nothing to hand over`() {
        var story = Self.story()
        story.push()
        story.after(.milliseconds(10))
        story.read(Story.lined)
        #expect(story.next == .write([.close]))
        #expect(Self.bought(generation: 7).next == .write([.close]))
        #expect(Self.bought { $0.codeHandOff = nil }.next == .write([.close]))
    }

    @Test func `it is never sent again by itself when nobody knows whether it arrived`() {
        var story = Self.bought()
        story.render(Self.cause, "E1.codes")
        story.send(1, .unknown("cut off"))
        #expect(story.reason == .documentUnknown)
        story.settle()
        story.after(.seconds(86_400))
        story.read(Story.lined)
        #expect(story.reason == .documentUnknown)
        story.decide(.release)
        story.read(Story.lined)
        #expect(story.next == .write([.close]))
    }

    @Test func `after the ledger was rebuilt a person is asked before the buyer may get them twice`() {
        var story = Self.bought()
        story.note(.restored(Restoration()))
        story.read(Story.lined)
        #expect(story.next == .render(Self.cause))
        story.render(Self.cause, "E1.codes")
        guard case .doubt(ordinal: 1, _) = story.next else {
            Issue.record("\(story.next)")
            return
        }
    }

    @Test func `what was bought by a ledger that is lost is a person's, and isn't closed without its codes`() {
        for deliversSecrets in [true, false] {
            var story = Story(Story.k) { $0.deliversSecrets = deliversSecrets }
            story.read { $0.state = .processing }
            #expect(story.next == .seek)
            var draft = Story.receipt
            draft.state = .draft
            story.note(.sought(.found(draft)))
            #expect((story.next == .keepDraft) == !deliversSecrets)
            if deliversSecrets { #expect(story.reason == .processedElsewhere && story.standing == .quarantined) }
        }
    }

    @Test func `codes that turn out damaged are a person's, also once the document is made`() {
        var story = Self.bought()
        story.note(.documentImpossible(Self.cause, [SinkFault(message: "1 of the 2 codes is gone")]))
        #expect(story.reason == .documentImpossible)
        var made = Self.bought()
        made.render(Self.cause, "E1.codes")
        made.note(.documentImpossible(Self.cause, [SinkFault(message: "it isn't what was sealed")]))
        #expect(made.reason == .documentImpossible)
        made.settle()
        made.decide(.rerun)
        made.read(Story.lined)
        #expect(made.next == .render(Self.cause), "it is made anew of the codes")
    }

    @Test func `an order that was finished before is left as it is`() {
        var story = Story(Story.k)
        story.push()
        story.note(.codesStored([CodeName(generation: 1, lineKey: "id:1", unit: 1, label: "code")]))
        story.after(.milliseconds(10))
        story.read(Story.finished)
        story.settle()
        story.policy.codeHandOff = DocumentPolicy()
        story.after(.seconds(3600))
        story.read(Story.finished)
        #expect(story.standing == .finished)
    }
}
