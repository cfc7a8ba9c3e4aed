package import OrderFlow
package import Orders

/// Everything about one run of the simulation that isn't left to the scheduler's dice.
package struct Schedule: Sendable {
    package enum SinkKind: Sendable, Equatable {
        /// The declared REST sink over the simulated REST ERP.
        case rest
        /// A sink in process; an asynchronous one hands out tickets.
        case direct(isAsynchronous: Bool)
    }

    /// How many calls a create of the sink in process is.
    package enum Steps: String, Sendable, CaseIterable {
        case one
        /// A draft is made, then confirmed.
        case draft
        /// Each unit is bought by a call of its own, which isn't idempotent.
        case units
    }

    package enum Letter: String, Sendable, CaseIterable { case key = "K", lookUp = "L", neither = "N" }

    package var seed: UInt64
    package var sink: SinkKind
    package var letter: Letter
    package var steps: Steps = .one
    /// T of the sink's class, in milliseconds; half of it may pass until a lost request takes effect, half until it shows.
    package var latestEffect: Int64
    /// How far the ERP's look-up lags behind its orders, in milliseconds.
    package var lookUpLag: Int64 = 0
    package var merge: WriteMerge = .none
    package var close: ClosePolicy = .auto
    package var startsAt: Timestamp
    package var orders: [OrderPlan] = []
    package var starts: [ProcessStart] = []
    package var disturbances: [Disturbance] = []
    /// Whether runs of one flow see each other's lock: they don't across a network that is cut.
    package var isPullLocked = true
    package var pageLimit = 2
    package var answersWritesWith: WriteAnswer = .full
    package var concurrency = 4
    /// So many milliseconds after a process died the next one starts; `nil`: when cron next does.
    package var restartsAfter: Int64?
    /// `nil`: the flow sends no documents.
    package var despatch: DespatchPlan?
    /// `nil`: the flow leaves orders that were placed elsewhere alone.
    package var offline: OfflinePlan?

    /// `nil`: whoever wants to know what became of an order asks for it.
    package var messages: MessagePlan?
    /// `nil`: what the shop cancels, a person cancels in the ERP.
    package var cancelling: CancelPlan?

    package enum WriteAnswer: String, Sendable, CaseIterable { case full, partial, empty }

    package init(seed: UInt64, sink: SinkKind, letter: Letter, latestEffect: Int64, startsAt: Timestamp) {
        self.seed = seed
        self.sink = sink
        self.letter = letter
        self.latestEffect = latestEffect
        self.startsAt = startsAt
    }
}

/// The flow marks orders that were placed elsewhere as sent.
package struct OfflinePlan: Sendable {
    /// The shop lists what it has whatever the filter `offline` says.
    package var isFilterIgnored = false

    package init() {}
}

/// When cron starts a process, in milliseconds from the schedule's beginning.
package struct ProcessStart: Sendable {
    package var at: Int64
    package var isRemote: Bool

    package init(at: Int64, isRemote: Bool = false) {
        self.at = at
        self.isRemote = isRemote
    }
}

/// One order as the buyer leaves it.
package struct OrderPlan: Sendable {
    package enum Flavour: String, Sendable, CaseIterable {
        case plain, unpaid, offline, otherWebshop, badProduct, malformed, awkwardNumbers, duplicateProducts, comments,
            lookedUpParties,
            wrongTotal
    }

    package var id: Int
    package var flavour: Flavour
    package var lines: Int
    /// When it is confirmed, in milliseconds from the schedule's beginning; negative: before.
    package var confirmedAt: Int64
    /// The shop's `state` when it is placed.
    package var state = "confirmed"

    package init(id: Int, flavour: Flavour = .plain, lines: Int = 1, confirmedAt: Int64 = -60_000) {
        self.id = id
        self.flavour = flavour
        self.lines = lines
        self.confirmedAt = confirmedAt
    }
}
