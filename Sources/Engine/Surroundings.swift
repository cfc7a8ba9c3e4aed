package import Ledger
package import Logging
package import Orders
import Synchronization
package import Transport

/// What the engine works with besides its flows; tests replace any of it.
package struct Surroundings: Sendable {
    package var ledger: any Ledger
    package var timekeeper: any Timekeeper
    package var logger: Logger
    /// Names this process in claims.
    package var holder: String
    /// How long a claim lasts where its holder can't be seen to have died.
    package var lease: Duration
    package var observer: any RunObserver
    package var stop: StopRequest
    /// Decide and read only: what would be written is told to the observer.
    package var isDryRun: Bool
    /// In a dry run, have the sink say what the ERP would refuse an order for; some ask the ERP by a call that it may notice.
    package var validates = false
    let clock: ClockWatch

    package init(
        ledger: any Ledger, timekeeper: any Timekeeper, logger: Logger, holder: String, lease: Duration = .seconds(600),
        observer: any RunObserver, stop: StopRequest = StopRequest(), isDryRun: Bool = false
    ) {
        self.ledger = ledger
        self.timekeeper = timekeeper
        self.logger = logger
        self.holder = holder
        self.lease = lease
        self.observer = observer
        self.stop = stop
        self.isDryRun = isDryRun
        clock = ClockWatch(timekeeper)
    }

    package var now: Timestamp { Timestamp(milliseconds: timekeeper.millisecondsSince1970) }

    /// Claims that end by then are over. One that ended because somebody set the clock forward isn't: its holder may be at work, and a request
    /// of its may be on the way. So after the clock was set no lease is taken for over until a whole one has passed.
    func leasesEndBy(_ now: Timestamp) -> Timestamp { clock.setAt + lease <= now ? now : Timestamp(milliseconds: .min) }
}

/// Asks the engine to end soon: no new order is begun, those in flight are brought to a standstill.
package final class StopRequest: Sendable {
    private let requested = Atomic(false)

    package init() {}

    package func request() { requested.store(true, ordering: .relaxed) }

    package var isRequested: Bool { requested.load(ordering: .relaxed) }
}
