import Ledger
import OrderFlow
import Orders
import SinkKit

/// Decides what of a damaged ledger's order goes into the new one, so that no duplicate can follow.
///
/// **What could make a duplicate.** A create is sent when the journal shows no open intent, no receipt, nobody's veto, and, where the
/// ERP can be asked, a look-up that found nothing. A page that is lost, an older state of a page, or a log that is gone takes the tail of a
/// journal, and with it
/// - the *intent*: the create was sent and the journal doesn't know; its effect may still be on its way for the time T of class L;
/// - the *receipt*, or a person's `adopt`: the ERP has the order and the journal doesn't know;
/// - an *absent* from an old look-up is then the last word, although a create followed it: the worst case, since it lets the next create
///   through unasked;
/// - a person's *skip* or *hold*, and their *create again*, which is spent by the intent that is lost with it.
///
/// A lost tail can't be told from a journal that simply ends there: row and journal of the same age agree. So **no** order without a
/// receipt is trusted to be unsent, whole or not: each gets a ``OrderFlow/JournalEvent/restored(_:)``, which voids the last look-up and every
/// order to create once, and counts a create as possibly sent until this instant. From there the class decides: K and L ask the ERP by our
/// key before anything else, L not before T has passed; N leaves the order to a person. With a receipt no create can follow but by
/// `rerun --new-key`, which asks first too. But documents can be missing: what the ERP had sent out by then is taken for told
/// of until a person says otherwise.
///
/// **A journal that isn't what was written** (its digest is wrong, entries are missing or can't be read) isn't relied on in any
/// part: a wrong ERP number in a receipt would end up in the shop. It is left out, and the ERP is asked. What it still
/// shows only ever adds caution: a veto of a person is kept, an order that was listed as placed elsewhere still is, and where anything names an ERP order, "the ERP
/// has no such order" isn't enough for a create, since an adopted order doesn't bear our key.
struct OrderRestoration {
    /// What the configuration says: the shop of each flow.
    let shops: [String: String]
    let now: Timestamp

    enum Outcome {
        /// Everything is there.
        case whole(Restored)
        /// It starts anew in the new ledger, with what is told here.
        case doubtful(Restored, why: String)
        /// It can't be named, so it can't be restored.
        case lost(why: String)
    }

    struct Restored {
        var row: OrderRow
        var entries: [StoredEntry]
        var payloads: [StoredPayloadRow]
    }

    func outcome(of remains: DamagedLedger.Remains) -> Outcome {
        guard let key = remains.key else {
            return .lost(why: "neither its row nor the index over the orders can be read")
        }
        let why = doubt(about: remains)
        if why == nil, let row = remains.row, let whole = whole(row, remains) { return .whole(whole) }
        guard let flow = flow(of: remains, key) else {
            return .lost(why: "it is said to be of shop '\(key.shop)', which no flow of the configuration has")
        }
        return .doubtful(anew(key, flow: flow, remains), why: why ?? "what is kept of its create can't be read")
    }

    /// Why the journal can't be trusted in full; `nil`: it can.
    private func doubt(about remains: DamagedLedger.Remains) -> String? {
        guard let row = remains.row, let digest = remains.digest else { return "its row can't be read" }
        guard remains.isComplete else { return "a part of it can't be read" }
        return StoredOrder(row: row, digest: digest, entries: remains.entries).journalFaults.first
    }

    /// A shop is named in every key; a key with another shop's name would be another key to the ERP.
    private func flow(of remains: DamagedLedger.Remains, _ key: OrderKey) -> String? {
        if let flow = remains.row?.flow, shops[flow] == key.shop { return flow }
        let flows = shops.filter { $0.value == key.shop }.keys
        return flows.count == 1 ? flows.first : nil
    }

    // MARK: Whole

    /// `nil` where the bytes of an open create are missing: without them it can't be repeated, and must be looked up.
    private func whole(_ row: OrderRow, _ remains: DamagedLedger.Remains) -> Restored? {
        guard let entries = try? remains.entries.map({ try $0.entry }) else { return nil }
        var progress = OrderProgress(entries)
        if let needed = progress.openIntent?.intent.payloadDigest,
            !remains.payloads.contains(where: { $0.digest == needed && $0.isIntact })
        {
            return nil
        }
        var all = remains.entries
        if progress.receipt == nil || !progress.isFinished {
            for event in [JournalEvent.restored(Restoration())] + reopening(progress) {
                progress.apply(event, at: now)
                all.append(StoredEntry(JournalEntry(sequence: all.count + 1, at: now, event: event)))
            }
        }
        var row = row
        // The flow isn't in the digest.
        row.flow = flow(of: remains, row.key) ?? row.flow
        row.state = state(progress, wasDue: row.state.dueAt != nil, listed: row.state)
        // An order that couldn't be used is kept under the digest of what it says, a create under that of its bytes.
        let readings = Set(entries.compactMap { if case .read(let reading) = $0.event { reading.contentDigest } else { nil } })
        return Restored(
            row: row, entries: all, payloads: remains.payloads.filter { $0.isIntact || readings.contains($0.digest) })
    }

    /// What was to go on by itself says so, and is looked at in the next run.
    private func reopening(_ progress: OrderProgress) -> [JournalEvent] {
        guard progress.openIntent != nil || progress.ticket != nil || progress.verdict?.standing == .waiting else { return [] }
        return [.verdict(lookedAtAgain)]
    }

    private var lookedAtAgain: Verdict {
        Verdict(.waiting, .retryLater, "The ledger was rebuilt; the order is looked at anew before anything is sent.", until: now)
    }

    /// The row as the journal has it; nothing else of a row is covered by a digest.
    private func state(_ progress: OrderProgress, wasDue: Bool, listed: RowState) -> RowState {
        let verdict = progress.verdict ?? Verdict(.new, .listed, "The shop lists it; it was not looked at yet.")
        let goesOn = [.new, .waiting, .held].contains(verdict.standing) || wasDue
        return RowState(
            reference: progress.reading?.reference ?? listed.reference, webshop: progress.reading?.webshop,
            modifiedDate: progress.reading?.modifiedDate, erpOrderNumber: progress.receipt?.erpOrderNumber,
            standing: verdict.standing, reason: verdict.reason, sentence: verdict.sentence, dueAt: goesOn ? now : nil,
            lackedWith: progress.lackedWith)
    }

    // MARK: Anew

    private func anew(_ key: OrderKey, flow: String, _ remains: DamagedLedger.Remains) -> Restored {
        let entries = remains.entries.compactMap { try? $0.entry }
        var events: [JournalEvent] = [.restored(Restoration(doubt: namedERPOrder(remains.row, entries)))]
        let isListedOffline = (remains.row?.isListedOffline ?? false) || entries.contains { $0.event == .listedOffline }
        if isListedOffline { events.append(.listedOffline) }
        if let veto = veto(remains.row, entries) { events.append(.person(veto)) }
        events.append(.verdict(lookedAtAgain))
        let stored = events.enumerated().map { StoredEntry(JournalEntry(sequence: $0 + 1, at: now, event: $1)) }
        var progress = OrderProgress()
        for event in events { progress.apply(event, at: now) }
        let listed = RowState(
            listed: ListedOrder(orderID: key.orderID, reference: reference(remains, entries), modifiedDate: nil), at: now)
        let row = OrderRow(
            position: remains.position, key: key, flow: flow, firstListedAt: remains.row?.firstListedAt ?? now, updatedAt: now,
            state: state(progress, wasDue: true, listed: listed), isListedOffline: isListedOffline)
        // Bytes that no intent names any more prove nothing and hold personal data.
        return Restored(row: row, entries: stored, payloads: [])
    }

    private func reference(_ remains: DamagedLedger.Remains, _ entries: [JournalEntry]) -> String? {
        let read = entries.compactMap { if case .read(let reading) = $0.event { reading.reference } else { nil } }.last
        return remains.row?.state.reference ?? read
    }

    /// Any sign that the ERP had it, whatever it is worth.
    private func namedERPOrder(_ row: OrderRow?, _ entries: [JournalEntry]) -> String? {
        let named = entries.compactMap { entry -> String? in
            switch entry.event {
            case .createEnded(_, .accepted(let receipt)), .sought(.found(let receipt)): receipt.erpOrderNumber
            case .person(let decision): if case .adopt(let receipt) = decision.kind { receipt.erpOrderNumber } else { nil }
            case .message(let entry):
                if case .answered(.accepted(let receipt)) = entry.effect { receipt.erpOrderNumber } else { nil }
            default: nil
            }
        }
        return (named.last ?? row?.state.erpOrderNumber).map { "the damaged one names ERP order '\($0)' for it" }
    }

    /// A person's last `skip` or `hold`, where nothing later that is readable took it back.
    private func veto(_ row: OrderRow?, _ entries: [JournalEntry]) -> PersonDecision? {
        let decisions = entries.compactMap { if case .person(let decision) = $0.event { decision } else { nil } }
        if let last = decisions.last(where: { [.skip, .hold, .release, .rerun].contains($0.kind) }),
            [.skip, .hold].contains(last.kind)
        {
            return last
        }
        let reason = "the row of the damaged ledger says: \(row?.state.sentence ?? "")"
        switch row?.state.reason {
        case .skippedByPerson?: return PersonDecision(kind: .skip, by: "ledger rebuild", reason: reason)
        case .heldByPerson?: return PersonDecision(kind: .hold, by: "ledger rebuild", reason: reason)
        default: return nil
        }
    }
}
