import OrderFlow
import Orders
import SinkKit
import Testing

/// What follows for an order when the ledger was rebuilt, or is new.
@Suite struct RestoredTests {
    @Test func `K and L ask again though an earlier look-up found nothing, L only once what was sent has settled`() {
        for sinkClass in [Story.k, Story.l] {
            var story = Story(sinkClass)
            story.read()
            story.note(.sought(.absent))
            #expect(story.next == .create(attempt: 1))
            story.note(.restored(Restoration()))
            story.read()
            if sinkClass == Story.l {
                #expect(story.reason == .outcomeSettling && story.rest?.until == story.now + .seconds(60))
                story.after(.seconds(60))
                story.read()
            }
            #expect(story.next == .seek)
            story.note(.sought(.absent))
            #expect(story.next == .create(attempt: 1))
        }
    }

    @Test func `N leaves it to a person, though it was confirmed after the ledger was made and a person had ordered a create`() {
        var story = Story(Story.n)
        story.decide(.createAgain)
        story.note(.restored(Restoration()))
        let afterwards = story.policy.ledgerCreatedAt + .seconds(60)
        story.read { $0.confirmedAt = afterwards }
        #expect(story.reason == .olderThanLedger)
        story.decide(.createAgain)
        story.read()
        #expect(story.next == .create(attempt: 1))
    }

    @Test func `where the damaged ledger names an ERP order, the ERP's no is not enough`() {
        for sinkClass in [Story.k, Story.l] {
            var story = Story(sinkClass)
            story.note(.restored(Restoration(doubt: "the damaged one names ERP order 'E1' for it")))
            story.after(.seconds(60))
            story.read()
            #expect(story.next == .seek)
            var found = story
            found.note(.sought(.found(Story.receipt)))
            #expect(found.progress.receipt == Story.receipt && found.progress.restored == nil)
            story.note(.sought(.absent))
            #expect(story.reason == .olderThanLedger && story.rest?.sentence.contains("E1") == true)
            story.decide(.createAgain)
            story.read()
            #expect(story.next == .seek, "whoever decided may have been in the ERP")
            story.note(.sought(.absent))
            #expect(story.next == .create(attempt: 1))
        }
    }

    @Test func `the wait for late effects of an open create begins again`() {
        var story = Story(Story.l)
        story.read()
        story.note(.sought(.absent))
        story.intend()
        story.end(.unknown("cut off"))
        story.after(.seconds(50))
        story.note(.restored(Restoration()))
        story.after(.seconds(59))
        #expect(story.reason == .outcomeSettling)
        story.after(.seconds(1))
        #expect(story.next == .seek)
    }

    @Test func `with a receipt nothing changes but that it is read anew`() {
        var story = Story(Story.n)
        story.push()
        story.note(.restored(Restoration(doubt: "something")))
        #expect(story.next == .read && story.progress.restored == nil)
        story.read(Story.marked)
        #expect(story.next == .write([.number]))
    }

    @Test func `what a lost ledger sent last must settle before L believes the ERP's no`() {
        var story = Story(Story.l) { $0.ledgerCreatedAt = Story.start }
        story.read()
        #expect(story.reason == .outcomeSettling && story.rest?.until == Story.start + .seconds(60))
        var confirmedSince = story
        confirmedSince.read { $0.confirmedAt = Story.start }
        #expect(confirmedSince.next == .seek)
        story.after(.seconds(60))
        story.read()
        #expect(story.next == .seek)
    }
}
