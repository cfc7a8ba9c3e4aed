import Ledger
import OrderFlow
import Orders
import SinkKit

/// What must hold of the ERP's messages.
extension Referee {
    /// The ERP was told that a message is kept: it must be.
    func acknowledged(_ telling: Telling) async {
        let mark = ContentDigest.sha256(telling.body).prefix(16)
        let rows = (try? await world.disk.messages(MessageFilter(), after: 0, limit: .max)) ?? []
        if !rows.contains(where: { $0.id.hasSuffix(mark) }) {
            violate("messages kept", "a message (\(telling.word.rawValue)) was answered with 200 and isn't on disk")
        }
        guard let order = orderCase(telling.orderID) else { return }
        order.told.append(telling.word)
        if telling.word == .cancelled { order.postsBeforeCancels.append(order.posts.count) }
    }

    func entered(_ entry: MessageEntry, _ order: OrderCase) {
        let id = order.plan.id
        if !order.messages.insert(entry.name).inserted {
            violate("messages once", "order \(id): message \(entry.name.message) was taken in twice")
        }
        switch entry.effect {
        case .answered(.accepted(let receipt)):
            if order.receiptNumbers.last == receipt.erpOrderNumber {
                violate("messages once", "order \(id): that the ERP has it as \(receipt.erpOrderNumber) was taken in twice")
            }
            let isItsOwn = world.erpFacts().contains { $0.orderID == id && $0.number == receipt.erpOrderNumber }
            if !isItsOwn { violate("4 receipt", "order \(id): ERP order \(receipt.erpOrderNumber) isn't its own") }
            order.receiptNumbers.append(receipt.erpOrderNumber)
            order.openIntent = nil
        case .answered(.rejected):
            order.openIntent = nil
            order.posts.last?.wasRefused()
        case .answered, .cancelled, .cancelRefused, .contradicted: break
        }
    }

    /// What the ERP said and Crossdock acknowledged, somebody must have been told of.
    func checkMessages(_ order: OrderCase, _ row: OrderRow) {
        // Whoever stepped in may have settled it; what names nobody's order can't be taken in.
        guard order.decisions.isEmpty, !order.isUnnamed(schedule) else { return }
        let goesOn = row.state.standing == .finished || row.state.reason == .awaitingShipment
        // Of several tries one may be refused and another accepted; whether one of a dead process went out, nobody can know.
        if goesOn, order.triesPossiblySent == 1, order.told.contains(.accepted), order.told.contains(.refused) {
            violate("messages told", "order \(order.plan.id): the ERP contradicted itself, and nobody was told")
        }
        if goesOn, order.wasLastPostCancelled {
            violate("messages told", "order \(order.plan.id): the ERP said that it cancelled it, and nobody was told")
        }
    }

    /// Every message is done with in the end.
    func checkMessagesAtTheEnd() async {
        let rows = (try? await world.disk.messages(MessageFilter(states: [.waiting]), after: 0, limit: .max)) ?? []
        for row in rows { violate("liveness", "message \(row.id) still waits: \(row.sentence)") }
    }
}

extension OrderCase {
    /// Whether the ERP said that it cancelled something else than an earlier create that it had refused: of that one there was nothing left.
    fileprivate var wasLastPostCancelled: Bool {
        postsBeforeCancels.contains { count in count == 0 || count == posts.count || posts[count - 1].end != .nothing }
    }

    /// The ERP names its orders by what it answered, and nobody wrote down what it answered to the last try.
    func isUnnamed(_ schedule: Schedule) -> Bool {
        schedule.messages?.naming == .answer && !wasTicketKept
    }
}
