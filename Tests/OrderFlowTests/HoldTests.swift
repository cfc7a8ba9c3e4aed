import OrderFlow
import Orders
import SinkKit
import Testing

/// Holds over time: looked at again, given up on, reopened, released.
@Suite struct HoldTests {
    /// Unpaid since the start, given up on after an hour.
    private static func givenUp() -> Story {
        var story = Story(Story.k) { $0.giveUpAfter = .seconds(3600) }
        story.read { $0.payment = .started }
        story.settle()
        story.after(.seconds(3600))
        story.read { $0.payment = .started }
        story.settle()
        return story
    }

    @Test func `a held order is looked at again soon at first, then ever more seldom`() {
        var story = Story(Story.k)
        var waits: [Int64] = []
        for _ in 0..<80 {
            story.read { $0.payment = .started }
            story.settle()
            guard let until = story.rest?.until else { return #expect(Bool(false), "it must come back by itself") }
            waits.append((until - story.now).inSeconds)
            story.now = until
        }
        #expect(waits.first == 60)
        #expect(zip(waits, waits.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(waits.last == 21_600 as Int64)
    }

    @Test func `a hold is given up on after its time, and says what for`() {
        var story = Self.givenUp()
        #expect(story.standing == .dismissed && story.reason == .heldTooLong && story.rest?.until == nil)
        #expect(story.rest?.sentence.contains("'started'") ?? false)
        story.after(.seconds(86_400))
        story.read { $0.payment = .started }
        #expect(story.reason == .heldTooLong)
    }

    @Test func `just before that it is still held`() {
        var story = Story(Story.k) { $0.giveUpAfter = .seconds(3600) }
        story.read { $0.payment = .started }
        story.settle()
        story.after(.milliseconds(3_599_999))
        story.read { $0.payment = .started }
        #expect(story.reason == .paymentStarted)
    }

    @Test(arguments: ["payment", "state", "content"])
    func `what was given up on is reopened by a change`(_ what: String) {
        var story = Self.givenUp()
        story.after(.seconds(60))
        story.read {
            $0.payment = what == "payment" ? .closedCancelled : .started
            $0.state = what == "state" ? .draft : .confirmed
            $0.contentDigest = what == "content" ? "content-2" : Story.content
        }
        #expect(story.standing == .held)
        story.settle()
        story.after(.seconds(3599))
        story.read { $0.payment = .started }
        #expect(story.standing == .held, "the time on hold begins anew, also when it changes back")
    }

    @Test func `what was given up on isn't reopened by anything else`() {
        var story = Self.givenUp()
        story.after(.seconds(60))
        story.read { ($0.payment, $0.modifiedDate, $0.erpOrderNumber, $0.shipment) = (.started, "2025-07-01", "X", .sent) }
        #expect(story.reason == .heldTooLong)
        story.fail("read", .transient, after: .seconds(5))
        story.settle()
        #expect(story.reason == .retryLater)
        story.after(.seconds(5))
        story.read { $0.payment = .started }
        #expect(story.reason == .heldTooLong, "a failed read in between is forgotten, the giving up is not")
        #expect(story.rest?.until == nil)
        story.decide(.rerun)
        story.read { $0.payment = .started }
        #expect(story.reason == .heldTooLong)
    }

    @Test func `a failure in between is no break of a hold`() {
        var story = Story(Story.k) { $0.giveUpAfter = .seconds(3600) }
        story.read { $0.payment = .started }
        story.settle()
        story.after(.seconds(1800))
        story.fail("read", .transient, after: .seconds(5))
        story.settle()
        story.after(.seconds(1800))
        story.read { $0.payment = .started }
        #expect(story.reason == .heldTooLong)
    }

    @Test func `failed reads with successes between them are not failures in a row`() {
        var story = Story(Story.k) { $0.failuresMax = 3 }
        for _ in 0..<10 {
            story.fail("read", .transient, after: .seconds(5))
            story.settle()
            #expect(story.reason == .retryLater)
            story.after(.seconds(5))
            var progress = story.progress
            // A read that shows nothing new has no entry; the verdict after it has.
            progress.refresh(Story.reading(at: story.now) { $0.payment = .started })
            guard case .rest(let verdict) = Planner(policy: story.policy).next(progress, at: story.now) else {
                return #expect(Bool(false))
            }
            story.note(.verdict(verdict))
        }
        #expect(story.progress.failureCount == 0)
    }

    @Test func `release lets what was given up on be held once more`() {
        var story = Self.givenUp()
        story.decide(.release)
        story.read { $0.payment = .started }
        #expect(story.reason == .paymentStarted)
    }

    @Test func `a total that doesn't add up goes once released, for that content only`() {
        func wrong(_ reading: inout OrderReading) { reading.totals = .init(stated: ExactDecimal(1), summed: ExactDecimal(2)) }
        var story = Story(Story.k)
        story.read(wrong)
        #expect(story.reason == .totalMismatch)
        story.settle()
        story.decide(.release)
        #expect(story.next == .read)
        story.read(wrong)
        #expect(story.next == .seek)
        story.read {
            wrong(&$0)
            $0.contentDigest = "content-2"
        }
        #expect(story.reason == .totalMismatch)
    }

    @Test func `a person's hold holds until it is released, and releases nothing else`() {
        var story = Story(Story.k)
        story.push()
        story.fail("write", .conflict)
        story.after(.milliseconds(1))
        story.read(Story.marked)
        #expect(story.reason == .editedMeanwhile)
        story.settle()
        story.decide(.hold)
        #expect(
            story.standing == .held && story.reason == .heldByPerson && story.rest?.sentence == "anna put it on hold: because")
        story.settle()
        story.decide(.release)
        story.read(Story.marked)
        #expect(story.reason == .editedMeanwhile, "nobody has looked at the conflict yet")
        story.settle()
        story.decide(.release)
        story.read(Story.marked)
        #expect(story.next == .write([.number]))
    }
}

extension Duration {
    var inSeconds: Int64 { components.seconds }
}
