package import OrderFlow
import Orders

/// How `crossdock serve` listens, and stops.
package struct ServeSettings: Sendable, Equatable {
    /// An IP address or a host name of this machine.
    package var address = "127.0.0.1"
    package var port = 8470
    package var bodyBytesMax = 1_048_576
    /// How long a request may take to arrive.
    package var requestTimeLimit: Duration = .seconds(10)
    /// How long a connection without a request is kept.
    package var keepAlive: Duration = .seconds(60)
    package var connectionsMax = 128
    package var healthPath = "/health"
    /// How long orders in flight are waited for once a stop was asked for.
    package var stopTimeLimit: Duration = .seconds(60)

    package init() {}
}

/// When `crossdock serve` runs a flow.
package enum ScheduleSettings: Sendable, Equatable {
    case every(Duration)
    /// - Parameter zone: an IANA name; `nil`: the shop's.
    case cron(CronExpression, zone: String?)
}

/// How the flow's ERP proves itself when it sends messages.
package struct WebhookSettings: Sendable, Equatable {
    package var secret: Secret
    /// The header that carries the secret; `nil`: the path ends with it.
    package var header: String?
}

extension Configuration {
    /// - Parameter flow: of this configuration.
    package func schedule(of flow: FlowSettings) -> FlowSchedule {
        switch flow.schedule {
        case .every(let period): return .every(period)
        case .cron(let expression, let zone):
            // The reader has made sure that both zones exist.
            let clock = ZoneClock(zone ?? shop(flow.shop)?.zone ?? "UTC") ?? ZoneClock("UTC")!
            return .cron(expression, clock)
        }
    }
}
