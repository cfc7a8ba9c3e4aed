import Orders
import SinkKit

/// What must hold whenever the ERP is asked to cancel.
extension Referee {
    func cancelling(_ receipt: SinkReceipt, of key: IdempotencyKey, by worker: Worker) {
        guard worker.isAlive, let order = orderCase(key.order.orderID) else { return }
        let id = order.plan.id
        if order.cancelledAt == nil {
            violate("5 gate", "order \(id): the ERP is asked to cancel what nobody cancelled in the shop")
        }
        if !order.isCancelAsked { violate("2 intent", "order \(id): the ERP is asked to cancel it without a durable intent") }
        if !order.receiptNumbers.contains(receipt.erpOrderNumber) {
            violate("4 receipt", "order \(id): the ERP is asked to cancel \(receipt.erpOrderNumber), which no receipt has")
        }
        guard order.claimant == worker.number, order.isHeldByPerson || order.isSkipped else { return }
        violate("5 person", "order \(id): the ERP is asked to cancel it although a person holds it back")
    }
}
