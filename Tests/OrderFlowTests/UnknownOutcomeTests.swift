import OrderFlow
import Orders
import SinkKit
import Testing

/// A create was sent and its answer is missing: what follows from the sink's class.
@Suite struct UnknownOutcomeTests {
    /// Sent at `Story.start`; the answer was lost 30 s later, or the process died.
    private static func lost(_ sinkClass: SinkClass, crashed: Bool = false, _ configure: (inout FlowPolicy) -> Void = { _ in })
        -> Story
    {
        var story = Story(sinkClass, configure)
        story.read()
        if sinkClass.canFind { story.note(.sought(.absent)) }
        story.intend()
        story.after(.seconds(30))
        if crashed {
            story.note(.interrupted(attempt: 1))
        } else {
            story.end(.unknown("cut off"))
        }
        return story
    }

    @Test(arguments: [Story.k, Story.l, Story.n])
    func `an intent without an end is an interruption, first of all`(_ sinkClass: SinkClass) {
        var story = Story(sinkClass)
        story.read()
        story.intend()
        #expect(story.next == .recordInterruption)
        story.after(.seconds(86_400))
        #expect(story.next == .recordInterruption)
    }

    // MARK: K

    @Test(arguments: [true, false])
    func `K sends the same bytes again after a fresh read`(_ crashed: Bool) {
        var story = Self.lost(Story.k, crashed: crashed)
        #expect(story.next == .read)
        story.read()
        #expect(story.next == .repeatCreate(Story.intent()))
        story.intend()
        #expect(story.next == .recordInterruption)
        story.end(.accepted(Story.receipt))
        #expect(story.progress.attempts == 1 && story.progress.pushedContentDigest == Story.content)
    }

    @Test func `K: a repeat that had no effect, or was refused, leaves the first try's end open`() {
        var story = Self.lost(Story.k)
        story.read()
        story.intend()
        story.end(.notApplied("503"))
        #expect(story.progress.openIntent?.intent == Story.intent())
        story.read()
        #expect(story.next == .repeatCreate(Story.intent()))
        story.intend()
        story.end(.rejected([SinkFault(message: "product blocked since")]))
        story.read()
        #expect(story.next == .seek, "the first try may have made it")
        var found = story
        found.note(.sought(.found(Story.receipt)))
        #expect(found.progress.receipt == Story.receipt)
        story.note(.sought(.absent))
        #expect(story.reason == .rejected)
        story.decide(.rerun)
        story.read()
        #expect(story.next == .seek)
        story.note(.sought(.absent))
        #expect(story.next == .create(attempt: 2), "made ready anew: a table may have been mended")
    }

    @Test func `it is remembered that other bytes were sent under the key, or that some were refused`() {
        var story = Self.lost(Story.n)
        #expect(story.progress.openIntent?.isOnly("payload-1") == true && story.progress.openIntent?.isOnly("payload-2") == false)
        story.decide(.createAgain)
        story.intend(attempt: 2)
        #expect(story.progress.openIntent?.isOnly("payload-2") == false, "the first may have had an effect")
        story.end(.rejected([SinkFault(message: "sold out")]), attempt: 2)
        story.decide(.rerun)
        #expect(story.progress.wasRefused)
        story.decide(.newKey)
        #expect(!story.progress.wasRefused)
    }

    @Test func `K: what was changed or may not go any more is looked up, and where it is absent left to a person`() {
        for change in [
            { $0.contentDigest = "content-2" }, { $0.payment = .started }, { $0.state = .cancelled }, Story.marked,
        ] as [(inout OrderReading) -> Void] {
            var story = Self.lost(Story.k)
            story.read(change)
            #expect(story.next == .seek)
            var found = story
            found.note(.sought(.found(Story.receipt)))
            #expect(found.progress.receipt != nil)
            story.note(.sought(.absent))
            #expect(story.reason == .outcomeUnknown)
            story.after(.seconds(86_400))
            story.read(change)
            #expect(story.reason == .outcomeUnknown, "absent once is not absent for ever, and nothing is sent")
            var changedBack = story
            changedBack.read()
            #expect(changedBack.next == .repeatCreate(Story.intent()))
            story.decide(.rerun)
            story.read(change)
            #expect(story.next == .seek, "the ERP may have been put in order since")
        }
    }

    @Test func `L: where the clock was set, the wait begins anew`() {
        var story = Self.lost(.lookUp(latestEffect: .seconds(60)))
        story.after(.seconds(3600))
        var progress = story.progress
        progress.clockSetAt = story.now
        guard case .rest(let verdict) = Planner(policy: story.policy).next(progress, at: story.now) else {
            Issue.record("asked before the wait was over")
            return
        }
        #expect(verdict.reason == .outcomeSettling && verdict.until == story.now + .seconds(60))
        story.after(.seconds(60))
        #expect(Planner(policy: story.policy).next(progress, at: story.now) == .seek)
    }

    @Test func `K with a known latest effect settles a changed order as L does`() {
        var story = Self.lost(.key(retention: nil, latestEffect: .seconds(60)))
        func change(_ reading: inout OrderReading) { reading.contentDigest = "content-2" }
        story.read(change)
        #expect(story.reason == .outcomeSettling && story.rest?.until == Story.start + .seconds(90))
        story.after(.seconds(60))
        story.read(change)
        #expect(story.next == .seek)
        story.note(.sought(.absent))
        #expect(story.next == .create(attempt: 2))
    }

    @Test(arguments: [true, false])
    func `K isn't relied on once the key may have expired`(_ hasLatestEffect: Bool) {
        let latestEffect: Duration? = hasLatestEffect ? .seconds(60) : nil
        var story = Self.lost(.key(retention: .seconds(1000), latestEffect: latestEffect))
        story.now = Story.start + .seconds(899)
        story.read()
        #expect(story.next == .repeatCreate(Story.intent()))
        story.now = Story.start + .seconds(900)
        story.read()
        #expect(story.next == .seek, "the last tenth of the retention is left for the way there")
        story.note(.sought(.absent))
        #expect(hasLatestEffect ? story.next == .create(attempt: 2) : story.reason == .outcomeUnknown)
        story.intend(attempt: 2)
        story.end(.unknown("cut off"), attempt: 2)
        story.read()
        #expect(story.next == .repeatCreate(Story.intent(attempt: 2)), "a new create, a new retention")
    }

    @Test func `K: the retention counts from the first try, whatever was repeated since`() {
        var story = Self.lost(.key(retention: .seconds(1000), latestEffect: nil))
        story.now = Story.start + .seconds(800)
        story.read()
        story.intend()
        story.end(.unknown("cut off"))
        story.now = Story.start + .seconds(900)
        story.read()
        #expect(story.next == .seek)
    }

    // MARK: L

    @Test(arguments: [true, false])
    func `L waits from when nobody listens any more, asks after that, and only then creates`(_ crashed: Bool) {
        var story = Self.lost(Story.l, crashed: crashed)
        let settledAt = Story.start + .seconds(90)
        #expect(story.standing == .waiting && story.reason == .outcomeSettling && story.rest?.until == settledAt)
        story.now = settledAt - .milliseconds(1)
        #expect(story.reason == .outcomeSettling)
        story.now = settledAt
        #expect(story.next == .seek)
        story.note(.sought(.absent))
        #expect(story.next == .read)
        story.read()
        #expect(story.next == .create(attempt: 2))
    }

    @Test func `L: a process that died an hour ago may have been heard a minute ago, so the wait begins at recovery`() {
        var story = Story(Story.l)
        story.read()
        story.intend()
        story.after(.seconds(3600))
        #expect(story.next == .recordInterruption)
        story.note(.interrupted(attempt: 1))
        #expect(story.rest?.until == story.now + .seconds(60))
    }

    @Test func `L: absent before the wait is over doesn't count`() {
        var story = Self.lost(Story.l)
        story.after(.seconds(59))
        story.note(.sought(.absent))
        #expect(story.reason == .outcomeSettling)
        story.after(.seconds(1))
        #expect(story.next == .seek)
    }

    @Test func `L: a look-up that fails is not an answer`() {
        var story = Self.lost(Story.l)
        story.after(.seconds(60))
        story.fail("look-up in the ERP", .transient, after: .seconds(10))
        #expect(story.reason == .retryLater)
        story.after(.seconds(10))
        #expect(story.next == .seek)
        story.note(.sought(.found(Story.receipt)))
        #expect(story.progress.receipt == Story.receipt && story.progress.pushedContentDigest == Story.content)
    }

    @Test func `L: an ERP that never answers a create gets no more of them than any other failure`() {
        var story = Story(Story.l) { $0.failuresMax = 4 }
        var attempt = 0
        while story.reason != .retriesExhausted, attempt < 20 {
            story.read()
            if story.next == .seek { story.note(.sought(.absent)) }
            attempt += 1
            #expect(story.next == .create(attempt: attempt))
            story.intend(attempt: attempt)
            story.end(.unknown("cut off"), attempt: attempt)
            story.fail("create", .unknown, after: .seconds(5))
            #expect(story.reason == .outcomeSettling)
            story.after(.seconds(60))
            if story.reason != .retriesExhausted { story.note(.sought(.absent)) }
        }
        #expect(attempt == 4)
    }

    @Test func `L: no person's word shortens the wait`() {
        for decision in [PersonDecision.Kind.createAgain, .rerun, .release] {
            var story = Self.lost(Story.l)
            story.decide(decision)
            #expect(story.reason == .outcomeSettling)
            story.after(.seconds(60))
            #expect(story.next == .seek)
            story.note(.sought(.absent))
            story.read()
            #expect(story.next == .create(attempt: 2))
        }
    }

    // MARK: N

    @Test(arguments: [true, false])
    func `N needs a person at once`(_ crashed: Bool) {
        var story = Self.lost(Story.n, crashed: crashed)
        if !crashed { story.fail("create", .unknown, after: .seconds(5)) }
        #expect(story.standing == .quarantined && story.reason == .outcomeUnknown && story.rest?.until == nil)
        story.after(.seconds(86_400))
        story.read()
        #expect(story.reason == .outcomeUnknown)
        story.settle()
        story.decide(.rerun)
        story.read()
        #expect(story.reason == .outcomeUnknown, "looking again tells nobody anything")
    }

    @Test func `N: a person's word allows one create, not two`() {
        var story = Self.lost(Story.n)
        story.settle()
        story.decide(.createAgain)
        #expect(story.next == .read)
        story.read()
        #expect(story.next == .create(attempt: 2))
        story.intend(attempt: 2)
        #expect(story.next == .recordInterruption)
        story.end(.unknown("cut off again"), attempt: 2)
        #expect(story.reason == .outcomeUnknown)
        #expect(story.rest?.sentence.contains("attempt 2") ?? false)
    }

    @Test func `N: an order that lacks something doesn't use up the word, and keeps what is not known`() {
        var story = Self.lost(Story.n)
        story.decide(.createAgain)
        story.read()
        story.end(.rejected([SinkFault(message: "required")]), attempt: 0)
        #expect(story.reason == .rejected)
        story.read { $0.contentDigest = "content-2" }
        #expect(story.next == .create(attempt: 2))
    }
}
