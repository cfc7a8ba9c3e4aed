import Ledger
import OrderFlow
import Orders
import Synchronization
import Transport

extension PlantedBug {
    /// Bugs in what is written down, when, and by whom.
    static let inLedgers: [PlantedBug] = [
        forgetting("no intent row") { $0.kind == .createIntended },
        inLedger("no payload kept") { ledger in
            ledger.onAppend = { change in
                var change = change
                change.payloads = []
                return change
            }
        },
        delaying("intent committed after the send") { $0.kind == .createIntended },
        delaying("receipt not durable before the mark") { event in
            if case .createEnded(_, .accepted) = event { true } else { false }
        },
        forgetting("ticket not kept") { if case .createEnded(_, .pending) = $0 { true } else { false } },
        forgetting("hold ignored") { if case .person(let decision) = $0 { decision.kind == .hold } else { false } },
        forgetting("skip ignored") { if case .person(let decision) = $0 { decision.kind == .skip } else { false } },
        forgetting("adoption ignored") { event in
            if case .person(let decision) = event, case .adopt = decision.kind { true } else { false }
        },
        inLedger("open intent forgotten at recovery") { ledger in
            ledger.onClaimed = { order in
                guard order.progress.openIntent != nil else { return order }
                return ClaimedOrder(claim: order.claim, row: order.row, progress: OrderProgress())
            }
        },
        inLedger("fencing token not checked") { ledger in
            ledger.onClaimLost = { base, change in
                let far = Timestamp(milliseconds: .max / 2)
                guard
                    case .claimed(let order)? = try? await base.claim(
                        change.claim.key, by: "worker-0", leasesEndBy: far, until: far)
                else { return }
                var change = change
                change.claim = order.claim
                try? await base.append(change)
            }
        },
        inLedger("claims never expire") { ledger in
            ledger.onRequest = { request in
                var request = request
                request.until = Timestamp(milliseconds: .max / 2)
                return request
            }
        },
        inLedger("claims expire at once") { ledger in
            ledger.isLockIgnored = true
            ledger.onRequest = { request in
                var request = request
                request.until = request.now
                request.leasesEndBy = request.now
                return request
            }
            ledger.onAppend = { change in
                var change = change
                change.claimedUntil = nil
                return change
            }
        },
        inLedger("a waiting order is never due again") { ledger in
            ledger.onAppend = { change in
                var change = change
                if change.state?.standing == .waiting { change.state?.dueAt = nil }
                return change
            }
        },
        inLedger("reasons left out") { ledger in
            ledger.onAppend = { change in
                var change = change
                change.state?.sentence = ""
                return change
            }
        },
        inLedger("watermark past an order that was listed and not recorded") { ledger in
            ledger.onListed = { Array($0.dropLast()) }
        },
        inLedger("watermark an hour ahead") { ledger in
            ledger.onMemory = { memory in
                var memory = memory
                memory.watermark = memory.watermark.map { $0 + .seconds(3600) }
                return memory
            }
        },
        inLedger("interruption dated back to the send") { ledger in
            ledger.onAppend = { change in
                var change = change
                for index in change.entries.indices where change.entries[index].event.kind == .interrupted {
                    change.entries[index].at = change.entries[index].at - .seconds(60)
                }
                return change
            }
        },
        circuitLost,
    ]

    /// Acknowledges such changes at once and writes them with the next one.
    static func delaying(_ name: String, _ isDelayed: @escaping @Sendable (JournalEvent) -> Bool) -> PlantedBug {
        inLedger(name) { ledger in
            let delayed = Mutex<[OrderKey: LedgerChange]>([:])
            ledger.onAppend = { change in
                delayed.withLock { delayed in
                    let earlier = delayed.removeValue(forKey: change.claim.key)
                    var joined = change
                    joined.entries = (earlier?.entries ?? []) + change.entries
                    joined.payloads = (earlier?.payloads ?? []) + change.payloads
                    guard !change.releasesClaim, change.entries.contains(where: { isDelayed($0.event) }) else { return joined }
                    delayed[change.claim.key] = joined
                    return nil
                }
            }
        }
    }

    /// What one process learnt of a remote that is down, the next doesn't know.
    private static var circuitLost: PlantedBug {
        var bug = PlantedBug("circuit state lost between processes")
        bug.store = { ForgetfulStore(base: $0) }
        return bug
    }
}

private struct ForgetfulStore: EndpointStateStore {
    let base: any EndpointStateStore

    func load(origin: String) async throws -> EndpointState? { nil }
    func save(_ state: EndpointState, origin: String) async throws { try await base.save(state, origin: origin) }
}
