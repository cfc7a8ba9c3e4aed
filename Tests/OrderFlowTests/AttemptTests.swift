import OrderFlow
import Orders
import SinkKit
import Testing

/// A sink's calls inside a create, as the journal knows them.
@Suite struct AttemptTests {
    private static let purchase = SinkAttemptName("purchase", key: "id:1/1")
    private static let evidence = JSONObject([("transaction", .text("T1"))])

    private static func begun(_ sinkClass: SinkClass = Story.l) -> Story {
        var story = Story(sinkClass)
        story.read()
        story.note(.sought(.absent))
        story.intend()
        story.note(.attemptBegun(purchase))
        return story
    }

    private func state(_ story: Story, _ attempt: SinkAttemptName = purchase) -> SinkAttemptState {
        story.progress.state(of: attempt, policy: story.policy, at: story.now)
    }

    @Test func `an attempt that is done is handed back whatever becomes of the create`() {
        var story = Self.begun()
        story.note(.attemptEnded(Self.purchase, .finished(Self.evidence)))
        story.end(.unknown("the second was cut off"))
        story.after(.seconds(600))
        #expect(state(story) == .finished(Self.evidence))
        #expect(state(story, SinkAttemptName("purchase", key: "id:1/2")) == .new)
    }

    @Test func `how long nobody waited for an answer counts from the interruption`() {
        var story = Self.begun()
        story.after(.seconds(30))
        story.note(.interrupted(attempt: 1))
        story.after(.seconds(5))
        #expect(state(story) == .unanswered(for: .seconds(5), sinceFirst: .seconds(35)))
    }

    @Test func `a try that had no effect says nothing about the one before it`() {
        var story = Self.begun()
        story.note(.attemptEnded(Self.purchase, .unknown("cut off")))
        story.after(.seconds(70))
        story.note(.attemptBegun(Self.purchase))
        story.note(.attemptEnded(Self.purchase, .notApplied("429")))
        story.after(.seconds(5))
        #expect(state(story) == .unanswered(for: .seconds(5), sinceFirst: .seconds(75)))
    }

    @Test func `whoever was polling may be gone with what it attempted`() {
        var story = Self.begun()
        story.end(.pending(SinkTicket("T1")))
        #expect(story.next == .recordInterruption)
        story.after(.seconds(9))
        story.note(.interrupted(attempt: 1))
        #expect(story.next == .poll(SinkTicket("T1")))
        #expect(state(story) == .unanswered(for: .zero, sinceFirst: .seconds(9)))
    }

    @Test func `an order that comes back to what a part of it was sent for still differs from the other part`() {
        let second = SinkAttemptName("purchase", key: "id:1/2")
        var story = Self.begun()
        story.note(.attemptEnded(Self.purchase, .finished(Self.evidence)))
        story.end(.notApplied("503"))
        story.read { $0.contentDigest = "content-2" }
        story.settle()
        story.decide(.release)
        story.intend(attempt: 2, content: "content-2")
        story.note(.attemptBegun(second))
        story.note(.attemptEnded(second, .finished(Self.evidence)))
        story.end(.notApplied("503"), attempt: 2)
        story.read()
        #expect(story.reason == .partlyPushed)
    }

    @Test func `a refusal after a part of it went says that it went, and what`() {
        var story = Self.begun()
        story.note(.attemptEnded(Self.purchase, .finished(Self.evidence)))
        story.note(.attemptBegun(SinkAttemptName("purchase", key: "id:1/2")))
        story.note(.attemptEnded(SinkAttemptName("purchase", key: "id:1/2"), .unknown("cut off")))
        story.end(.rejected([SinkFault(message: "sold out")]))
        story.read()
        #expect(story.reason == .rejected)
        let sentence = story.rest?.sentence ?? ""
        for part in ["refused the rest", "done: 'purchase id:1/1'", "perhaps done: 'purchase id:1/2'", "in order in the ERP"] {
            #expect(sentence.contains(part), "\(sentence)")
        }
    }

    @Test func `a refusal before anything went says nothing of a part`() {
        var story = Self.begun()
        story.note(.attemptEnded(Self.purchase, .notApplied("sold out")))
        story.end(.rejected([SinkFault(message: "sold out")]))
        story.read()
        #expect(story.rest?.sentence == "The ERP refused it: 1 fault.")
    }

    @Test func `an attempt that had no effect may be made anew`() {
        var story = Self.begun()
        story.note(.attemptEnded(Self.purchase, .notApplied("503")))
        #expect(state(story) == .new)
        #expect(story.progress.sinkAttempts.isEmpty)
    }

    @Test func `a create that had no effect leaves it open whether the ERP has a part of it`() {
        var story = Self.begun()
        story.note(.attemptEnded(Self.purchase, .finished(Self.evidence)))
        story.end(.notApplied("the second was refused with 503"))
        story.read()
        #expect(story.next == .seek)
        story.note(.sought(.absent))
        #expect(story.next == .create(attempt: 2))
    }

    @Test func `an order that changed after a part of it went needs a person, whose release sends the rest`() {
        var story = Self.begun()
        story.note(.attemptEnded(Self.purchase, .finished(Self.evidence)))
        story.end(.notApplied("503"))
        story.read { $0.contentDigest = "content-2" }
        #expect(story.reason == .partlyPushed)
        story.settle()
        story.decide(.release)
        story.read { $0.contentDigest = "content-2" }
        #expect(story.next == .seek)
    }

    @Test func `an order that changed after a try that nobody answered says that it may have gone`() {
        var story = Self.begun()
        story.note(.attemptEnded(Self.purchase, .unknown("cut off")))
        story.end(.notApplied("503"))
        story.read { $0.contentDigest = "content-2" }
        #expect(story.reason == .partlyPushed)
        let sentence = story.rest?.sentence ?? ""
        #expect(sentence.hasPrefix("A part of it may have gone to the ERP (perhaps done: 'purchase id:1/1'), and then"))
    }

    @Test func `an order that was cancelled after a part of it went isn't dropped`() {
        var story = Self.begun()
        story.note(.attemptEnded(Self.purchase, .finished(Self.evidence)))
        story.end(.notApplied("503"))
        story.read { $0.state = .cancelled }
        #expect(story.next == .seek)
        story.note(.sought(.absent))
        #expect(story.reason == .partlyPushed && story.standing == .quarantined)
    }

    @Test func `an order that must wait after a part of it went says that it went, and what`() {
        var story = Self.begun()
        story.note(.attemptEnded(Self.purchase, .finished(Self.evidence)))
        story.end(.notApplied("503"))
        story.read { $0.payment = .started }
        #expect(story.reason == .paymentStarted && story.standing == .held)
        #expect(story.rest?.sentence.contains("A part of it went to the ERP before: done: 'purchase id:1/1'.") == true)
    }

    @Test func `a person's order to send it once more counts for what is open, and not for what is done`() {
        let second = SinkAttemptName("purchase", key: "id:1/2")
        var story = Self.begun(Story.n)
        story.note(.attemptEnded(Self.purchase, .finished(Self.evidence)))
        story.note(.attemptBegun(second))
        story.note(.interrupted(attempt: 1))
        #expect(story.reason == .outcomeUnknown)
        story.decide(.createAgain)
        story.read()
        story.intend(attempt: 2)
        #expect(state(story, second) == .unanswered(for: .zero, sinceFirst: .zero, isOrdered: true))
        #expect(state(story) == .finished(Self.evidence))
    }

    @Test func `a new key begins with no attempts`() {
        var story = Self.begun()
        story.note(.attemptEnded(Self.purchase, .finished(Self.evidence)))
        story.decide(.newKey)
        #expect(state(story) == .new)
    }

    @Test func `a rebuilt ledger doesn't take an attempt it doesn't know for one that wasn't made`() {
        var story = Self.begun()
        story.loseTail(1)
        story.after(.seconds(7))
        #expect(state(story) == .unanswered(for: .seconds(7)))
    }

    @Test func `what was confirmed before the ledger was made may have been attempted by another one`() {
        var story = Story(Story.l) { $0.ledgerCreatedAt = Story.start - .seconds(100) }
        story.read { $0.confirmedAt = Story.start - .seconds(5000) }
        story.intend()
        #expect(state(story) == .unanswered(for: .seconds(100)))
    }

    // MARK: Drafts

    private static let draft = SinkReceipt(erpOrderNumber: "7", state: .draft, lines: Story.receipt.lines)

    @Test(arguments: [Story.k, Story.l])
    func `a draft that is found is carried on by a create`(_ sinkClass: SinkClass) {
        var story = Story(sinkClass)
        story.read()
        story.note(.sought(.found(Self.draft)))
        #expect(story.progress.receipt == nil)
        #expect(story.next == .create(attempt: 1))
        story.intend()
        story.end(.accepted(Story.receipt))
        #expect(story.progress.receipt == Story.receipt && story.progress.draft == nil)
    }

    @Test func `L: a draft counts only once no late effect is possible`() {
        var story = Self.lost(Story.l)
        #expect(story.reason == .outcomeSettling)
        story.after(.seconds(60))
        #expect(story.next == .seek)
        story.note(.sought(.found(Self.draft)))
        story.read()
        #expect(story.next == .repeatCreate(Story.intent()))
    }

    private static func lost(_ sinkClass: SinkClass) -> Story {
        var story = Story(sinkClass)
        story.read()
        story.note(.sought(.absent))
        story.intend()
        story.end(.unknown("cut off between create and confirm"))
        return story
    }

    @Test(arguments: [Story.k, Story.l, .key(retention: .seconds(10), latestEffect: nil)])
    func `a draft of an order that was cancelled meanwhile isn't dropped, and is carried on where it is confirmed again`(
        _ sinkClass: SinkClass
    ) {
        var story = Self.lost(sinkClass)
        story.after(.seconds(61))
        story.read { $0.state = .cancelled }
        #expect(story.next == .seek)
        story.note(.sought(.found(Self.draft)))
        story.read { $0.state = .cancelled }
        #expect(story.reason == .partlyPushed)
        story.read()
        if case .create = story.next {} else { #expect(story.next == .repeatCreate(Story.intent())) }
    }

    @Test(arguments: [Story.k, Story.l])
    func `an order that was sent once isn't dropped before the ERP said that it has nothing of it`(_ sinkClass: SinkClass) {
        var story = Story(sinkClass)
        story.read()
        story.note(.sought(.found(Self.draft)))
        story.intend()
        story.end(.notApplied("it can't be carried on now"))
        story.read { $0.state = .cancelled }
        #expect(story.next == .seek)
        var absent = story
        absent.note(.sought(.absent))
        #expect(absent.reason == .cancelledBeforePush)
        story.note(.sought(.found(Self.draft)))
        #expect(story.reason == .partlyPushed)
    }

    @Test func `what a create accepts as a draft stays one`() {
        var story = Story(Story.k)
        story.push(Self.draft)
        #expect(story.progress.receipt == Self.draft)
    }

    @Test func `a draft of an order that the shop shows as processed is taken as it is`() {
        var story = Story(Story.l)
        story.read { $0.state = .processing }
        #expect(story.next == .seek)
        story.note(.sought(.found(Self.draft)))
        #expect(story.next == .keepDraft)
        story.note(.draftKept)
        story.after(.milliseconds(10))
        story.read { reading in
            Story.finished(&reading)
            reading.erpOrderNumber = "7"
        }
        #expect(story.standing == .finished)
        #expect(story.rest?.sentence.contains("It is a draft in the ERP: confirm it there.") == true)
    }
}
