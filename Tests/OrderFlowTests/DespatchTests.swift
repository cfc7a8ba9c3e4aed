import OrderFlow
import Orders
import SinkKit
import Testing

/// Every shipment is told of once, in order, and the order is closed after the last.
@Suite struct DespatchTests {
    @Test func `nothing is asked of the ERP before the shop shows its numbers`() {
        var story = Story(Story.k) { $0.despatch = DocumentPolicy() }
        story.push()
        story.after(.milliseconds(10))
        story.read(Story.numbered)
        #expect(story.next == .write([.lines]))
        story.after(.milliseconds(10))
        story.read(Story.lined)
        #expect(story.next == .askShipments)
    }

    @Test func `without a shipment the order waits, open, and is looked at again`() {
        var story = Story.despatching()
        story.ship([])
        #expect(story.standing == .held && story.reason == .awaitingShipment)
        #expect(story.rest?.until.map { $0 > story.now } ?? false)
    }

    @Test func `an order of which nothing is sent out for too long is seen by a person, and goes on by itself all the same`() {
        var story = Story.despatching { $0.shipmentOverdueAfter = .seconds(2 * 86_400) }
        story.ship([])
        story.after(.seconds(2 * 86_400 - 1))
        story.read(Story.lined)
        #expect(story.standing == .held && story.reason == .awaitingShipment)
        story.after(.seconds(1))
        story.read(Story.lined)
        #expect(story.standing == .quarantined && story.reason == .shipmentOverdue)
        #expect(story.rest?.until.map { $0 > story.now } ?? false)
        #expect(story.rest?.sentence.contains("longer than 2 days") ?? false)
        story.settle()
        var released = story
        released.decide(.release)
        released.after(.seconds(10 * 86_400))
        released.read(Story.lined)
        released.ship([])
        #expect(released.standing == .held && released.reason == .awaitingShipment, "a person lets it wait")
        story.ship([Story.shipment("S1", ["id:1": 5])])
        #expect(story.next == .render(.shipment("S1")))
        story.render(.shipment("S1"), "S1")
        story.send(1)
        #expect(story.standing == .held && story.reason == .awaitingShipment, "counted anew from the last document")
        story.after(.seconds(2 * 86_400))
        story.read(Story.lined)
        #expect(story.reason == .shipmentOverdue && story.rest?.sentence.contains("1 sent out") ?? false)
    }

    @Test(arguments: [
        (Duration.seconds(86_400), "1 day"), (.seconds(30 * 86_400), "30 days"), (.seconds(36 * 3600), "36 hours"),
        (.seconds(90), "90 seconds"), (.seconds(60), "1 minute"), (.milliseconds(10), "0 seconds"),
    ])
    func `a duration is told in its largest whole unit`(_ duration: Duration, _ words: String) {
        #expect(duration.inWords == words)
    }

    @Test func `shipments become documents one after the other, each rendered, sent and then the next`() {
        var story = Story.despatching()
        story.ship([Story.shipment("S1", ["id:1": 2]), Story.shipment("S2", ["id:1": 3, "id:2": 2])])
        #expect(story.next == .render(.shipment("S1")))
        story.render(.shipment("S1"), "S1-1", "S1-2")
        #expect(story.next == .send(ordinal: 1))
        story.send(1)
        #expect(story.next == .send(ordinal: 2))
        story.send(2)
        #expect(story.next == .render(.shipment("S2")))
        story.render(.shipment("S2"), "S2")
        story.send(3)
        story.after(.milliseconds(10))
        story.read(Story.lined)
        #expect(story.next == .write([.close]))
    }

    @Test func `a partial shipment leaves the order open`() {
        var story = Story.despatching()
        story.ship([Story.shipment("S1", ["id:1": 5])])
        story.render(.shipment("S1"), "S1")
        story.send(1)
        #expect(story.reason == .awaitingShipment)
        story.ship([Story.shipment("S1", ["id:1": 5])], closed: ["id:2"])
        story.after(.milliseconds(10))
        story.read(Story.lined)
        #expect(story.next == .write([.close]))
    }

    @Test func `of an order that was cancelled in the ERP nothing is told any more, and a person sees it`() {
        var story = Story.despatching()
        story.ship([Story.shipment("S1", ["id:1": 5])])
        story.render(.shipment("S1"), "S1")
        story.ship([Story.shipment("S1", ["id:1": 5])], closed: ["id:2"], isCancelled: true)
        #expect(story.standing == .quarantined && story.reason == .cancelledInERP)
        story.ship([Story.shipment("S1", ["id:1": 5])], closed: ["id:2"])
        #expect(story.next == .send(ordinal: 1))
    }

    @Test func `a line that the ERP rejected isn't waited for`() {
        var story = Story(Story.k) { ($0.despatch, $0.partial) = (DocumentPolicy(), .accept) }
        story.push(Story.partialReceipt)
        story.after(.milliseconds(10))
        story.read {
            Story.numbered(&$0)
            $0.lines[0].erpLineNumber = 10
        }
        story.ship([Story.shipment("S1", ["id:1": 5])])
        story.render(.shipment("S1"), "S1")
        story.send(1) {
            Story.numbered(&$0)
            $0.lines[0].erpLineNumber = 10
        }
        #expect(story.next == .write([.close]))
    }

    @Test func `what the shop showed before the last document says nothing of whether it closed the order`() {
        var story = Story.despatching()
        story.shipEverything()
        story.note(.documentEnded(ordinal: 1, .acknowledged))
        #expect(story.next == .read)
        story.after(.milliseconds(10))
        story.read(Story.finished)
        #expect(story.standing == .finished)
    }

    @Test func `an order that is left open is finished with its last document`() {
        var story = Story.despatching { $0.close = .leave }
        story.shipEverything()
        story.after(.milliseconds(10))
        story.read(Story.lined)
        #expect(story.standing == .finished)
    }

    @Test func `a process that dies while sending leaves an unknown outcome, for a person`() {
        var story = Story.despatching()
        story.ship([Story.shipment("S1", ["id:1": 5, "id:2": 2])])
        story.render(.shipment("S1"), "S1")
        story.send(1, nil)
        #expect(story.next == .settle(ordinal: 1))
        story.note(.documentEnded(ordinal: 1, .unknown("the process ended")))
        story.read(Story.lined)
        #expect(story.standing == .quarantined && story.reason == .documentUnknown)
        var resent = story
        resent.settle()
        resent.decide(.resend(ordinal: 1))
        resent.read(Story.lined)
        #expect(resent.next == .send(ordinal: 1))
        resent.send(1, .acknowledged)
        #expect(resent.progress.documents[0].state == .acknowledged)
        story.settle()
        story.decide(.release)
        story.after(.milliseconds(10))
        story.read(Story.lined)
        #expect(story.next == .write([.close]), "a person says that it arrived")
    }

    @Test func `to a receiver that takes a number once, the same bytes are sent again, and not for ever`() {
        var story = Story.despatching {
            $0.despatch = DocumentPolicy(onUnknown: .resend)
            $0.failuresMax = 3
        }
        story.ship([Story.shipment("S1", ["id:1": 5, "id:2": 2])])
        story.render(.shipment("S1"), "S1")
        for attempt in 1...3 {
            story.send(1, .unknown("cut off"))
            guard attempt < 3 else { break }
            #expect(story.standing == .waiting && story.reason == .retryLater)
            story.after(.seconds(30))
            story.read(Story.lined)
            #expect(story.next == .send(ordinal: 1))
        }
        #expect(story.reason == .documentUnknown)
    }

    @Test func `a try that never left says nothing about one whose end is unknown`() {
        var story = Story.despatching()
        story.ship([Story.shipment("S1", ["id:1": 5, "id:2": 2])])
        story.render(.shipment("S1"), "S1")
        story.send(1, .notSent("refused the connection"))
        #expect(story.next == .send(ordinal: 1))
        story.send(1, .unknown("cut off"))
        story.decide(.resend(ordinal: 1))
        story.send(1, .notSent("refused the connection"))
        #expect(story.progress.documents[0].state == .unknown && story.progress.documents[0].isOrderedAgain)
    }

    @Test func `a document that nobody can have is made anew when a person has the order looked at`() {
        var story = Story.despatching()
        story.ship([Story.shipment("S1", ["id:1": 5, "id:2": 2])])
        story.render(.shipment("S1"), "S1")
        story.send(1, .notSent("refused the credentials"))
        story.decide(.rerun)
        story.read(Story.lined)
        #expect(story.next == .render(.shipment("S1")))
        story.note(
            .documentRendered(
                DocumentRecord(
                    ordinal: 1, kind: .desadv, number: "S1", cause: .shipment("S1"), digest: "other bytes",
                    shipmentDigest: "digest of S1")))
        #expect(story.progress.documents.map(\.record.digest) == ["other bytes"])
        #expect(story.next == .send(ordinal: 1))
        story.send(1, .unknown("cut off"))
        story.decide(.rerun)
        story.read(Story.lined)
        #expect(story.reason == .documentUnknown, "its receiver may have it, so its bytes stay")
    }

    @Test func `a refused document stops the order until a person has looked`() {
        var story = Story.despatching()
        story.ship([Story.shipment("S1", ["id:1": 5]), Story.shipment("S2", ["id:2": 2])])
        story.render(.shipment("S1"), "S1")
        story.send(1, .refused("answered with 422"))
        #expect(story.standing == .quarantined && story.reason == .documentRefused)
        story.settle()
        story.decide(.release)
        story.read(Story.lined)
        #expect(story.next == .render(.shipment("S2")))
    }

    @Test func `a shipment told of otherwise than its documents is for a person, once`() {
        var story = Story.despatching()
        story.ship([Story.shipment("S1", ["id:1": 5])])
        story.render(.shipment("S1"), "S1")
        story.send(1)
        story.ship([Story.shipment("S1", digest: "another", ["id:1": 4])])
        #expect(story.standing == .quarantined && story.reason == .shipmentChanged)
        story.settle()
        story.decide(.release)
        story.read(Story.lined)
        #expect(story.reason == .awaitingShipment, "nothing is told of it a second time")
        story.ship([Story.shipment("S1", digest: "a third", ["id:1": 3])])
        #expect(story.reason == .shipmentChanged)
    }

    @Test func `more than was ordered isn't told of without a person`() {
        var story = Story.despatching()
        story.ship([Story.shipment("S1", ["id:1": 4]), Story.shipment("S2", ["id:1": 2])])
        #expect(story.reason == .shippedTooMuch)
        #expect(story.rest?.faults.map(\.description) == ["line id:1: 5 ordered, 6 sent out"])
    }

    @Test func `a document that can't be made names what is missing, and is tried again when a person says so`() {
        var story = Story.despatching()
        story.ship([Story.shipment("S1", ["id:1": 5])])
        story.note(.documentImpossible(.shipment("S1"), [SinkFault(path: "line 1", message: "too long")]))
        #expect(story.standing == .quarantined && story.reason == .documentImpossible)
        story.decide(.rerun)
        story.read(Story.lined)
        #expect(story.next == .render(.shipment("S1")))
    }

    @Test func `an order goes on without a document that can't be made when a person says so, for good`() {
        var story = Story.despatching()
        let shipments = [Story.shipment("S1", ["id:1": 5]), Story.shipment("S2", ["id:2": 2])]
        story.ship(shipments)
        story.note(.documentImpossible(.shipment("S1"), [SinkFault(path: "line 1", message: "too long")]))
        story.settle()
        story.decide(.release)
        story.read(Story.lined)
        #expect(story.next == .render(.shipment("S2")), "its turn has the next")
        story.note(.documentImpossible(.shipment("S2"), [SinkFault(path: "line 2", message: "too long")]))
        #expect(story.reason == .documentImpossible, "one release is for one document")
        story.settle()
        story.decide(.rerun)
        story.read(Story.lined)
        #expect(story.next == .render(.shipment("S2")), "what was told by hand isn't sent as well")
        story.render(.shipment("S2"), "S2")
        story.send(1)
        #expect(story.next == .write([.close]))
    }

    @Test func `shipments older than what a rebuilt ledger knows aren't told of without a person`() {
        var story = Story.despatching()
        story.ship([Story.shipment("S1", ["id:1": 2])])
        story.render(.shipment("S1"), "S1")
        story.send(1)
        story.note(.restored(Restoration()))
        story.read(Story.lined)
        story.ship([Story.shipment("S1", ["id:1": 2]), Story.shipment("S2", ["id:1": 3])])
        story.render(.shipment("S2"), "S2")
        guard case .doubt(let ordinal, _) = story.next else {
            Issue.record("\(story.next)")
            return
        }
        #expect(ordinal == 2)
        story.note(.documentEnded(ordinal: 2, .unknown("restored")))
        story.read(Story.lined)
        story.ship([
            Story.shipment("S1", ["id:1": 2]), Story.shipment("S2", ["id:1": 3]), Story.shipment("S3", ["id:2": 2]),
        ])
        #expect(story.reason == .documentUnknown)
        story.settle()
        story.decide(.release)
        story.read(Story.lined)
        story.render(.shipment("S3"), "S3")
        #expect(story.next == .send(ordinal: 3), "nobody else can have told of it")
    }

    @Test func `the buyer is told at the chosen moments, whatever becomes of the text`() {
        var story = Story.despatching { $0.statusMoments = StatusMoment.allCases }
        #expect(story.next == .render(.status(.processing)))
        story.render(.status(.processing), "E1.processing")
        #expect(story.next == .send(ordinal: 1))
        story.send(1, .unknown("cut off"))
        #expect(story.next == .askShipments)
        story.ship([Story.shipment("S1", ["id:1": 5, "id:2": 2])])
        story.render(.shipment("S1"), "S1")
        story.send(2)
        #expect(story.next == .render(.status(.shipped)))
        story.render(.status(.shipped), "E1.shipped")
        story.send(3, .refused("422"))
        story.after(.milliseconds(10))
        story.read(Story.finished)
        #expect(story.next == .render(.status(.done)))
        story.render(.status(.done), "E1.done")
        story.send(4, shown: Story.finished)
        #expect(story.standing == .finished)
    }
}
