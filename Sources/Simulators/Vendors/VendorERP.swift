/// An ERP of a vendor's whose API is played.
///
/// Its shapes follow what is published, as far as this project has it; none of them was held against the real thing.
package enum VendorERP: String, Sendable, CaseIterable {
    /// Microsoft Business Central, API v2.0: `salesOrders` with deep insert.
    case businessCentral = "business_central"
    /// ERPNext 15: `Sales Order`, with a unique custom field for our key.
    case erpNext = "erpnext"
    /// SAP Business One, Service Layer: `Orders`.
    case businessOne = "business_one"

    /// Where its API begins, below the simulator's own address.
    package var basePath: String {
        switch self {
        case .businessCentral: "/api/v2.0/companies(5a1c9a3e-0000-0000-0000-000000000001)"
        case .erpNext: ""
        case .businessOne: "/b1s/v1"
        }
    }

    var dialect: any VendorDialect {
        switch self {
        case .businessCentral: BusinessCentralDialect()
        case .erpNext: ERPNextDialect()
        case .businessOne: BusinessOneDialect()
        }
    }
}

/// How a simulated vendor's ERP is set up.
package struct VendorConfiguration: Sendable {
    package var address = "127.0.0.1"
    /// 0 takes a free one.
    package var port = 0
    package var seed: UInt64 = 1
    /// What clients prove themselves with: the client secret, the API secret, the password.
    package var secret = "simulated-key"
    package var products: Set<String> = ["124_STUK", "123_KG", "122_DOOS"]
    package var rateLimit: RateLimit?
    package var logCapacity = 5000
    package var clock = SimulatorClock.system

    package init() {}
}
