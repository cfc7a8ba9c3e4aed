import OrderFlow
import Orders
import SinkKit
import Testing

/// The ERP has it: mark, number, lines, close, each until the shop shows it.
@Suite struct AfterPushTests {
    /// Pushed, and read again as the shop shows it now.
    private static func pushed(
        _ receipt: SinkReceipt = Story.receipt, _ configure: (inout FlowPolicy) -> Void = { _ in },
        _ change: (inout OrderReading) -> Void = { _ in }
    ) -> Story {
        var story = Story(Story.k, configure)
        story.push(receipt)
        story.after(.milliseconds(10))
        story.read(change)
        return story
    }

    /// What is decided, step by step, when the shop shows each write at once.
    private static func writes(_ configure: (inout FlowPolicy) -> Void) -> [[WriteStep]] {
        var story = Self.pushed(Story.receipt, configure)
        var shown = Story.reading(at: story.now)
        var writes: [[WriteStep]] = []
        while case .write(let steps) = story.next, writes.count < 10 {
            writes.append(steps)
            for step in steps {
                switch step {
                case .mark: shown.state = .processing
                case .number: shown.erpOrderNumber = "E1"
                case .lines: for index in shown.lines.indices { shown.lines[index].erpLineNumber = Int64(index + 1) * 10 }
                case .markSent: Issue.record("it isn't an offline order")
                case .close: if story.policy.close == .done { shown.state = .done } else { shown.shipment = .sent }
                }
            }
            story.after(.milliseconds(10))
            shown.beganAt = story.now
            story.note(.wrote(steps, shown))
        }
        #expect(story.standing == .finished)
        return writes
    }

    @Test(
        arguments: [
            (WriteMerge.none, ClosePolicy.auto, [[.mark], [.number], [.lines], [.close]]),
            (.none, .leave, [[.mark], [.number], [.lines]]),
            (.none, .done, [[.mark], [.number], [.lines], [.close]]),
            (.stateAndNumber, .auto, [[.mark, .number], [.lines], [.close]]),
            (.all, .auto, [[.mark, .number, .lines], [.close]]),
        ] as [(WriteMerge, ClosePolicy, [[WriteStep]])])
    func `the steps come in their order, joined as the policy says`(
        _ merge: WriteMerge, _ close: ClosePolicy, _ steps: [[WriteStep]]
    ) {
        #expect(Self.writes { ($0.merge, $0.close) = (merge, close) } == steps)
    }

    @Test func `a flow that also selects processing and done has nothing to mark there`() {
        let story = Self.pushed(Story.receipt, { $0.selectedStates = [.confirmed, .processing, .done] }, Story.marked)
        #expect(story.next == .write([.number]))
        let done = Self.pushed(Story.receipt, { $0.selectedStates = [.done] }) { $0.state = .done }
        #expect(done.next == .write([.number]))
    }

    @Test func `steps the shop shows already are left out, and joined ones shrink`() {
        #expect(Self.pushed(Story.receipt, { _ in }, Story.numbered).next == .write([.lines]))
        #expect(Self.pushed(Story.receipt, { _ in }, Story.lined).next == .write([.close]))
        #expect(Self.pushed(Story.receipt, { _ in }, Story.finished).standing == .finished)
        #expect(Self.pushed(Story.receipt, { $0.merge = .all }, Story.numbered).next == .write([.lines]))
        #expect(Self.pushed(Story.receipt, { $0.merge = .all }, Story.marked).next == .write([.number, .lines]))
        #expect(Self.pushed(Story.receipt, { $0.merge = .stateAndNumber }, Story.marked).next == .write([.number]))
    }

    @Test func `an ERP without line numbers leaves no lines to write`() {
        let receipt = SinkReceipt(erpOrderNumber: "E1", lines: [])
        #expect(Self.pushed(receipt, { $0.merge = .all }).next == .write([.mark, .number]))
        #expect(Self.pushed(receipt, { _ in }, Story.numbered).next == .write([.close]))
    }

    @Test func `a write relies on a read of at most 5 s that began after the acceptance`() {
        var story = Story(Story.k)
        story.read()
        story.intend()
        story.after(.milliseconds(100))
        story.note(.createEnded(attempt: 1, .accepted(Story.receipt)))
        #expect(story.next == .read)
        story.note(.read(Story.reading(at: story.now - .milliseconds(1))))
        #expect(story.next == .read, "what was edited while the ERP took it may be missing from that read")
        story.read()
        #expect(story.next == .write([.mark]))
        story.after(.milliseconds(5001))
        #expect(story.next == .read)
        story.fail("mark", .unknown, after: .seconds(1))
        story.after(.seconds(1))
        #expect(story.next == .read, "an unanswered write is looked at before it is repeated")
    }

    // MARK: What a person must see first

    static let conflicts: [(ReasonCode, Bool, @Sendable (inout OrderReading) -> Void)] = [
        (.cancelledAfterPush, false, { $0.state = .cancelled }), (.changedAfterPush, true, { $0.contentDigest = "content-2" }),
        (.malformed, false, { $0.faults = [SinkFault(message: "no lines")] }),
        (.numberConflict, false, { $0.erpOrderNumber = "E9" }),
        (.unexpectedState, false, { $0.state = .draft }), (.unexpectedState, false, { $0.state = OrderState(rawValue: "odd") }),
        (.lineNumberConflict, false, { $0.lines[1].erpLineNumber = 99 }),
    ]

    @Test(arguments: conflicts, [false, true])
    func `nothing is written over a conflict, and only some can be released`(
        _ conflict: (reason: ReasonCode, canBeReleased: Bool, change: @Sendable (inout OrderReading) -> Void), _ isFinished: Bool
    ) {
        var story = Self.pushed()
        if isFinished {
            story.read(Story.finished)
            story.settle()
        }
        story.read {
            if isFinished { Story.finished(&$0) }
            conflict.change(&$0)
        }
        #expect(story.standing == .quarantined && story.reason == conflict.reason)
        #expect(story.reason?.canBeReleased == conflict.canBeReleased)
        story.settle()
        story.decide(.release)
        story.read {
            if isFinished { Story.finished(&$0) }
            conflict.change(&$0)
        }
        #expect((story.reason != conflict.reason) == conflict.canBeReleased)
    }

    @Test func `an empty number in the shop is no other number`() {
        #expect(
            Self.pushed(Story.receipt, { _ in }, { ($0.state, $0.erpOrderNumber) = (.processing, "") }).next == .write([.number]))
    }

    @Test func `an edit that a write met is a conflict until it is released; looking again doesn't do`() {
        var story = Self.pushed()
        story.note(.wrote([.mark], Story.reading(at: story.now, Story.marked)))
        story.fail("write", .conflict)
        #expect(story.reason == nil)
        story.read(Story.marked)
        #expect(story.reason == .editedMeanwhile && story.rest?.sentence == "it broke")
        story.settle()
        story.decide(.rerun)
        story.read(Story.marked)
        #expect(story.reason == .editedMeanwhile)
        story.decide(.release)
        story.read(Story.marked)
        #expect(story.next == .write([.number]))
    }

    @Test func `one release doesn't take back another`() {
        var story = Self.pushed(Story.partialReceipt)
        #expect(story.reason == .partiallyAccepted)
        story.settle()
        func edited(_ reading: inout OrderReading) { reading.contentDigest = "content-2" }
        story.read(edited)
        for reason in [ReasonCode.partiallyAccepted, .changedAfterPush] {
            #expect(story.reason == reason)
            story.settle()
            story.decide(.release)
            if reason == .partiallyAccepted { story.read(edited) }
        }
        story.read(edited)
        #expect(story.next == .write([.mark]))
    }

    // MARK: Partial acceptance

    @Test func `partly taken: nothing is written until a person says release`() {
        var story = Self.pushed(Story.partialReceipt)
        #expect(story.standing == .quarantined && story.reason == .partiallyAccepted)
        #expect(story.rest?.faults == [SinkFault(path: "line id:2", message: "rejected: blocked")])
        story.settle()
        story.decide(.release)
        story.read()
        #expect(story.next == .write([.mark]))
        #expect(Self.pushed(Story.partialReceipt, { $0.partial = .accept }).next == .write([.mark]))
    }

    @Test func `a line the receipt doesn't mention is not taken`() {
        var receipt = Story.receipt
        receipt.lines.removeLast()
        let story = Self.pushed(receipt)
        #expect(story.reason == .partiallyAccepted)
        #expect(story.rest?.faults == [SinkFault(path: "line id:2", message: "the ERP's receipt doesn't mention it")])
        #expect(Self.pushed(receipt, { $0.partial = .accept }).next == .write([.mark]))
    }

    @Test func `cancelled in the ERP: the shop isn't told`() {
        var receipt = Story.receipt
        receipt.state = .cancelled
        #expect(Self.pushed(receipt).reason == .cancelledInERP)
    }

    // MARK: Writes that don't take

    @Test func `a write without effect is tried five times, ever more seldom, and five times more after a release`() {
        var story = Self.pushed()
        for _ in 0..<2 {
            var waits: [Int64] = []
            for _ in 0..<5 {
                #expect(story.next == .write([.mark]))
                story.note(.wrote([.mark], Story.reading(at: story.now)))
                guard let until = story.rest?.until else { break }
                #expect(story.reason == .retryLater && story.standing == .waiting)
                waits.append((until - story.now).inSeconds)
                story.now = until
                story.read()
            }
            #expect(waits == [5, 10, 20, 40])
            #expect(story.standing == .quarantined && story.reason == .writeWithoutEffect)
            story.after(.seconds(60))
            story.read()
            #expect(story.reason == .writeWithoutEffect)
            story.settle()
            story.decide(.release)
            story.read()
        }
    }

    @Test func `put back to confirmed after it was finished: marked again only by release, and each time`() {
        var story = Self.pushed()
        story.read(Story.finished)
        story.settle()
        func reopened(_ reading: inout OrderReading) {
            Story.finished(&reading)
            reading.state = .confirmed
        }
        for _ in 0..<2 {
            story.after(.seconds(60))
            story.read(reopened)
            #expect(story.reason == .reopenedInShop)
            story.settle()
            story.read(reopened)
            #expect(story.reason == .reopenedInShop, "saying so changes nothing")
            story.decide(.release)
            story.read(reopened)
            #expect(story.next == .write([.mark]))
            story.note(.wrote([.mark], Story.reading(at: story.now, Story.finished)))
            #expect(story.standing == .finished)
            story.settle()
        }
    }

    @Test func `a write the shop refuses needs a person`() {
        var story = Self.pushed()
        story.fail("mark", .rejected)
        #expect(story.reason == .refusedByShop && story.rest?.sentence == "The step 'mark' was refused: it broke")
    }
}
