import OrderFlow

/// What a run of some size must have reached: every point, every kind of fault, what comes of them, and every branch of the planner's
/// that can be taken here.
///
/// The lists derive from the code, so that what is new has to be reached, or to be excused here by name.
enum Branches {
    /// - Parameter includesRare: also what comes up less than once in ten thousand schedules.
    static func unreached(by tally: Tally, includesRare: Bool) -> [String] {
        let points = Point.all.filter { tally.points[$0.number] == 0 }.map { "point \($0)" }
        let kinds = disturbances.filter { tally.disturbances[$0] == nil }.map { "fault \($0)" }
        let calls = Effect.allCases.filter { $0.isCall && !unstruck.contains($0) && tally.struck[$0.rawValue] == nil }
            .map { "fault of any kind at \($0.rawValue)" }
        let events = Event.allCases.filter { tally.events[$0.rawValue] == nil }.map { "event \($0.rawValue)" }
        let decisions = unreachedDecisions(by: tally, includesRare: includesRare)
        let reasons = ReasonCode.allCases.filter { reason in
            if excused.contains(reason) || rare.contains(reason) && !includesRare { return false }
            return !tally.decisions.keys.contains { $0.hasSuffix(": \(reason.rawValue)") }
        }.map { "reason \($0.rawValue)" }
        return points + kinds + calls + events + decisions + reasons
    }

    private static func unreachedDecisions(by tally: Tally, includesRare: Bool) -> [String] {
        // What an order rests for is asked for by its reason.
        let asked = DecisionKind.allCases.filter { $0 != .rest && ($0 != .keepDraft || includesRare) }
        let kinds = asked.map(\.rawValue).filter { kind in
            !tally.decisions.keys.contains { $0 == kind || $0.hasPrefix(kind + " ") }
        }
        let composed = (writes.map { "write \($0)" } + renders.map { "render \($0)" }).filter { tally.decisions[$0] == nil }
        return (kinds + composed).map { "decision \($0)" }
    }

    /// By how a flow joins its writes.
    private static let writes = [
        "mark", "number", "lines", "close", "mark_sent", "mark+number", "mark+number+lines",
    ]
    /// No trading partner and no vault of codes is in this world.
    private static let renders = ["confirmation", "shipment", "status processing", "status shipped", "status done"]

    /// Found by the same code as customers, whose look-up is struck.
    private static let unstruck: [Effect] = [.address]

    private static let rare: [ReasonCode] = [.keyConflict, .retriesExhausted, .documentRefused, .partlyPushed, .editedMeanwhile]

    /// No order comes to these here, for what this world's shop, ERP or policy don't do. The tests of the gate, of despatch and of
    /// mapping have them.
    private static let excused: [ReasonCode] = [
        // Payments are 'account', 'started' and 'closed_success', and nobody waits for them to settle.
        .paymentCancelled, .unpaid, .paymentMissing, .paymentUnknown, .settling, .heldTooLong,
        // The list is filtered by state, offline and webshop, and shows no unknown state.
        .listed, .notConfirmed, .unknownState, .unexpectedState, .offline, .otherWebshop, .reopenedInShop, .refusedByShop,
        // The ledger is older than every order, nobody mends tables, and the ERP takes all lines or none.
        .olderThanLedger, .mappingQuestion, .partiallyAccepted,
        // Nobody else writes the ERP's numbers.
        .numberConflict, .lineNumberConflict,
        // The warehouse keeps to its plan.
        .shipmentChanged, .shippedTooMuch, .shipmentOverdue,
    ]

    private static let disturbances: [String] = {
        let crashes = Disturbance.Crash.allCases.map { Disturbance.crash(point: 0, $0) }
        let outages = Remote.allCases.flatMap { remote in
            Disturbance.OutageKind.allCases.map { Disturbance.outage(remote, at: 0, milliseconds: 0, $0) }
        }
        let people = Disturbance.ShopAct.allCases.map { Disturbance.shopPerson(at: 0, order: 0, $0) }
        let desks =
            Disturbance.DeskAct.allCases.map { Disturbance.desk(at: 0, order: 0, $0) } + [
                .resend(at: 0, order: 0, releases: true)
            ]
        let faults: [WireFault] = [
            .refused, .lostBefore, .answerLost, .late(milliseconds: 0), .slow(milliseconds: 0), .slowAnswer(milliseconds: 0),
            .duplicate, .status(500, applied: false), .status(502, applied: false), .status(503, applied: false),
            .status(500, applied: true), .status(502, applied: true), .status(503, applied: true), .throttled(seconds: 0),
            .html(applied: false), .html(applied: true), .cutJSON(applied: false), .cutJSON(applied: true),
            .errorInside200(applied: false), .errorInside200(applied: true), .tokensExpire, .lag(milliseconds: 0),
        ]
        let machine = [
            Disturbance.clock(at: 0, by: -1), .clock(at: 0, by: 1), .freeze(point: 0, milliseconds: 0), .kill(at: 0),
        ]
        let messages = MessageFault.examples.map { Disturbance.message(order: 0, $0) }
        return (crashes + outages + people + desks + machine + messages + faults.map { .wire(.create, nth: 0, $0) }).map(\.kind)
    }()
}

/// What the planner can decide, whatever about.
enum DecisionKind: String, CaseIterable {
    case read
    case recordInterruption = "record interruption"
    case seek, create
    case repeatCreate = "repeat create"
    case poll
    case keepDraft = "keep draft"
    case write, cancel
    case askShipments = "ask shipments"
    case render
    case send = "send document"
    case settle = "settle document"
    case recordEvidence = "record evidence"
    case doubt = "doubt document"
    case rest
}

extension Decision {
    var kind: DecisionKind {
        switch self {
        case .read: .read
        case .recordInterruption: .recordInterruption
        case .seek: .seek
        case .create: .create
        case .repeatCreate: .repeatCreate
        case .poll: .poll
        case .keepDraft: .keepDraft
        case .write: .write
        case .cancel: .cancel
        case .askShipments: .askShipments
        case .render: .render
        case .send: .send
        case .settle: .settle
        case .recordEvidence: .recordEvidence
        case .doubt: .doubt
        case .rest: .rest
        }
    }

    /// What is decided, and for a rest why.
    var name: String {
        switch self {
        case .write(let steps): "write " + steps.map(\.rawValue).joined(separator: "+")
        case .render(let cause): "render \(cause.kindName)"
        case .rest(let verdict): "\(verdict.standing.rawValue): \(verdict.reason.rawValue)"
        default: kind.rawValue
        }
    }
}

extension DocumentCause {
    /// What it is about, without saying which.
    fileprivate var kindName: String {
        switch self {
        case .confirmation: "confirmation"
        case .orderResponse: "order response"
        case .codes: "codes"
        case .shipment: "shipment"
        case .status(let moment): "status \(moment.rawValue)"
        }
    }
}
