import OrderFlow
import Orders
import SinkKit
import Testing

/// A document that tells a trading partner what became of an order's lines.
@Suite struct OrderResponseTests {
    private static let cause = DocumentCause.orderResponse(erpOrderNumber: "E1")

    private static func story(_ configure: (inout FlowPolicy) -> Void = { _ in }) -> Story {
        Story(Story.k) { policy in
            policy.orderResponse = DocumentPolicy()
            configure(&policy)
        }
    }

    private static func confirmed(_ configure: (inout FlowPolicy) -> Void = { _ in }) -> Story {
        var story = story(configure)
        story.push()
        story.after(.milliseconds(10))
        story.read(Story.lined)
        return story
    }

    @Test func `it is made once the shop shows the ERP's numbers, and before the order is closed`() {
        var story = Self.story()
        story.push()
        story.after(.milliseconds(10))
        story.read(Story.numbered)
        #expect(story.next == .write([.lines]))
        story.read(Story.lined)
        #expect(story.next == .render(Self.cause))
        story.render(Self.cause, "E7A0000042")
        #expect(story.next == .send(ordinal: 1))
        story.send(1)
        #expect(story.next == .write([.close]))
        story.after(.milliseconds(10))
        story.read(Story.finished)
        #expect(story.standing == .finished)
    }

    @Test func `no shipment is asked for before it is with the partner`() {
        var story = Self.confirmed { $0.despatch = DocumentPolicy() }
        #expect(story.next == .render(Self.cause))
        story.render(Self.cause, "E7A0000042")
        story.send(1)
        #expect(story.next == .askShipments)
    }

    @Test func `one that is refused, or of which nobody knows whether it arrived, waits for a person`() {
        for end in [DocumentEnd.refused("no"), .unknown("cut off")] {
            var story = Self.confirmed()
            story.render(Self.cause, "E7A0000042")
            story.send(1, end)
            #expect(story.standing == .quarantined)
            story.settle()
            story.decide(.release)
            story.read(Story.lined)
            #expect(story.next == .write([.close]))
        }
    }

    @Test func `one that can't be made is said with what is missing, and made when that is mended`() {
        var story = Self.confirmed()
        story.note(.documentImpossible(Self.cause, [SinkFault(message: "the shop gave the order no reference")]))
        #expect(story.reason == .documentImpossible)
        story.settle()
        story.decide(.rerun)
        story.read(Story.lined)
        #expect(story.next == .render(Self.cause))
    }

    @Test func `whoever brought the order into the ERP may have told of it, so a person is asked`() {
        var adopted = Self.story()
        adopted.read()
        adopted.decide(.adopt(Story.receipt))
        adopted.after(.milliseconds(10))
        adopted.read(Story.lined)
        var rebuilt = Self.confirmed()
        rebuilt.note(.restored(Restoration()))
        rebuilt.read(Story.lined)
        for var story in [adopted, rebuilt] {
            #expect(story.next == .render(Self.cause))
            story.render(Self.cause, "E7A0000042")
            guard case .doubt(ordinal: 1, _) = story.next else {
                Issue.record("\(story.next)")
                continue
            }
            story.note(.documentEnded(ordinal: 1, .unknown("perhaps")))
            story.read(Story.lined)
            #expect(story.reason == .documentUnknown)
            story.settle()
            story.decide(.resend(ordinal: 1))
            story.read(Story.lined)
            #expect(story.next == .send(ordinal: 1))
        }
    }

    @Test func `an order that was finished before partners were told of anything isn't told of later`() {
        var story = Story(Story.k)
        story.finish()
        story.policy.orderResponse = DocumentPolicy()
        story.after(.seconds(3600))
        story.read(Story.finished)
        #expect(story.standing == .finished)
    }

    /// Another ERP order, E2, takes the place of the first.
    private static func replace(_ story: inout Story) {
        story.decide(.newKey)
        story.read(Story.lined)
        story.note(.sought(.absent))
        story.intend(attempt: 2, generation: 2)
        var receipt = Story.receipt
        receipt.erpOrderNumber = "E2"
        story.end(.accepted(receipt), attempt: 2)
    }

    @Test func `an order under a new key is told of anew`() {
        var story = Self.confirmed()
        story.render(Self.cause, "E7A0000042")
        story.send(1)
        Self.replace(&story)
        story.after(.milliseconds(10))
        story.read {
            Story.lined(&$0)
            $0.erpOrderNumber = "E2"
        }
        #expect(story.next == .render(.orderResponse(erpOrderNumber: "E2")))
    }

    @Test func `a release is of what the present ERP order is told of, and what was refused and let go may be sent again`() {
        var story = Self.confirmed()
        story.render(Self.cause, "E7A0000042")
        story.send(1, .unknown("cut off"))
        Self.replace(&story)
        func shown(_ reading: inout OrderReading) {
            Story.lined(&reading)
            reading.erpOrderNumber = "E2"
        }
        story.after(.milliseconds(10))
        story.read(shown)
        story.render(.orderResponse(erpOrderNumber: "E2"), "E7A0000043")
        story.send(2, .refused("unknown sender"), shown: shown)
        #expect(story.reason == .documentRefused)
        story.settle()
        story.decide(.release)
        #expect(story.progress.documents.map(\.state) == [.unknown, .sent])
        #expect(story.progress.documents[1].isGivenUp)
    }
}
