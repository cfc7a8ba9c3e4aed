import OrderFlow
import Orders
import SinkKit
import TestSupport
import Testing

@Suite struct JournalCodingTests {
    /// Through the bytes that the ledger stores.
    private static func stored(_ event: JournalEvent) throws -> JournalEvent {
        let bytes = JSONValue.object(event.body).serialized()
        return try JournalEvent(kind: event.kind, body: try #require(try JSONValue(parsing: bytes).objectValue))
    }

    @Test func `every event comes back as it was, with every optional there and not there`() throws {
        var kinds: Set<String> = []
        for seed in 1...3000 as ClosedRange<UInt64> {
            var maker = EventMaker(seed: seed)
            let event = try maker.event()
            kinds.insert(event.kind.rawValue)
            #expect(try Self.stored(event) == event, "seed \(seed)")
        }
        #expect(kinds.count == 22)
    }

    @Test func `a decimal keeps its spelling in the journal`() throws {
        let reading = Story.reading(at: Story.start) {
            $0.totals = .init(stated: try! ExactDecimal("12.50"), summed: try! ExactDecimal("1e2"))
        }
        guard case .read(let back) = try Self.stored(.read(reading)) else { return #expect(Bool(false)) }
        #expect(back.totals?.stated.spelling == "12.50" && back.totals?.summed.spelling == "1e2")
    }

    @Test func `members of a later release are passed over, in the body and inside it`() throws {
        for seed in 1...500 as ClosedRange<UInt64> {
            var maker = EventMaker(seed: seed)
            let event = try maker.event()
            let body = Self.extended(.object(event.body))
            #expect(try JournalEvent(kind: event.kind, body: try #require(body.objectValue)) == event, "seed \(seed)")
        }
    }

    private static func extended(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(var object):
            for member in object.members { object[member.name.value] = extended(member.value) }
            object["of_a_later_release"] = ["a": [1, nil]]
            return .object(object)
        case .array(let elements): return .array(elements.map(extended))
        default: return value
        }
    }

    @Test func `a body that lacks a member it needs, or has it of another kind, is refused with its name`() throws {
        for (event, needed) in Self.needed {
            for member in needed {
                for damaged in [JSONValue?.none, .some(["x": 1]), .some(.number(JSONNumber(spelling: "7.5"))), .some([[]])] {
                    var body = event.body
                    body[member] = damaged
                    let error = #expect(throws: JournalFormatError.self, "\(event.kind) \(member)") {
                        try JournalEvent(kind: event.kind, body: body)
                    }
                    #expect(error?.member == member || error.map { member == "reading" && $0.member == "began_at" } ?? false)
                    #expect(error?.kind == event.kind.rawValue)
                }
            }
        }
    }

    private static func heard(_ effect: MessageEntry.Effect) -> JournalEvent {
        .message(MessageEntry(name: MessageName(message: "m1", number: 0), digest: "d", effect: effect))
    }

    static let needed: [(JournalEvent, [String])] = [
        (.read(Story.reading(at: Story.start)), ["began_at", "state", "content", "lines"]),
        (.verdict(Verdict(.held, .unpaid, "x")), ["standing", "reason", "sentence"]),
        (.createIntended(Story.intent()), ["attempt", "generation", "content", "payload"]),
        (.createEnded(attempt: 1, .accepted(Story.receipt)), ["attempt", "end", "receipt"]),
        (.createEnded(attempt: 1, .pending(SinkTicket("T"))), ["attempt", "end", "ticket"]),
        (.createEnded(attempt: 1, .unknown("x")), ["attempt", "end", "message"]),
        (.createEnded(attempt: 1, .notApplied("x")), ["attempt", "end", "message"]), (.interrupted(attempt: 1), ["attempt"]),
        (.wrote([.mark], Story.reading(at: Story.start)), ["steps", "reading"]),
        (.failed(Failure(activity: "a", failureClass: .transient, message: "m")), ["activity", "class", "message"]),
        (.person(PersonDecision(kind: .hold, by: "a", reason: "r")), ["decision", "by", "reason"]),
        (.person(PersonDecision(kind: .adopt(Story.receipt), by: "a", reason: "r")), ["receipt"]),
        (Self.heard(.cancelled("why")), ["message", "number", "digest", "effect", "why"]),
        (Self.heard(.contradicted(MessageObjection(reason: .answersContradict, sentence: "x"))), ["reason", "sentence"]),
        (Self.heard(.cancelRefused("why")), ["effect", "why"]), (.cancelEnded(.refused("why")), ["end", "why"]),
        (.cancelEnded(.unknown("why", until: Story.start)), ["end", "why", "until_ms"]),
        (.attemptBegun(SinkAttemptName("purchase")), ["name"]),
        (.attemptEnded(SinkAttemptName("purchase"), .finished(JSONObject())), ["name", "outcome", "evidence"]),
        (.attemptEnded(SinkAttemptName("purchase"), .unknown("x")), ["name", "outcome", "message"]),
        // Missing must not read as `null`, which says that the ERP doesn't have the order.
        (.sought(.absent), ["found"]), (.sought(.found(Story.receipt)), ["found"]),
    ]

    @Test(
        arguments: [
            ("payment", 1), ("shipment", 1), ("erp_order_number", 1), ("webshop", "1"), ("offline", "yes"), ("reference", 1),
            ("confirmed_at", "x"),
            ("modified_date", 1), ("faults", "x"), ("faults", [1]), ("totals", ["1"]), ("totals", ["1", "x"]),
            ("totals", [1, 2]),
            ("lines", [["id:1", "10"]]), ("lines", [["id:1"]]), ("lines", [[1, 1]]),
        ] as [(String, JSONValue)])
    func `an optional member of another kind is damage, not absence`(_ member: String, _ value: JSONValue) {
        var body = JournalEvent.read(Story.reading(at: Story.start)).body
        body[member] = value
        let error = #expect(throws: JournalFormatError.self) { try JournalEvent(kind: .read, body: body) }
        #expect(error?.member == member)
        #expect(error?.description == "the journal entry of kind 'read' has no usable '\(member)'")
    }

    @Test(arguments: [("standing", "sleeping"), ("reason", "whatever"), ("reason", "Unpaid")])
    func `a word this release doesn't know is refused, not guessed at`(_ member: String, _ word: String) {
        var body = JournalEvent.verdict(Verdict(.held, .unpaid, "x")).body
        body[member] = .text(word)
        #expect(throws: JournalFormatError(kind: "verdict", member: member)) { try JournalEvent(kind: .verdict, body: body) }
    }

    @Test func `the words that machines read stay what they are`() {
        #expect(
            ReasonCode.allCases.map(\.rawValue).joined(separator: " ") == """
                listed payment_started payment_cancelled unpaid payment_missing payment_unknown settling not_confirmed held_by_person \
                held_too_long awaiting_shipment retry_later outcome_settling awaiting_erp cancelling malformed unknown_state total_mismatch processed_elsewhere \
                older_than_ledger rejected mapping_question outcome_unknown retries_exhausted key_conflict partly_pushed accepted_after_refusal accepted_after_skip refused_by_shop partially_accepted \
                cancelled_in_erp cancelled_after_push changed_after_push edited_meanwhile number_conflict line_number_conflict \
                unexpected_state answers_contradict reopened_in_shop write_without_effect document_impossible document_refused document_unknown \
                shipment_changed shipped_too_much shipment_overdue offline other_webshop cancelled_before_push cancelled_everywhere skipped_by_person finished
                """)
        #expect(
            MessageReason.allCases.map(\.rawValue).joined(separator: " ")
                == "accepted pending rejected cancelled shipped cancel_refused contradicted repeated late never_sent replaced early not_asked taken_out "
                + "awaits_person unknown_order")
        #expect(WriteStep.allCases.map(\.rawValue) == ["mark", "number", "lines", "close", "mark_sent"])
        #expect(
            JSONValue.object(JournalEvent.createEnded(attempt: 2, .notApplied("503")).body).compactText
                == #"{"attempt":2,"end":"not_applied","message":"503"}"#)
    }
}
