package import Ledger
import Orders

/// Why a flow's run ended before its work was done. No order is to blame.
package enum FlowStop: Error, Sendable, Equatable, CustomStringConvertible {
    /// Another run pulls this flow.
    case busy
    /// The shop or the sink can't be reached.
    case outage(String)
    case unauthorized(String)
    case misconfigured(String)
    /// What happens couldn't be recorded.
    case ledger(LedgerError)

    package var description: String {
        switch self {
        case .busy: "another run of this flow is active"
        case .outage(let why), .unauthorized(let why), .misconfigured(let why): why
        case .ledger(let error): error.description
        }
    }
}

extension FlowStop {
    /// What the ledger refuses about the configuration, and what it can't do.
    init(_ error: LedgerError) {
        switch error {
        case .shopRenamed, .ownedByOtherFlow: self = .misconfigured(error.description)
        case .claimLost, .documentNumberUsed, .unusable, .unusableNow: self = .ledger(error)
        }
    }
}

extension Surroundings {
    /// The ledger's answer; its failure stops the flow.
    func ledger<Value>(
        _ body: (any Ledger) async throws(LedgerError) -> Value
    ) async throws(FlowStop) -> Value {
        do throws(LedgerError) { return try await body(ledger) } catch { throw FlowStop(error) }
    }

    func row(_ key: OrderKey) async throws(FlowStop) -> OrderRow? {
        try await ledger { ledger throws(LedgerError) in try await ledger.row(key) }
    }
}
