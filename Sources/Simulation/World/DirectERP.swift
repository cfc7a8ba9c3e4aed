import Orders
import SinkKit

/// An ERP in process: keeps its promise of class K, L or N and no more, and may take its time over an order.
final class DirectERP: @unchecked Sendable {
    struct Made {
        var orderID: Int64
        var key: String
        var number: String
        var order: SinkOrder
        var bytes: [UInt8]
        var createdAt: Int64
        /// From when on it is an order; until then only its ticket knows of it.
        var readyAt: Int64
        var isCancelled = false
        var isRefused = false
    }

    private let letter: Schedule.Letter
    private let isAsynchronous: Bool
    private let lookUpLag: Int64
    /// How long the ERP works on an order it has accepted, in milliseconds.
    private let workTime: Int64
    private(set) var made: [Made] = []
    private let warehouse: Warehouse?

    init(_ schedule: Schedule) {
        letter = schedule.letter
        isAsynchronous = schedule.sink == .direct(isAsynchronous: true)
        lookUpLag = schedule.lookUpLag
        workTime = isAsynchronous ? schedule.latestEffect / 4 : 0
        warehouse = schedule.despatch.map { Warehouse(plan: $0, startsAt: schedule.startsAt) }
    }

    func create(_ order: SinkOrder, _ bytes: [UInt8], at now: Int64) -> Result<SinkAnswer, SinkError> {
        let key = order.key.text
        if letter == .key, let index = made.firstIndex(where: { $0.key == key }) {
            guard made[index].bytes == bytes else {
                return .failure(SinkError(.conflict, "the key was used for other content: \(made[index].number)"))
            }
            return .success(answer(index, at: now))
        }
        let isRefused = order.order.lines.contains { $0.productKey.hasPrefix("UNKNOWN") }
        if isRefused, !isAsynchronous { return .success(.rejected([SinkFault(path: "lines[0].product", message: "unknown")])) }
        made.append(
            Made(
                orderID: order.key.order.orderID, key: key, number: "E\(made.count + 1)", order: order, bytes: bytes,
                createdAt: now, readyAt: now + workTime, isRefused: isRefused))
        return .success(answer(made.count - 1, at: now))
    }

    func poll(_ ticket: String, at now: Int64) -> Result<SinkAnswer, SinkError> {
        guard let index = Int(ticket), made.indices.contains(index) else {
            return .failure(SinkError(.misconfigured, "there is no ticket \(ticket)"))
        }
        return .success(answer(index, at: now))
    }

    private func answer(_ index: Int, at now: Int64) -> SinkAnswer {
        if now < made[index].readyAt { return .pending(SinkTicket(String(index))) }
        if made[index].isRefused { return .rejected([SinkFault(path: "lines[0].product", message: "unknown")]) }
        return .accepted(receipt(made[index]))
    }

    func find(_ key: String, at now: Int64, lag: Int64) -> Result<SinkReceipt?, SinkError> {
        guard letter != .neither else { return .failure(SinkError(.misconfigured, "this ERP has no look-up")) }
        let shown = made.filter { $0.key == key && !$0.isRefused && $0.readyAt + max(lag, lookUpLag) <= now }
        return .success(shown.first.map(receipt))
    }

    func shipments(_ number: String, at now: Int64) -> Result<SinkShipments, SinkError> {
        guard let warehouse, let made = made.first(where: { $0.number == number }) else {
            return .failure(SinkError(.misconfigured, "nothing is known of \(number)"))
        }
        if made.isCancelled { return .success(SinkShipments(isCancelled: true)) }
        return .success(warehouse.shipments(of: made.order.order, number: number, madeAt: made.readyAt, at: now))
    }

    /// Everything that will ever leave for that ERP order, and whether all of it has.
    func allShipments(_ number: String, at now: Int64) -> (shipments: [SinkShipment], isComplete: Bool) {
        guard let warehouse, let made = made.first(where: { $0.number == number }) else { return ([], true) }
        let all = warehouse.shipments(of: made.order.order, number: number, madeAt: made.readyAt, at: .max / 2)
        return (all.shipments, warehouse.completeAt(made.order.order, madeAt: made.readyAt) <= now)
    }

    func cancel(_ number: String) {
        guard let index = made.firstIndex(where: { $0.number == number }) else { return }
        made[index].isCancelled = true
    }

    private func receipt(_ made: Made) -> SinkReceipt {
        SinkReceipt(
            erpOrderNumber: made.number, state: made.isCancelled ? .cancelled : .confirmed,
            lines: made.order.order.lines.enumerated().map { index, line in
                SinkReceiptLine(lineKey: line.key, erpLineNumber: Int64(index + 1) * 100)
            })
    }

    var facts: [World.ERPFact] {
        made.filter { !$0.isRefused }.map { made in
            var numbers: [Int64: Int64] = [:]
            for (index, line) in made.order.order.lines.enumerated() {
                if let id = line.id { numbers[id] = Int64(index + 1) * 100 }
            }
            return World.ERPFact(
                orderID: made.orderID, key: made.key, number: made.number, isCancelled: made.isCancelled,
                createdAt: made.createdAt, document: .object(made.order.json), lineNumbers: numbers)
        }
    }
}
