import OrderFlow
import Orders
import SinkKit
import Testing

/// Orders that were placed elsewhere, in a flow that marks them as sent.
@Suite struct OfflineOrderTests {
    private static func story(
        _ sinkClass: SinkClass = Story.k, policy: OfflinePolicy = .markSent, _ change: (inout OrderReading) -> Void = { _ in }
    ) -> Story {
        var story = Story(sinkClass) { ($0.offline, $0.close) = (policy, .leave) }
        story.note(.listedOffline)
        story.after(.milliseconds(10))
        story.read {
            $0.state = .processing
            change(&$0)
        }
        return story
    }

    @Test(arguments: [Story.k, Story.l, Story.n])
    func `it is marked once, after a fresh read, and never asked for in the ERP`(_ sinkClass: SinkClass) {
        var story = Story(sinkClass) { $0.offline = .markSent }
        story.note(.listedOffline)
        #expect(story.next == .read)
        story.read(Story.marked)
        #expect(story.next == .write([.markSent]))
        story.after(.seconds(6))
        #expect(story.next == .read)
        story.read(Story.marked)
        story.note(
            .wrote(
                [.markSent],
                Story.reading(at: story.now) {
                    Story.marked(&$0)
                    $0.shipment = .sent
                }))
        #expect(story.standing == .finished && story.rest?.sentence.contains("placed elsewhere") == true)
    }

    @Test func `one that the shop shows as sent needs nothing`() {
        var story = Self.story { ($0.state, $0.shipment) = (.done, .sent) }
        #expect(story.standing == .finished)
        story.settle()
        // Somebody took it back.
        story.read { $0.state = .done }
        #expect(story.standing == .finished)
    }

    @Test func `a mark that the shop accepts and doesn't show isn't written again but by a person`() {
        var story = Self.story()
        story.note(.wrote([.markSent], Story.reading(at: story.now, Story.marked)))
        #expect(story.reason == .writeWithoutEffect)
        story.settle()
        story.after(.seconds(7200))
        story.read(Story.marked)
        #expect(story.reason == .writeWithoutEffect)
        story.decide(.release)
        story.read(Story.marked)
        #expect(story.next == .write([.markSent]))
    }

    @Test(
        arguments: [
            (.cancelled, .cancelledBeforePush), (.confirmed, .unexpectedState), (.draft, .unexpectedState),
            (OrderState(rawValue: "hovering"), .unknownState),
        ] as [(OrderState, ReasonCode)])
    func `in another state than offline orders have nothing is written`(_ state: OrderState, _ reason: ReasonCode) {
        #expect(Self.story { $0.state = state }.reason == reason)
    }

    @Test func `another webshop's and one that can't be read stop as any other order does`() {
        var other = Self.story { $0.webshop = 2 }
        other.policy.webshop = 1
        #expect(other.reason == .otherWebshop)
        let malformed = Self.story { $0.faults = [SinkFault(path: "order_lines", message: "is missing")] }
        #expect(malformed.reason == .malformed)
    }

    @Test func `a person can hold it and take it out`() {
        var story = Self.story()
        story.decide(.hold)
        #expect(story.reason == .heldByPerson)
        story.decide(.release)
        #expect(story.next == .read)
        story.decide(.skip)
        #expect(story.reason == .skippedByPerson)
    }

    @Test func `it isn't pushed whatever it looks like, nor whatever anybody says`() {
        var story = Self.story { $0.state = .confirmed }
        story.policy.selectedStates = [.confirmed, .processing, .done]
        #expect(story.reason == .unexpectedState)
        for kind in [.createAgain, .newKey, .adopt(Story.receipt), .rerun] as [PersonDecision.Kind] {
            story.decide(kind)
            story.read(Story.marked)
            #expect(story.next == .write([.markSent]), "\(kind)")
        }
    }

    @Test func `a flow that ignores such orders by now writes nothing to those it has listed`() {
        let story = Self.story(policy: .ignore)
        #expect(story.standing == .dismissed && story.reason == .offline)
    }

    @Test func `a write that failed is tried again after a new read, and a conflict waits for a person`() {
        var story = Self.story()
        story.fail("mark_sent", .unknown, after: .seconds(5))
        #expect(story.reason == .retryLater)
        story.after(.seconds(5))
        #expect(story.next == .read)
        story.read(Story.marked)
        #expect(story.next == .write([.markSent]))
        story.fail("mark_sent", .conflict)
        #expect(story.reason == .editedMeanwhile)
        story.settle()
        story.decide(.release)
        #expect(story.next == .read)
    }
}
