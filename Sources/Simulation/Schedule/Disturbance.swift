/// One thing that goes wrong, or that somebody does. A schedule carries them as a list, so that it can be shortened.
package enum Disturbance: Sendable, Equatable {
    /// Strikes the n-th call of that kind, from 0.
    case wire(Effect, nth: Int, WireFault)
    /// Nothing gets through to that remote for so long.
    case outage(Remote, at: Int64, milliseconds: Int64, OutageKind)
    /// A process dies at the n-th point of the schedule, from 0.
    case crash(point: Int, Crash)
    /// Every process on the machine dies, wherever it is.
    case kill(at: Int64)
    /// A process is stopped at the n-th point for so long.
    case freeze(point: Int, milliseconds: Int64)
    /// The machine's clock is set.
    case clock(at: Int64, by: Int64)
    case shopPerson(at: Int64, order: Int, ShopAct)
    case desk(at: Int64, order: Int, DeskAct)
    /// Somebody has asked the receiver of a document that nobody knows to have arrived, and acts on what it says: sends it
    /// again where it isn't there. Whoever `releases` orders a release where it is there.
    case resend(at: Int64, order: Int, releases: Bool)
    /// What the ERP tells of the order that a create makes of it isn't as it should be.
    case message(order: Int, MessageFault)

    package enum OutageKind: String, Sendable, CaseIterable { case refuses, hangs, says503 }

    package enum Crash: String, Sendable, CaseIterable {
        /// A change that was written and not synced is there after all.
        case keepsWrites
        case losesWrites
        /// A request that was about to be sent gets out and takes effect late.
        case requestEscapes
        /// Everything on the machine dies with it.
        case powerLoss
    }

    package enum ShopAct: String, Sendable, CaseIterable {
        case editNote, editContent, pay, unpay, cancel, cancelInERP
        /// Somebody sets the order to 'processing' by hand.
        case takeInHand

        /// What may happen to any order; the dice are thrown over these, so that the list stays what it is.
        static let common: [ShopAct] = [.editNote, .editContent, .pay, .unpay, .cancel, .cancelInERP]
    }

    package enum DeskAct: String, Sendable, CaseIterable { case hold, release, rerun, skip, adopt, createAgain, newKey }

    /// For counting: what kind of thing it is.
    package var kind: String {
        switch self {
        case .wire(_, _, let fault): "wire \(fault.name)"
        case .outage(let remote, _, _, let kind): "outage of the \(remote.rawValue): \(kind.rawValue)"
        case .crash(_, let crash): "crash \(crash.rawValue)"
        case .kill: "processes killed"
        case .freeze: "process frozen"
        case .clock(_, let by): by < 0 ? "clock set back" : "clock set forward"
        case .shopPerson(_, _, let act): "shop person \(act.rawValue)"
        case .desk(_, _, let act): "desk \(act.rawValue)"
        case .resend: "desk asks a receiver"
        case .message(_, let fault): "message \(fault.name)"
        }
    }
}

/// What becomes of one call.
package enum WireFault: Sendable, Equatable {
    /// The connection is refused: certainly not sent.
    case refused
    case lostBefore
    case answerLost
    /// The connection ends, and the request takes effect later.
    case late(milliseconds: Int64)
    /// It is under way for so long before it takes effect.
    case slow(milliseconds: Int64)
    /// It takes effect at once, and its answer is under way for so long.
    case slowAnswer(milliseconds: Int64)
    /// It reaches the remote twice.
    case duplicate
    case status(Int, applied: Bool)
    case throttled(seconds: Int)
    case html(applied: Bool)
    case cutJSON(applied: Bool)
    case errorInside200(applied: Bool)
    case tokensExpire
    /// The look-up lags so far behind.
    case lag(milliseconds: Int64)

    package var name: String {
        switch self {
        case .refused: "refused"
        case .lostBefore: "lost before applying"
        case .answerLost: "applied, answer lost"
        case .late: "late effect"
        case .slow: "slow"
        case .slowAnswer: "slow answer"
        case .duplicate: "duplicate delivery"
        case .status(let status, let applied): applied ? "applied and \(status)" : "\(status)"
        case .throttled: "429"
        case .html(let applied): applied ? "applied and a page of HTML" : "a page of HTML"
        case .cutJSON(let applied): applied ? "applied and half a body" : "half a body"
        case .errorInside200(let applied): applied ? "applied and an error inside 200" : "an error inside 200"
        case .tokensExpire: "401 mid-run"
        case .lag: "look-up lags"
        }
    }
}
