import Ledger
import OrderFlow
import Orders
import SinkKit

extension PlantedBug {
    /// Bugs in what is told by documents.
    package static let inDocuments: [PlantedBug] = [
        inPlanner("closed before the last shipment") { decision, progress, _, _ in
            if case .rest(let verdict) = decision, verdict.reason == .awaitingShipment, progress.reading != nil {
                return .write([.close])
            }
            return decision
        },
        inPlanner("despatched before the shop knows the ERP's numbers") { decision, progress, policy, now in
            guard case .write(let steps) = decision, steps.first == .number, policy.despatch != nil else { return decision }
            return Planner(policy: policy).next(
                progress.shown { reading, receipt in
                    reading.erpOrderNumber = receipt.erpOrderNumber
                    for index in reading.lines.indices {
                        reading.lines[index].erpLineNumber =
                            receipt.lines.first { $0.lineKey == reading.lines[index].key }?.erpLineNumber
                    }
                }, at: now)
        },
        inPlanner("a cancelled order's goods are told of") { decision, progress, policy, now in
            guard case .rest(let verdict) = decision, verdict.reason == .cancelledAfterPush, policy.despatch != nil else {
                return decision
            }
            let next = Planner(policy: policy).next(progress.shown { reading, _ in reading.state = .processing }, at: now)
            switch next {
            case .askShipments, .render, .send: return next
            default: return decision
            }
        },
        inPlanner("one document of a shipment is enough") { decision, progress, _, _ in
            guard case .send(let ordinal) = decision, let cause = progress.document(ordinal)?.record.cause,
                progress.documents(about: cause).contains(where: \.isDelivered)
            else { return decision }
            return .write([.close])
        },
        inPlanner("an unknown outcome taken for arrived") { decision, progress, policy, now in
            guard case .rest(let verdict) = decision, verdict.reason == .documentUnknown,
                let receipt = progress.receipt, policy.despatch != nil, progress.reading?.isFresh(at: now) ?? false
            else { return decision }
            return AfterPush(policy: policy.withoutDespatch, receipt: receipt).next(progress, at: now)
        },
        inPolicy("documents sent again unasked") { policy in
            policy.despatch?.onUnknown = .resend
            policy.confirmation?.onUnknown = .resend
        },
        forgetting("a document on its way not written down") { $0.kind == .documentSending },
        delaying("a document on its way written down afterwards") { $0.kind == .documentSending },
        inLedger("a lost answer taken for nothing sent") { ledger in
            ledger.onAppend = { change in
                var change = change
                change.entries = change.entries.map { entry in
                    var entry = entry
                    if case .documentEnded(let ordinal, .unknown(let why)) = entry.event {
                        entry.event = .documentEnded(ordinal: ordinal, .notSent(why))
                    }
                    return entry
                }
                return change
            }
        },
        inLedger("a document rendered anew on resend") { ledger in
            ledger.onClaimed = { order in
                guard order.progress.documents.contains(where: { !$0.isDelivered }) else { return order }
                return ClaimedOrder(claim: order.claim, row: order.row, progress: order.progress.withoutDocuments)
            }
        },
        inSink("every shipment has the same number") { sink in
            sink.onShipments = { told, _ in
                var told = told
                for index in told.shipments.indices { told.shipments[index].id = "S" }
                return told
            }
        },
        inSink("a partial shipment taken for everything") { sink in
            sink.onShipments = { told, receipt in
                var told = told
                told.closedLines = receipt.lines.map(\.lineKey)
                return told
            }
        },
    ]
}

extension OrderProgress {
    /// As if the shop showed something else.
    fileprivate func shown(_ change: (inout OrderReading, SinkReceipt) -> Void) -> OrderProgress {
        guard var reading, let receipt else { return self }
        change(&reading, receipt)
        var changed = self
        changed.refresh(reading)
        return changed
    }

    /// As if none had ever been made.
    fileprivate var withoutDocuments: OrderProgress {
        var events: [JournalEvent] = []
        if let reading { events.append(.read(reading)) }
        if let receipt { events.append(.sought(.found(receipt))) }
        return OrderProgress(
            events.enumerated().map { JournalEntry(sequence: $0 + 1, at: receiptAt ?? Timestamp(milliseconds: 0), event: $1) })
    }
}

extension FlowPolicy {
    fileprivate var withoutDespatch: FlowPolicy {
        var policy = self
        policy.despatch = nil
        return policy
    }
}
