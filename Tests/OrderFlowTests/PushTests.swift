import OrderFlow
import Orders
import SinkKit
import Testing

/// From the listing to the ERP, as long as every answer comes.
@Suite struct PushTests {
    @Test(arguments: [Story.k, Story.l])
    func `an ERP that can be asked is asked before the first create`(_ sinkClass: SinkClass) {
        var story = Story(sinkClass)
        #expect(story.next == .read)
        story.read()
        #expect(story.next == .seek)
        story.note(.sought(.absent))
        #expect(story.next == .create(attempt: 1))
        story.intend()
        story.end(.accepted(Story.receipt))
        #expect(story.progress.receipt == Story.receipt && story.progress.openIntent == nil)
        #expect(story.next == .read)
    }

    @Test(arguments: [Story.k, Story.l])
    func `what the ERP has already is adopted, not created`(_ sinkClass: SinkClass) {
        var story = Story(sinkClass)
        story.read()
        story.note(.sought(.found(Story.receipt)))
        story.after(.milliseconds(5))
        story.read()
        #expect(story.next == .write([.mark]))
    }

    @Test func `class N creates at once what was confirmed under this ledger`() {
        var story = Story(Story.n)
        story.read()
        #expect(story.next == .create(attempt: 1))
    }

    @Test(arguments: [(-1, false), (0, true), (1, true), (nil, false)] as [(Int64?, Bool)])
    func `class N leaves to a person what may have been pushed by another ledger`(_ age: Int64?, _ goes: Bool) {
        var story = Story(Story.n)
        let createdAt = story.policy.ledgerCreatedAt
        func old(_ reading: inout OrderReading) { reading.confirmedAt = age.map { createdAt + .milliseconds($0) } }
        story.read(old)
        #expect(goes ? story.next == .create(attempt: 1) : story.reason == .olderThanLedger)
        guard !goes else { return }
        story.decide(.createAgain)
        #expect(story.next == .read)
        story.read(old)
        #expect(story.next == .create(attempt: 1))
        story.intend()
        story.end(.notApplied("503"))
        story.read(old)
        #expect(story.next == .create(attempt: 2), "one that had no effect wasn't the one that was ordered")
    }

    @Test(arguments: [Story.k, Story.l, Story.n])
    func `a create relies on a read of at most 5 s`(_ sinkClass: SinkClass) {
        var story = Story(sinkClass)
        story.read()
        story.note(.sought(.absent))
        story.after(.milliseconds(5000))
        #expect(story.next == .create(attempt: 1))
        story.after(.milliseconds(1))
        #expect(story.next == .read)
        story.now = Story.start - .milliseconds(1)
        #expect(story.next == .read, "a clock that was set back proves nothing")
    }

    @Test func `a new session reads first, however fresh the last one's read is`() {
        var story = Story(Story.n)
        story.read()
        var progress = story.progress
        progress.beginSession()
        #expect(Planner(policy: story.policy).next(progress, at: story.now) == .read)
        progress.refresh(Story.reading(at: story.now))
        #expect(Planner(policy: story.policy).next(progress, at: story.now) == .create(attempt: 1))
    }

    @Test(arguments: [Story.k, Story.l])
    func `handled in the shop without us: found is adopted, absent needs a person, and is never pushed`(_ sinkClass: SinkClass) {
        var story = Story(sinkClass)
        story.read(Story.marked)
        #expect(story.next == .seek)
        story.note(.sought(.absent))
        #expect(story.reason == .processedElsewhere)
        for decision in [PersonDecision.Kind.rerun, .createAgain] {
            story.decide(decision)
            story.read(Story.marked)
            #expect(story.next == .seek)
            story.note(.sought(.absent))
            #expect(story.reason == .processedElsewhere)
        }
        story.decide(.rerun)
        story.read(Story.marked)
        story.note(.sought(.found(Story.receipt)))
        story.after(.milliseconds(1))
        story.read(Story.marked)
        #expect(story.next == .write([.number]))
    }

    @Test func `handled in the shop without us, and nobody to ask`() {
        var story = Story(Story.n)
        story.read(Story.marked)
        #expect(story.reason == .processedElsewhere)
        story.decide(.adopt(Story.receipt))
        story.after(.milliseconds(1))
        story.read(Story.marked)
        #expect(story.next == .write([.number]))
    }

    @Test(arguments: [Story.k, Story.l, Story.n])
    func `what the ERP refuses waits for a person or for other content`(_ sinkClass: SinkClass) {
        let faults = [SinkFault(path: "lines[0].product", message: "unknown")]
        var story = Story(sinkClass)
        story.read()
        story.note(.sought(.absent))
        story.intend()
        story.end(.rejected(faults))
        #expect(story.standing == .quarantined && story.reason == .rejected && story.rest?.faults == faults)
        #expect(story.rest?.sentence.contains("The ERP refused it: 1 fault") ?? false)
        story.after(.seconds(60))
        story.read()
        #expect(story.reason == .rejected)
        var edited = story
        edited.read { $0.contentDigest = "content-2" }
        #expect(edited.next == .create(attempt: 2))
        story.settle()
        story.decide(.release)
        story.read()
        if sinkClass.canFind { story.note(.sought(.absent)) }
        #expect(story.next == .create(attempt: 2))
    }

    @Test(arguments: [Story.k, Story.l, Story.n])
    func `what lacks something is not sent, and changes nothing about a create that was`(_ sinkClass: SinkClass) {
        var story = Story(sinkClass)
        story.read()
        story.note(.sought(.absent))
        story.end(.rejected([SinkFault(path: "customer.code", message: "required")]), attempt: 0)
        #expect(story.reason == .rejected && story.rest?.sentence.contains("nothing was sent") ?? false)
        #expect(story.progress.attempts == 0)

        var open = Story(sinkClass)
        open.read()
        open.intend()
        open.end(.unknown("cut off"))
        open.after(.seconds(60))
        open.read { $0.contentDigest = "content-2" }
        open.end(.rejected([SinkFault(message: "required")]), attempt: 0)
        #expect(open.progress.openIntent?.intent.attempt == 1)
        #expect(open.progress.rejection?.contentDigest == "content-2", "what lacks it is the order as it is now")
    }

    @Test func `a ticket is polled, through restarts and slow answers, until it ends`() {
        let ticket = SinkTicket("T1")
        var story = Story(Story.k)
        story.read()
        story.intend()
        story.end(.pending(ticket))
        #expect(story.next == .poll(ticket))
        story.fail("poll", .throttled, after: .seconds(5))
        #expect(story.standing == .waiting && story.reason == .awaitingERP && story.rest?.until == story.now + .seconds(5))
        story.after(.seconds(5))
        #expect(story.next == .poll(ticket))
        story.end(.pending(SinkTicket("T2")))
        #expect(story.next == .poll(SinkTicket("T2")))
        story.end(.accepted(Story.receipt))
        #expect(story.next == .read && story.progress.ticket == nil)
    }

    @Test func `failures wait as long as they say, then need a person`() {
        var story = Story(Story.n) { $0.failuresMax = 3 }
        for count in 1...3 {
            story.read()
            story.fail("create", .transient, after: .seconds(30))
            #expect(story.progress.failureCount == count)
            #expect(story.standing == .waiting && story.reason == .retryLater && story.rest?.until == story.now + .seconds(30))
            story.after(.milliseconds(29_999))
            #expect(story.reason == .retryLater)
            story.after(.milliseconds(1))
            if count < 3 { #expect(story.next == .read) }
        }
        #expect(story.standing == .quarantined && story.reason == .retriesExhausted)
        #expect(story.rest?.sentence == "The step 'create' failed 3 times in a row: it broke")
        story.settle()
        story.decide(.release)
        #expect(story.next == .read)
        for _ in 1...3 { story.fail("create", .transient) }
        #expect(story.reason == .retriesExhausted, "a release gives it its tries anew, not for ever")
    }

    @Test func `being throttled is no failed try`() {
        var story = Story(Story.k) { $0.failuresMax = 2 }
        for _ in 0..<5 { story.fail("create", .throttled, after: .seconds(10)) }
        #expect(story.reason == .retryLater)
        story.after(.seconds(10))
        #expect(story.next == .read)
    }

    @Test func `what the shop refuses, and what the ERP holds against our key, needs a person`() {
        var story = Story(Story.k)
        story.fail("read", .rejected)
        #expect(story.reason == .refusedByShop)
        story.settle()
        story.decide(.rerun)
        #expect(story.next == .read)
        story.read()
        story.fail("look-up in the ERP", .conflict)
        #expect(story.reason == .keyConflict && story.rest?.sentence == "it broke")
        story.settle()
        var adopted = story
        story.decide(.release)
        story.read()
        #expect(story.next == .seek)
        adopted.decide(.adopt(Story.receipt))
        adopted.after(.milliseconds(1))
        adopted.read()
        #expect(adopted.next == .write([.mark]), "the ERP's conflict is none of the shop's")
    }
}
