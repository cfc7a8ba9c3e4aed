import OrderFlow
import Orders
import SinkKit
import Testing

/// What a journal adds up to.
@Suite struct ProgressTests {
    @Test func `the same entries always give the same value, at once or one by one, also from their stored form`() throws {
        for seed in 1...300 as ClosedRange<UInt64> {
            var maker = EventMaker(seed: seed)
            var stepwise = OrderProgress()
            var entries: [JournalEntry] = []
            for sequence in 1...40 {
                let entry = JournalEntry(
                    sequence: sequence, at: Timestamp(milliseconds: Int64(sequence) * 1000), event: try maker.event())
                stepwise.apply(entry.event, at: entry.at)
                entries.append(entry)
            }
            #expect(OrderProgress(entries) == stepwise)
            let stored = try entries.map { entry in
                let body = try #require(try JSONValue(parsing: JSONValue.object(entry.event.body).serialized()).objectValue)
                return JournalEntry(
                    sequence: entry.sequence, at: entry.at, event: try JournalEvent(kind: entry.event.kind, body: body))
            }
            #expect(OrderProgress(stored) == stepwise, "seed \(seed)")
            #expect(stepwise.entryCount == 40)
        }
    }

    @Test func `no journal, however odd, brings the planner down or makes it promise the past`() throws {
        let policies = [Story.k, Story.l, Story.n].map { Story($0).policy }
        for seed in 1...1000 as ClosedRange<UInt64> {
            var maker = EventMaker(seed: seed)
            var progress = OrderProgress()
            for step in 1...20 {
                // Sensible instants; the events have the odd ones in them.
                progress.apply(try maker.event(), at: Story.start + .seconds(step))
                for policy in policies { _ = Planner(policy: policy).next(progress, at: Story.start + .seconds(step)) }
            }
        }
    }

    @Test func `an end that belongs to another attempt closes nothing`() {
        var story = Story(Story.l)
        story.read()
        story.intend(attempt: 2)
        for end in [CreateEnd.notApplied("x"), .unknown("x"), .rejected([])] { story.end(end, attempt: 1) }
        #expect(story.progress.openIntent?.intent.attempt == 2)
        #expect(story.progress.openIntent?.uncertainSince == nil)
    }

    @Test func `acceptance ends everything on the way there`() {
        var story = Story(Story.k)
        story.read()
        story.intend()
        story.end(.unknown("x"))
        story.fail("create", .unknown, after: .seconds(5))
        story.fail("create", .conflict)
        story.end(.accepted(Story.receipt))
        let progress = story.progress
        #expect(progress.openIntent == nil && progress.ticket == nil && progress.rejection == nil && progress.conflict == nil)
        #expect(progress.lastFailure == nil && progress.failureCount == 0 && progress.retryAt == nil)
        #expect(progress.mustRead && progress.receiptAt == story.now)
    }

    @Test func `a failure makes the last read worthless`() {
        var story = Story(Story.n)
        story.read()
        #expect(!story.progress.mustRead)
        story.fail("create", .transient)
        #expect(story.progress.mustRead)
        #expect(story.next == .read)
    }

    @Test func `what a verdict says is compared without when it is looked at again`() {
        let verdict = Verdict(.held, .unpaid, "x", until: Story.start)
        #expect(verdict.saysTheSame(as: Verdict(.held, .unpaid, "x", until: nil)))
        #expect(!verdict.saysTheSame(as: Verdict(.held, .unpaid, "y")))
        #expect(!verdict.saysTheSame(as: Verdict(.held, .unpaid, "x", faults: [SinkFault(message: "m")])))
    }

    @Test func `a reading is compared without when it was made`() {
        let reading = Story.reading(at: Story.start)
        #expect(reading.showsTheSame(as: Story.reading(at: Story.start + .seconds(9))))
        #expect(!reading.showsTheSame(as: Story.reading(at: Story.start) { $0.shipment = .sent }))
        #expect(!reading.differs(from: Story.reading(at: Story.start) { $0.shipment = .sent }))
        #expect(reading.differs(from: Story.reading(at: Story.start) { $0.payment = nil }))
    }

    @Test(arguments: [(0, 5), (1, 5), (2, 10), (3, 20), (10, 2560), (11, 3600), (1000, 3600)] as [(Int, Int64)])
    func `waiting times double up to their limit`(_ failures: Int, _ seconds: Int64) {
        #expect(OrderBackoff(initial: .seconds(5), max: .seconds(3600)).delay(afterFailures: failures) == .seconds(seconds))
    }

    @Test(arguments: [
        // FIPS 180-4's examples.
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func `digests are SHA-256 in lower-case hexadecimal`(_ text: String, _ digest: String) {
        #expect(ContentDigest.sha256(Array(text.utf8)) == digest)
    }
}
