import OrderFlow
import Orders
import SinkKit
import Testing

/// What the ERP tells by itself, judged and folded.
@Suite struct MessageTests {
    private static let other = SinkReceipt(erpOrderNumber: "E2", lines: [])
    private static let refusal = SinkEvent.Kind.answer(.rejected([SinkFault(message: "no such product")]))
    private static let acceptance = SinkEvent.Kind.answer(.accepted(Story.receipt))

    // MARK: What settles something open

    @Test(arguments: [Story.k, Story.l, Story.n])
    func `the final word settles a ticket, and the order goes on by itself`(_ sinkClass: SinkClass) {
        var story = Story.sent(sinkClass)
        story.end(.pending(SinkTicket("T1")))
        #expect(story.hear(Self.acceptance) == .accepted)
        #expect(story.progress.receipt == Story.receipt && story.progress.ticket == nil && story.progress.openIntent == nil)
        #expect(story.progress.pushedContentDigest == Story.content)
        #expect(story.next == .read)
    }

    @Test func `it proves what nobody else can tell of class N: the parked order goes on`() {
        var story = Story.sent(Story.n)
        story.end(.unknown("the connection ended"))
        #expect(story.reason == .outcomeUnknown)
        story.settle()
        #expect(story.hear(Self.acceptance) == .accepted)
        story.after(.milliseconds(5))
        story.read()
        #expect(story.next == .write([.mark]))
    }

    @Test func `a create's answer that comes after it doesn't write over it`() {
        var story = Story.sent(Story.n)
        #expect(story.hear(Self.acceptance) == .accepted)
        story.end(.pending(SinkTicket("T1")))
        #expect(story.progress.receipt == Story.receipt && story.progress.ticket == nil)
        var refused = Story.sent(Story.n)
        #expect(refused.hear(Self.refusal) == .rejected)
        refused.end(.pending(SinkTicket("T1")))
        refused.read()
        #expect(refused.progress.ticket == nil && refused.reason == .rejected)
    }

    @Test func `a refusal stops the order for a person, and a ticket that nobody answered comes of a pending word`() {
        var story = Story.sent(Story.n)
        story.end(.pending(SinkTicket("T1")))
        #expect(story.hear(Self.refusal) == .rejected)
        story.read()
        #expect(story.reason == .rejected && story.rest?.faults.first?.message == "no such product")
        var open = Story.sent(Story.n)
        open.end(.unknown("the connection ended"))
        #expect(open.hear(.answer(.pending(SinkTicket("T9")))) == .pending)
        #expect(open.next == .poll(SinkTicket("T9")))
        #expect(open.hear(.answer(.pending(SinkTicket("T10")))) == .repeated)
    }

    @Test func `silence of class N is an unknown outcome, never another create, and a late word still settles it`() {
        var story = Story.sent(Story.n)
        story.policy.receivesMessages = true
        story.end(.pending(SinkTicket("T1")))
        story.fail("poll", .unknown, after: .seconds(5))
        #expect(story.reason == .outcomeUnknown)
        story.after(.seconds(3600))
        story.read()
        #expect(story.reason == .outcomeUnknown)
        story.settle()
        #expect(story.hear(Self.acceptance) == .accepted)
        #expect(story.next == .read)
    }

    // MARK: What changes nothing

    @Test func `a repeat, and what is past, changes nothing`() {
        var story = Story(Story.n)
        #expect(story.hear(Self.refusal) == .neverSent)
        #expect(story.hear(.cancelled("")) == .neverSent)
        #expect(story.hear(.answer(.pending(SinkTicket("T")))) == .neverSent)
        story.finish()
        let before = story.progress
        #expect(story.hear(Self.acceptance) == .repeated)
        #expect(story.hear(.answer(.pending(SinkTicket("T")))) == .late)
        #expect(story.progress == before)
    }

    @Test func `what was taken in before a crash isn't taken in again`() {
        var story = Story.sent(Story.n)
        #expect(story.hear(Self.acceptance, id: "m1") == .accepted)
        let before = story.progress
        #expect(story.hear(Self.acceptance, id: "m1") == .accepted)
        #expect(story.progress == before)
    }

    @Test func `a refusal delivered twice isn't taken for the answer to a later create`() {
        var story = Story.sent(Story.n)
        #expect(story.hear(Self.refusal, id: "m1", digest: "bytes") == .rejected)
        story.decide(.createAgain)
        story.read()
        #expect(story.next == .create(attempt: 2))
        story.intend(attempt: 2)
        story.end(.pending(SinkTicket("T2")), attempt: 2)
        #expect(story.hear(Self.refusal, id: "m2", digest: "bytes") == .repeated)
        #expect(story.next == .poll(SinkTicket("T2")))
        #expect(story.hear(Self.refusal, id: "m3", digest: "other bytes") == .rejected)
    }

    @Test func `one message may say two things of one order`() {
        var story = Story.sent(Story.n)
        #expect(story.hear(.answer(.pending(SinkTicket("T"))), id: "m1", number: 0, digest: "d") == .pending)
        #expect(story.hear(Self.refusal, id: "m1", number: 1, digest: "d") == .rejected)
    }

    @Test func `what is about a key that a person had replaced is passed over`() {
        var story = Story(Story.n)
        story.finish()
        story.decide(.newKey)
        #expect(story.hear(.cancelled("late"), generation: 1) == .replaced)
        #expect(story.hear(Self.acceptance, generation: 1) == .replaced)
        #expect(story.progress.receipt == nil && story.progress.objection == nil)
    }

    @Test func `shipments are looked at once the ERP is known to have the order, where the flow tells of them`() {
        var story = Story.sent(Story.n)
        #expect(story.hear(.shipped) == .notAsked)
        story.policy.despatch = DocumentPolicy()
        #expect(story.hear(.shipped) == .early)
        story.end(.accepted(Story.receipt))
        #expect(story.judge(.shipped).change == .look)
    }

    // MARK: What a person must see

    @Test func `a refusal after the acceptance stops everything until a person decides`() {
        var story = Story(Story.n)
        story.push()
        #expect(story.hear(Self.refusal) == .contradicted)
        story.after(.milliseconds(5))
        story.read()
        #expect(story.reason == .answersContradict && story.standing == .quarantined)
        story.settle()
        story.decide(.rerun)
        #expect(story.reason == .answersContradict, "to look again settles nothing")
        story.decide(.release)
        story.read()
        #expect(story.next == .write([.mark]))
    }

    @Test func `an acceptance after the refusal creates nothing and isn't believed either`() {
        var story = Story.sent(Story.n)
        story.end(.rejected([SinkFault(message: "no")]))
        #expect(story.hear(Self.acceptance) == .contradicted)
        #expect(story.progress.receipt == nil)
        story.decide(.rerun)
        story.read()
        #expect(story.reason == .acceptedAfterRefusal)
        #expect(story.rest?.sentence.contains("E1") == true)
        story.decide(.adopt(Story.receipt))
        #expect(story.progress.objection == nil && story.next == .read)
    }

    @Test(arguments: [true, false])
    func `a refusal is of the one try that may have had an effect, and of several leaves another open`(wasThrottled: Bool) {
        var story = Story.sent(Story.k)
        story.end(.unknown("cut off"))
        story.read()
        story.intend()
        story.end(wasThrottled ? .notApplied("429") : .unknown("cut off"))
        #expect(story.hear(Self.refusal) == .rejected)
        #expect(story.hear(Self.acceptance) == (wasThrottled ? .contradicted : .accepted))
    }

    @Test func `another number than the one that is known, and other lines, are contradictions, but for what a person adopted`() {
        var story = Story(Story.n)
        story.push()
        #expect(story.judge(.answer(.accepted(Self.other))).reason == .contradicted)
        #expect(story.judge(.answer(.accepted(Story.partialReceipt))).reason == .contradicted)
        var adopted = Story(Story.n)
        adopted.decide(.adopt(SinkReceipt(erpOrderNumber: "E1", lines: [])))
        #expect(adopted.judge(Self.acceptance).reason == .repeated)
        #expect(adopted.judge(.answer(.accepted(Self.other))).reason == .contradicted)
    }

    @Test func `an acceptance of an order that a person took out is told to a person, who may go on with it`() {
        var story = Story.sent(Story.n)
        story.end(.unknown("?"))
        story.decide(.skip)
        #expect(story.reason == .skippedByPerson)
        #expect(story.hear(Self.acceptance) == .accepted)
        #expect(story.reason == .acceptedAfterSkip)
        var out = story
        out.decide(.skip)
        #expect(out.reason == .skippedByPerson)
        #expect(out.hear(Self.refusal) == .takenOut)
        story.decide(.rerun)
        #expect(story.next == .read && story.progress.receipt == Story.receipt)
    }

    @Test func `a cancellation after the push writes nothing further, whichever word comes first`() {
        var story = Story(Story.n)
        story.finish()
        #expect(story.hear(.cancelled("out of stock")) == .cancelled)
        #expect(story.reason == .cancelledInERP && story.standing == .quarantined)
        #expect(story.hear(.cancelled("out of stock")) == .repeated)

        var reversed = Story.sent(Story.n)
        reversed.end(.pending(SinkTicket("T1")))
        #expect(reversed.hear(.cancelled("out of stock")) == .cancelled)
        #expect(reversed.reason == .cancelledInERP && reversed.rest?.sentence.contains("out of stock") == true)
        #expect(reversed.hear(Self.acceptance) == .accepted)
        reversed.after(.milliseconds(1))
        reversed.read()
        #expect(reversed.reason == .cancelledInERP)
        reversed.decide(.newKey)
        reversed.read()
        #expect(reversed.next == .create(attempt: 2))
    }

    @Test func `what the ERP holds under our key stays a person's question whatever a message says`() {
        var story = Story.sent(Story.n)
        story.fail("create", .conflict)
        #expect(story.reason == .keyConflict)
        #expect(story.hear(Self.acceptance) == .awaitsPerson)
        #expect(story.reason == .keyConflict)
    }

    @Test func `an order that was placed elsewhere never gets to the ERP by a message`() {
        var story = Story(Story.n)
        story.note(.listedOffline)
        #expect(story.hear(Self.acceptance) == .neverSent)
        #expect(story.progress.receipt == nil)
    }

    // MARK: Tickets

    @Test func `tickets are known with the key's generation, from the intent on`() {
        var story = Story(Story.n)
        story.read()
        var intent = Story.intent()
        intent.ticket = "early"
        story.note(.createIntended(intent))
        story.end(.pending(SinkTicket("late")))
        #expect(story.progress.tickets == ["early": 1, "late": 1])
        #expect(story.entries.compactMap(\.event.ticket) == ["early", "late"])
    }
}

extension Story {
    /// Read and sent, with no answer yet.
    fileprivate static func sent(_ sinkClass: SinkClass) -> Story {
        var story = Story(sinkClass)
        story.read()
        if sinkClass.canFind { story.note(.sought(.absent)) }
        story.intend()
        return story
    }

    fileprivate func judge(
        _ event: SinkEvent.Kind, id: String? = nil, number: Int = 0, digest: String? = nil, generation: Int? = nil
    ) -> MessageJudgement {
        let name = MessageName(message: id ?? "message-\(entries.count)", number: number)
        return MessageJudge(policy: policy).judge(
            event, name: name, generation: generation ?? progress.generation, digest: digest ?? "digest-\(entries.count)",
            progress)
    }

    /// Judges and takes in what the ERP tells, as the engine does.
    mutating func hear(
        _ event: SinkEvent.Kind, id: String? = nil, number: Int = 0, digest: String? = nil, generation: Int? = nil
    ) -> MessageReason {
        let judgement = judge(event, id: id, number: number, digest: digest, generation: generation)
        if case .entry(let effect) = judgement.change {
            let name = MessageName(message: id ?? "message-\(entries.count)", number: number)
            note(.message(MessageEntry(name: name, digest: digest ?? "digest-\(entries.count)", effect: effect)))
        }
        return judgement.reason
    }
}
