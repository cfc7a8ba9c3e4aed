import Orders
import SinkKit
import Synchronization

/// What isn't making or finding.
extension ReferenceSink {
    func shipments(
        for receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkShipments {
        guard let order = erp.orders(key).first(where: { $0.number == receipt.erpOrderNumber }) else {
            throw SinkError(.conflict, "there is no such order")
        }
        var shipments = order.shipments
        if flaw == .tellsPlannedShipments, let line = order.lines.first {
            let planned = SinkShippedLine(lineKey: line.key, quantity: line.quantity)
            shipments.append(
                SinkShipment(id: "planned", shippedAt: "2026-01-07T10:00:00Z", packages: [SinkPackage(lines: [planned])]))
        }
        if flaw == .tellsShipmentsOtherwise, shipments.count > 1 { shipments[0].carrier = "DHL" }
        let closed = order.lines.filter { line in
            let sent = shipments.flatMap(\.packages).flatMap(\.lines).filter { $0.lineKey == line.key }
            let left = sent.reduce(line.quantity) { $0.subtracting($1.quantity) ?? $0 }
            return flaw == .closesLinesTooEarly ? !sent.isEmpty : left.isZero || left.isNegative
        }
        return SinkShipments(shipments: shipments, closedLines: closed.map(\.key), isCancelled: order.state == .cancelled)
    }

    func validate(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> [SinkFault] {
        if flaw == .makesWhatItValidates { erp.leaveDraft(order) }
        return flaw == .validatesTheFirstLineOnly ? Array(erp.faults(order).prefix(1)) : erp.faults(order)
    }

    func cancel(
        _ receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkCancellation {
        if flaw == .cannotCancelTwice, erp.orders(key).first?.state == .cancelled { return .refused("it is cancelled already") }
        erp.cancel(receipt.erpOrderNumber)
        return .cancelled
    }

    func release(
        _ receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkAnswer {
        if flaw == .cannotReleaseTwice, erp.orders(key).first?.state == .confirmed {
            return .rejected([SinkFault(message: "it isn't a draft")])
        }
        guard let order = erp.confirm(receipt.erpOrderNumber) else { throw SinkError(.conflict, "there is no such order") }
        return .accepted(SinkReceipt(erpOrderNumber: order.number, state: order.state, lines: receipt.lines))
    }

    func receive(_ message: InboundMessage, _ context: SinkContext) async throws(SinkError) -> [SinkEvent] {
        if flaw == .guessesEvents { return [SinkEvent(.ticket(SinkTicket("1")), .shipped)] }
        throw SinkError(.conflict, "the message can't be read")
    }

    func check(_ context: SinkContext) async throws(SinkError) -> [String] {
        if flaw == .checksSilently { return [] }
        if flaw == .sendsAgainFromCheck {
            let unanswered = erp.state.withLock { state in
                defer { state.unanswered = [] }
                return state.unanswered
            }
            for order in unanswered { _ = try await create(order, context) }
        }
        if flaw == .checksNothing { return ["fine"] }
        do throws(ReferenceERP.WireFailure) {
            return try await erp.get(limit: context.timeLimit) {
                ["the ERP holds \($0.state.withLock { $0.orders.count }) orders"]
            }
        } catch { throw SinkError(.unavailable, "the ERP couldn't be asked") }
    }
}
