import Glibc
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
                for secret in World.secrets where stored.contains(bytes: secret) {
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

extension [UInt8] {
    /// The generic search would take a sixth of a schedule's time.
    fileprivate func contains(bytes: [UInt8]) -> Bool {
        withUnsafeBytes { all in
            (0..<Swift.max(0, count + 1 - bytes.count)).contains { start in
                all[start] == bytes[0] && memcmp(all.baseAddress! + start, bytes, bytes.count) == 0
            }
        }
    }
}
