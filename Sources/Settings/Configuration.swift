package import Mapping
package import OrderFlow
package import Orders
package import SinkKit

/// The configuration, read and checked, with every secret in its place.
package struct Configuration: Sendable {
    /// Where the ledger's file is.
    package var ledgerPath: String
    /// How long a claim on an order lasts where its holder can't be seen to have died.
    package var lease: Duration = .seconds(600)
    /// How long captured payloads are kept before `ledger prune` erases them.
    package var keepPayloads: Duration = .seconds(90 * 86_400)
    package var shops: [ShopSettings]
    package var sinks: [SinkSettings]
    package var targets: [TargetSettings]
    package var flows: [FlowSettings]
    /// What was put in for a `${…}`, anywhere.
    package var secrets: [Secret] = []
    /// Under which codes are kept; `nil`: no flow's sink may hand out any.
    package var vault: CodeVault?
    package var serve = ServeSettings()

    package func shop(_ name: String) -> ShopSettings? { shops.first { $0.name == name } }
    package func sink(_ name: String) -> SinkSettings? { sinks.first { $0.name == name } }
    package func target(_ name: String) -> TargetSettings? { targets.first { $0.name == name } }
}

/// How a remote is reached.
package struct RemoteSettings: Sendable {
    package var baseURL = ""
    package var credentials = Credentials.none
    package var rateLimit: RateLimit?
    package var connectTimeout: Duration = .seconds(10)
    package var totalTimeout: Duration = .seconds(60)
    package var stallTimeout: Duration = .seconds(30)
    /// A PEM file of the authorities to trust in place of the system's.
    package var certificateAuthoritiesFile: String?

    package init() {}

    package struct RateLimit: Sendable, Equatable {
        package var requests: Int
        package var period: Duration
        /// All processes on one ledger keep to it together.
        package var isShared = false
    }

    package enum Credentials: Sendable, Equatable {
        case none
        case oauth2(tokenURL: String, clientID: String, clientSecret: Secret, scope: String?)
        /// CloudSuite's scheme from before February 2024.
        case token(Secret)
        case bearer(Secret)
        case basic(user: String, password: Secret)
        case header(name: String, value: Secret)
        /// A parameter of every call's query.
        case query(name: String, value: Secret)
        /// One call logs in, and its cookies prove who asks from then on.
        case session(Session)
    }

    package struct Session: Sendable, Equatable {
        /// Below the base URL.
        package var path: String
        /// JSON.
        package var body: Secret
        /// What in it came out of a `${…}`.
        package var secrets: [Secret]

        package init(path: String, body: Secret, secrets: [Secret]) {
            self.path = path
            self.body = body
            self.secrets = secrets
        }
    }
}

package struct ShopSettings: Sendable {
    package var name: String
    package var remote = RemoteSettings()
    /// An IANA name.
    package var zone = "Europe/Amsterdam"
    package var pageLimit = 50
    package var totalField: String?
    package var volatileFields = ["modified_date"]
    package var customerPath: String?
    package var addressPath: String?
    package var customerListPath: String?
    package var addressListPath: String?
    package var customers = PartyTable([:])
    package var addresses = PartyTable([:])
}

package struct SinkSettings: Sendable {
    package var name: String
    package var kind: Kind
    package var sandbox: SandboxSettings?

    package init(name: String, kind: Kind, sandbox: SandboxSettings?) {
        self.name = name
        self.kind = kind
        self.sandbox = sandbox
    }

    package enum Kind: Sendable {
        case sqlite(path: String, numberPrefix: String, requiredFields: [String])
        case rest(RemoteSettings, RESTSinkSettings)
        case plugin(PluginSinkSettings)
        case tryton(RemoteSettings, TrytonSinkSettings)
        case odoo(RemoteSettings, OdooSinkSettings)
        case ezcards(RemoteSettings, EZCardsSinkSettings)
        case khumbu(RemoteSettings, KhumbuSinkSettings)
        case file(FileSinkSettings)
    }
}

package struct FlowSettings: Sendable {
    package var name: String
    package var shop: String
    package var sink: String
    package var webshop: Int64?
    /// `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS`, in the shop's zone.
    package var since: String
    package var overlap: Duration
    package var sweepEvery: Duration
    package var concurrency: Int
    package var sinkTimeLimit: Duration
    /// `nil`: the sink gets everything as the shop has it.
    package var mapping: MappingTables?
    package var documents: DocumentSettings
    package var schedule: ScheduleSettings
    /// `nil`: the flow takes no messages.
    package var webhook: WebhookSettings?
    /// As configured; what the sink promises and when the ledger was made are filled in by ``policy(sinkClass:ledgerCreatedAt:)``.
    package var template: FlowPolicy

    package func policy(sinkClass: SinkClass, ledgerCreatedAt: Timestamp) -> FlowPolicy {
        var policy = template
        policy.sinkClass = sinkClass
        policy.ledgerCreatedAt = ledgerCreatedAt
        return policy
    }
}
