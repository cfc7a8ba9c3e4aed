import OrderFlow
import Orders
import SinkKit
import Testing

/// What people decide, on orders in every place.
@Suite struct DecisionTests {
    @Test func `skipped is skipped until somebody says rerun or adopt`() {
        var story = Story(Story.k)
        story.read()
        story.decide(.skip)
        #expect(
            story.standing == .dismissed && story.reason == .skippedByPerson
                && story.rest?.sentence == "anna took it out: because")
        story.read()
        #expect(story.reason == .skippedByPerson)
        var adopted = story
        story.decide(.rerun)
        #expect(story.next == .read)
        adopted.decide(.adopt(Story.receipt))
        adopted.after(.milliseconds(1))
        adopted.read()
        #expect(adopted.next == .write([.mark]))
    }

    @Test func `hold stops an order anywhere, and release goes on from there`() {
        var story = Story(Story.k)
        story.push()
        story.decide(.hold)
        #expect(story.reason == .heldByPerson && story.rest?.until == nil)
        story.settle()
        story.decide(.rerun)
        #expect(story.reason == .heldByPerson)
        story.decide(.release)
        story.after(.milliseconds(1))
        story.read()
        #expect(story.next == .write([.mark]))
    }

    @Test func `an adopted order is compared with nothing, for nobody knows what the ERP was told`() {
        var story = Story(Story.n)
        story.read()
        story.decide(.adopt(SinkReceipt(erpOrderNumber: "E1", lines: [])))
        #expect(story.progress.pushedContentDigest == nil)
        story.after(.milliseconds(1))
        story.read { $0.contentDigest = "anything" }
        #expect(story.next == .write([.mark]))
    }

    @Test func `after a person's word the ERP is asked again`() {
        var story = Story(Story.l)
        story.read()
        story.note(.sought(.absent))
        #expect(story.next == .create(attempt: 1))
        story.decide(.rerun)
        story.read()
        #expect(story.next == .seek)
    }

    @Test func `createAgain gives a ticket up and leaves it to the class`() {
        var story = Story(Story.k)
        story.read()
        story.intend()
        story.end(.pending(SinkTicket("T1")))
        story.decide(.createAgain)
        #expect(story.next == .recordInterruption)
        story.note(.interrupted(attempt: 1))
        story.read()
        #expect(story.next == .repeatCreate(Story.intent()))
    }

    @Test func `K: a changed order of unknown outcome goes on a person's word, once the ERP was asked again`() {
        var story = Story(Story.k)
        func change(_ reading: inout OrderReading) { reading.contentDigest = "content-2" }
        story.read()
        story.intend()
        story.end(.unknown("cut off"))
        story.read(change)
        story.note(.sought(.absent))
        #expect(story.reason == .outcomeUnknown)
        story.decide(.createAgain)
        story.read(change)
        #expect(story.next == .seek)
        story.note(.sought(.absent))
        #expect(story.next == .create(attempt: 2))
    }

    // MARK: A new key

    /// Finished as E1, cancelled in the ERP, ordered anew by a person.
    private static func newKey(_ sinkClass: SinkClass) -> Story {
        var story = Story(sinkClass)
        story.finish()
        story.after(.seconds(60))
        story.decide(.newKey)
        return story
    }

    @Test(arguments: [Story.k, Story.l, Story.n])
    func `a new key makes another ERP order, also of an order the shop shows as handled`(_ sinkClass: SinkClass) {
        var story = Self.newKey(sinkClass)
        #expect(story.progress.generation == 2 && story.progress.receipt == nil && !story.progress.isFinished)
        #expect(story.next == .read)
        story.read(Story.finished)
        if sinkClass.canFind {
            #expect(story.next == .seek)
            story.note(.sought(.absent))
        }
        #expect(story.next == .create(attempt: 2))
        story.intend(attempt: 2, generation: 2)
        story.end(.accepted(Self.second), attempt: 2)
        story.after(.milliseconds(1))
        story.read(Story.finished)
        #expect(story.next == .write([.number]), "our own former number is no conflict")
        story.read {
            Story.finished(&$0)
            $0.erpOrderNumber = "E2"
        }
        #expect(story.next == .write([.lines]), "nor are our former line numbers")
        story.read {
            Story.finished(&$0)
            $0.erpOrderNumber = "E3"
        }
        #expect(story.reason == .numberConflict)
    }

    static let second = SinkReceipt(
        erpOrderNumber: "E2",
        lines: [SinkReceiptLine(lineKey: "id:1", erpLineNumber: 1), SinkReceiptLine(lineKey: "id:2", erpLineNumber: 2)])

    @Test func `the numbers of every replaced order are ours to overwrite, not only the last one's`() {
        var story = Self.newKey(Story.n)
        story.note(.createEnded(attempt: 2, .accepted(Self.second)))
        story.decide(.newKey)
        story.note(.createEnded(attempt: 3, .accepted(SinkReceipt(erpOrderNumber: "E3", lines: []))))
        story.after(.milliseconds(1))
        story.read(Story.finished)
        #expect(story.next == .write([.number]))
    }

    @Test func `a new key changes nothing about payment, cancellation and who is asked`() {
        var story = Self.newKey(Story.k)
        story.read { ($0.state, $0.payment) = (.processing, .started) }
        #expect(story.reason == .paymentStarted)
        story.read { $0.state = .cancelled }
        #expect(story.reason == .cancelledBeforePush)
    }

    @Test func `a new key of class N is one create`() {
        var story = Self.newKey(Story.n)
        func old(_ reading: inout OrderReading) {
            Story.finished(&reading)
            reading.confirmedAt = nil
        }
        story.read(old)
        #expect(story.next == .create(attempt: 2), "a person ordered it, however old it is")
        story.intend(attempt: 2, generation: 2)
        story.end(.unknown("cut off"), attempt: 2)
        #expect(story.reason == .outcomeUnknown)
    }

    @Test func `what is cancelled in the ERP and in the shop is over, whoever cancelled it`() {
        var receipt = Story.receipt
        receipt.state = .cancelled
        var story = Story(Story.k)
        story.read()
        story.note(.sought(.found(receipt)))
        story.after(.milliseconds(1))
        story.read { $0.state = .cancelled }
        #expect(story.reason == .cancelledEverywhere && story.standing == .dismissed)
    }

    @Test(arguments: [Story.k, Story.n])
    func `a cancelled order with a number that this ledger never wrote isn't dropped unseen`(_ sinkClass: SinkClass) {
        var story = Story(sinkClass)
        story.read { ($0.state, $0.erpOrderNumber) = (.cancelled, "SO-9") }
        if sinkClass.canFind {
            #expect(story.next == .seek)
            story.note(.sought(.absent))
        }
        #expect(story.reason == .processedElsewhere && story.standing == .quarantined)
        #expect(story.rest?.sentence.contains("SO-9") == true)
    }

    @Test func `adopting in the place of a cancelled ERP order replaces its numbers`() {
        var receipt = Story.receipt
        receipt.state = .cancelled
        var story = Story(Story.k)
        story.read()
        story.note(.sought(.found(receipt)))
        story.after(.milliseconds(1))
        story.read()
        #expect(story.reason == .cancelledInERP)
        story.decide(.adopt(Self.second))
        story.after(.milliseconds(1))
        story.read(Story.lined)
        #expect(story.next == .write([.number]))
    }

    @Test func `what can be released is what the planner lets go on past`() {
        let releasable = ReasonCode.allCases.filter(\.canBeReleased)
        #expect(
            Set(releasable) == [
                .heldByPerson, .partiallyAccepted, .changedAfterPush, .editedMeanwhile, .totalMismatch, .retriesExhausted,
                .heldTooLong, .documentImpossible, .documentRefused, .documentUnknown, .shipmentChanged, .shippedTooMuch,
                .shipmentOverdue,
                .reopenedInShop, .writeWithoutEffect, .rejected, .mappingQuestion, .keyConflict, .refusedByShop, .partlyPushed,
                .answersContradict,
            ])
    }
}
