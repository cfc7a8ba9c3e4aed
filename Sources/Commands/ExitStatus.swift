import Engine
import Ledger

/// What the process tells its caller. Where several apply, the first in this order counts: 78, 77, 69, 75, 1, 0.
enum ExitStatus: Int32, Comparable {
    /// All done, or nothing to do.
    case done = 0
    /// Finished; some orders newly need a person.
    case needsPerson = 1
    case usage = 2
    /// A remote is down (sysexits.h: EX_UNAVAILABLE).
    case unavailable = 69
    /// Another run is active, or the ledger can't be written now: try later (EX_TEMPFAIL).
    case tryLater = 75
    /// Credentials were refused (EX_NOPERM).
    case refusedCredentials = 77
    /// The configuration can't work (EX_CONFIG).
    case badConfiguration = 78

    private var rank: Int {
        switch self {
        case .done: 0
        case .needsPerson: 1
        case .tryLater: 2
        case .unavailable: 3
        case .refusedCredentials: 4
        case .badConfiguration: 5
        case .usage: 6
        }
    }

    static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    init(_ stop: FlowStop) {
        switch stop {
        case .busy, .ledger: self = .tryLater
        case .outage: self = .unavailable
        case .unauthorized: self = .refusedCredentials
        case .misconfigured: self = .badConfiguration
        }
    }

    /// Of a ledger that couldn't be opened.
    init(opening error: LedgerError) {
        if case .unusableNow = error { self = .tryLater } else { self = .badConfiguration }
    }

    /// Of working on one order.
    init(_ outcome: OrderOutcome) {
        self = outcome.metOutage ? .unavailable : outcome.isNewlyQuarantined ? .needsPerson : .done
    }

    init(_ refusal: OrderDesk.Refusal) {
        switch refusal {
        case .stopped(let stop): self.init(stop)
        case .busy: self = .tryLater
        case .outage: self = .unavailable
        case .unknownOrder, .notPossible: self = .usage
        }
    }
}

/// Ends a command with a message on standard error.
struct CommandFailure: Error, CustomStringConvertible {
    let status: ExitStatus
    let message: String

    var description: String { message }

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }
}

extension CommandFailure {
    /// The same for one flow of several.
    var flowStop: FlowStop {
        switch status {
        case .unavailable: .outage(message)
        case .refusedCredentials: .unauthorized(message)
        default: .misconfigured(message)
        }
    }
}
