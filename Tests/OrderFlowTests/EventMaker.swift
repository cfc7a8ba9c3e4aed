import OrderFlow
import Orders
import SinkKit
import TestSupport

/// Makes journal events at random, the same ones for the same seed.
struct EventMaker {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func event() throws -> JournalEvent {
        switch Int.random(in: 0..<22, using: &random) {
        case 0: .read(try reading())
        case 1: .verdict(verdict())
        case 2:
            .createIntended(
                CreateIntent(
                    attempt: number(), generation: number(), contentDigest: text(), payloadDigest: text(),
                    factors: try (0..<number()).map { _ in LineFactor(key: text(), factor: try decimal()) },
                    ticket: maybe { $0.text() }))
        case 3: .createEnded(attempt: number(), try end())
        case 4: .interrupted(attempt: number())
        case 5: .sought(random.oneIn(2) ? .absent : .found(try receipt()))
        case 6: .wrote((0..<number()).map { _ in random.pick(WriteStep.allCases) }, try reading())
        case 7:
            .failed(
                Failure(
                    activity: text(),
                    failureClass: random.pick([
                        .transient, .throttled, .outage, .rejected, .unauthorized, .misconfigured, .unknown, .conflict,
                    ]),
                    message: text(), retryAt: maybe { $0.instant() }))
        case 8: .restored(Restoration(doubt: maybe { $0.text() }))
        case 9:
            .shipped(
                KnownShipments(
                    ordered: try quantities(),
                    shipments: try (0..<number()).map { _ in
                        KnownShipment(id: text(), digest: text(), lines: try quantities())
                    }, closedLines: (0..<number()).map { _ in text() }, isCancelled: random.oneIn(2)))
        case 10:
            .documentRendered(
                DocumentRecord(
                    ordinal: number(), kind: random.pick(DocumentKind.allCases), number: text(), cause: cause(), digest: text(),
                    shipmentDigest: maybe { $0.text() }))
        case 11: .documentImpossible(cause(), faults())
        case 12: .documentSending(ordinal: number())
        case 13:
            .documentEnded(
                ordinal: number(),
                random.pick([.sent, .acknowledged, .refused(text()), .notSent(text()), .unknown(text())]))
        case 14: .listedOffline
        case 15: .draftKept
        case 16: .attemptBegun(attempt())
        case 17:
            .attemptEnded(
                attempt(),
                random.pick([.finished(JSONObject([("number", .text(text()))])), .notApplied(text()), .unknown(text())]))
        case 18: .message(try message())
        case 19: .cancelAsked
        case 20:
            .cancelEnded(
                random.pick([.cancelled, .refused(text()), .notApplied(text()), .unknown(text(), until: instant())]))
        default: .person(try decision())
        }
    }

    private mutating func message() throws -> MessageEntry {
        let effect: MessageEntry.Effect =
            switch Int.random(in: 0...3, using: &random) {
            case 0: .answered(try end())
            case 1: .cancelled(text())
            case 2: .cancelRefused(text())
            default: .contradicted(MessageObjection(reason: random.pick(ReasonCode.allCases), sentence: text()))
            }
        return MessageEntry(name: MessageName(message: text(), number: number()), digest: text(), effect: effect)
    }

    private mutating func maybe<Value>(_ make: (inout Self) throws -> Value) rethrows -> Value? {
        random.oneIn(2) ? try make(&self) : nil
    }
    private mutating func attempt() -> SinkAttemptName { SinkAttemptName(text(), key: text()) }
    private mutating func number() -> Int { Int.random(in: 0...4, using: &random) }
    private mutating func text() -> String { random.pick(["", "a", "CS48193", "\"quoted\" \\ \n", "é 📦", "null"]) }
    /// As far as four-digit years go.
    private mutating func instant() -> Timestamp {
        Timestamp(milliseconds: random.pick([0, -1, 1_750_000_000_123, 253_402_300_799_999, -62_135_596_800_000]))
    }
    private mutating func decimal() throws -> ExactDecimal {
        try ExactDecimal(random.pick(["0", "12.50", "-1", "1e100", "0.001"]))
    }
    private mutating func quantities() throws -> [LineQuantity] {
        try (0..<number()).map { _ in LineQuantity(key: text(), quantity: try decimal()) }
    }
    private mutating func cause() -> DocumentCause {
        switch random.pick([0, 1, 2, 3, 4]) {
        case 0: .confirmation(erpOrderNumber: text())
        case 2: .orderResponse(erpOrderNumber: text())
        case 4: .codes(erpOrderNumber: text())
        case 1: .shipment(text())
        default: .status(random.pick(StatusMoment.allCases))
        }
    }
    private mutating func faults() -> [SinkFault] { (0..<number()).map { _ in SinkFault(path: text(), message: text()) } }

    private mutating func reading() throws -> OrderReading {
        var reading = OrderReading(beganAt: instant(), state: OrderState(rawValue: text()), contentDigest: text())
        reading.payment = maybe { PaymentStatus(rawValue: $0.text()) }
        reading.shipment = maybe { ShipmentState(rawValue: $0.text()) }
        reading.erpOrderNumber = maybe { $0.text() }
        reading.webshop = maybe { Int64($0.number()) }
        reading.isOffline = maybe { $0.random.oneIn(2) }
        reading.reference = maybe { $0.text() }
        reading.confirmedAt = maybe { $0.instant() }
        reading.modifiedDate = maybe { $0.text() }
        reading.lines = (0..<number()).map { _ in .init(key: text(), erpLineNumber: maybe { Int64($0.number()) }) }
        reading.faults = faults()
        reading.totals = try maybe { .init(stated: try $0.decimal(), summed: try $0.decimal()) }
        return reading
    }

    private mutating func verdict() -> Verdict {
        Verdict(
            random.pick(Verdict.Standing.allCases), random.pick(ReasonCode.allCases), text(), until: maybe { $0.instant() },
            faults: faults())
    }

    private mutating func receipt() throws -> SinkReceipt {
        let lines = (0..<number()).map { _ in
            SinkReceiptLine(
                lineKey: text(), erpLineNumber: maybe { Int64($0.number()) },
                outcome: random.pick([.accepted, .changed, .backordered, .rejected]), message: maybe { $0.text() })
        }
        return SinkReceipt(
            erpOrderNumber: text(), state: random.pick([.draft, .confirmed, .cancelled]), lines: lines,
            total: try maybe { try $0.decimal() })
    }

    private mutating func end() throws -> CreateEnd {
        switch Int.random(in: 0...5, using: &random) {
        case 0: .accepted(try receipt())
        case 1: .pending(SinkTicket(text()))
        case 2: .rejected(faults())
        case 3: .notApplied(text())
        case 4: .lacking(Lack(faults: faults(), preparedWith: text(), isQuestion: random.oneIn(2)))
        default: .unknown(text())
        }
    }

    private mutating func decision() throws -> PersonDecision {
        let kind: PersonDecision.Kind =
            switch Int.random(in: 0..<8, using: &random) {
            case 0: .hold
            case 1: .release
            case 2: .skip
            case 3: .adopt(try receipt())
            case 4: .rerun
            case 5: .createAgain
            case 6: .resend(ordinal: number())
            default: .newKey
            }
        return PersonDecision(kind: kind, by: text(), reason: text())
    }
}
