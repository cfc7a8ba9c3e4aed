import Ledger
import OrderFlow
import Orders

/// What may stand nowhere but where it belongs.
extension Referee {
    /// Every journal, as it is stored: it holds neither personal data nor what a process proves itself with.
    func checkJournals() async {
        for order in cases {
            for entry in (try? await world.disk.journal(order.key)) ?? [] {
                let stored = JSONValue.object(entry.event.body).serialized()
                for secret in World.secrets where stored.firstRange(of: secret) != nil {
                    violate(
                        "12 secrets",
                        "order \(order.plan.id): '\(String(decoding: secret, as: UTF8.self))' stands in the journal, in \(entry.event.kind.rawValue)"
                    )
                }
            }
        }
    }
}

extension World {
    static let shopSecret = "simulated-secret", erpKey = "simulated-key"
    fileprivate static let secrets = [secretMarker, shopSecret, erpKey].map { Array($0.utf8) }
}
