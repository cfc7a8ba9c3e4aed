import OrderFlow
import Orders
import SinkKit
import Testing

/// Orders that lacked something before anything was sent.
@Suite("Orders that lack something")
struct LackTests {
    private static let faults = [
        SinkFault(path: "lines[0].product", message: "no entry"), SinkFault(path: "customer_code", message: "none"),
    ]

    /// Read, asked for, and found to lack something with tables `a`.
    private func story(_ sinkClass: SinkClass, isQuestion: Bool = false) -> Story {
        var story = Story(sinkClass) { $0.preparedWith = "a" }
        story.read()
        story.note(.sought(.absent))
        story.end(.lacking(Lack(faults: Self.faults, preparedWith: "a", isQuestion: isQuestion)), attempt: 0)
        return story
    }

    @Test(arguments: [Story.k, Story.l, Story.n])
    func `it waits while the tables are the same, and goes on by itself when they are others`(_ sinkClass: SinkClass) {
        var story = story(sinkClass)
        #expect(story.reason == .rejected && story.rest?.faults == Self.faults && story.rest?.until == nil)
        story.settle()
        #expect(story.progress.lackedWith == "a")
        story.after(.seconds(600))
        story.read()
        #expect(story.reason == .rejected)
        story.policy.preparedWith = "b"
        #expect(story.next == .create(attempt: 1))
        story.end(.lacking(Lack(faults: [Self.faults[0]], preparedWith: "b")), attempt: 0)
        #expect(story.rest?.faults == [Self.faults[0]])
        story.settle()
        #expect(story.progress.lackedWith == "b")
    }

    @Test func `what it stands for otherwise says nothing of the tables`() {
        var story = story(Story.k)
        story.settle()
        story.after(.seconds(600))
        story.read { $0.payment = PaymentStatus.none }
        story.settle()
        #expect(story.reason == .unpaid && story.progress.lackedWith == nil)
    }

    @Test func `other content is made ready anew, whatever the tables`() {
        var story = story(Story.k)
        story.settle()
        story.read { $0.contentDigest = "content-2" }
        #expect(story.next == .create(attempt: 1))
    }

    @Test func `a question waits for a person, whose release is for the content it was given for`() {
        var story = story(Story.k, isQuestion: true)
        #expect(story.reason == .mappingQuestion && story.standing == .quarantined && story.rest?.faults == Self.faults)
        #expect(story.rest?.sentence.contains("lack 2 entries") ?? false)
        story.settle()
        story.decide(.release)
        story.read()
        story.note(.sought(.absent))
        #expect(story.progress.isReleased(.mappingQuestion) && story.next == .create(attempt: 1))
        var edited = story
        edited.read { $0.contentDigest = "content-2" }
        #expect(!edited.progress.isReleased(.mappingQuestion))
        story.end(.lacking(Lack(faults: Self.faults, preparedWith: "a")), attempt: 0)
        #expect(story.reason == .rejected, "what is refused isn't released with it")
    }

    @Test func `a create that is open is repeated with its own bytes, whatever the tables say by now`() {
        var story = Story(Story.k) { $0.preparedWith = "a" }
        story.read()
        story.intend()
        story.end(.unknown("cut off"))
        story.policy.preparedWith = "b"
        story.after(.seconds(60))
        story.read()
        #expect(story.next == .repeatCreate(Story.intent()))
    }

    @Test func `a rejection of the ERP's stands whatever the tables say`() {
        var story = Story(Story.k) { $0.preparedWith = "a" }
        story.read()
        story.note(.sought(.absent))
        story.intend()
        story.end(.rejected(Self.faults))
        story.policy.preparedWith = "b"
        #expect(story.reason == .rejected)
        story.settle()
        #expect(story.progress.lackedWith == nil)
    }

    @Test func `its entry in the journal is one that older releases read as a rejection`() throws {
        let lack = Lack(faults: Self.faults, preparedWith: "a", isQuestion: true)
        let event = JournalEvent.createEnded(attempt: 0, .lacking(lack))
        #expect(event.body["end"]?.stringValue == "rejected")
        #expect(try JournalEvent(kind: event.kind, body: event.body) == event)
        var older = event.body
        older["prepared_with"] = .null
        #expect(try JournalEvent(kind: event.kind, body: older) == .createEnded(attempt: 0, .rejected(Self.faults)))
    }
}
