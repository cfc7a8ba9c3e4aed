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
        /// Whether it waits to be confirmed.
        var isDraft = false
    }

    /// One unit that somebody paid for.
    struct Purchase {
        var order: SinkOrder
        var unit: String
        var at: Int64
    }

    private let letter: Schedule.Letter
    private let isAsynchronous: Bool
    private let lookUpLag: Int64
    /// How long the ERP works on an order it has accepted, in milliseconds.
    private let workTime: Int64
    private(set) var made: [Made] = []
    private(set) var purchases: [Purchase] = []
    private let steps: Schedule.Steps
    private let warehouse: Warehouse?
    /// `nil`: it answers whoever polls.
    private let messages: MessagePlan?
    var onMade: (Made) -> Void = { _ in }

    init(_ schedule: Schedule) {
        letter = schedule.letter
        steps = schedule.steps
        isAsynchronous = schedule.sink == .direct(isAsynchronous: true)
        lookUpLag = schedule.lookUpLag
        messages = schedule.messages
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
                createdAt: now, readyAt: now + workTime, isRefused: isRefused, isDraft: steps == .draft))
        onMade(made[made.count - 1])
        return .success(answer(made.count - 1, at: now))
    }

    func poll(_ ticket: String, at now: Int64) -> Result<SinkAnswer, SinkError> {
        guard let index = Int(ticket), made.indices.contains(index) else {
            return .failure(SinkError(.misconfigured, "there is no ticket \(ticket)"))
        }
        if isSilent {
            let isOver = messages.map { now > made[index].createdAt + $0.patience } ?? false
            return isOver
                ? .failure(SinkError(.unknownOutcome, "no message came")) : .success(.pending(SinkTicket(ticket)))
        }
        return .success(answer(index, at: now))
    }

    /// It tells by messages only what became of orders.
    private var isSilent: Bool { messages != nil && letter == .neither }

    func ticket(of made: Made) -> String { String(self.made.firstIndex { $0.number == made.number } ?? -1) }

    private func answer(_ index: Int, at now: Int64) -> SinkAnswer {
        if isSilent { return .pending(SinkTicket(String(index))) }
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

    func receipt(_ made: Made) -> SinkReceipt {
        SinkReceipt(
            erpOrderNumber: made.number, state: made.isCancelled ? .cancelled : made.isDraft ? .draft : .confirmed,
            lines: made.order.order.lines.enumerated().map { index, line in
                SinkReceiptLine(lineKey: line.key, erpLineNumber: Int64(index + 1) * 100)
            })
    }

    // MARK: Creates of several calls

    /// Safe to repeat.
    func confirmDraft(_ number: String) -> Result<SinkReceipt, SinkError> {
        guard let index = made.firstIndex(where: { $0.number == number }) else {
            return .failure(SinkError(.misconfigured, "there is no order \(number)"))
        }
        made[index].isDraft = false
        return .success(receipt(made[index]))
    }

    func content(of number: String) -> [UInt8]? { made.first { $0.number == number }?.bytes }

    func buy(_ unit: String, of order: SinkOrder, at now: Int64) -> JSONObject {
        let wasBought = purchases.contains { $0.unit == unit && $0.order.key == order.key }
        if !wasBought || letter != .key { purchases.append(Purchase(order: order, unit: unit, at: now)) }
        return Self.evidence(unit)
    }

    func findUnit(_ unit: String, of key: IdempotencyKey, at now: Int64) -> JSONObject? {
        let shown = purchases.contains { $0.unit == unit && $0.order.key == key && $0.at + lookUpLag <= now }
        return shown ? Self.evidence(unit) : nil
    }

    private static func evidence(_ unit: String) -> JSONObject { JSONObject([("transaction", .text("T-\(unit)"))]) }

    static func units(of order: SinkOrder) -> [String] { order.order.lines.flatMap { ["\($0.key)/1", "\($0.key)/2"] } }

    static func number(of order: SinkOrder) -> String { "U\(order.key.order.orderID)" }

    func receipt(ofUnits order: SinkOrder) -> SinkReceipt {
        receipt(
            Made(
                orderID: order.key.order.orderID, key: order.key.text, number: Self.number(of: order), order: order, bytes: [],
                createdAt: 0, readyAt: 0))
    }

    /// One order for each time that all its units were bought; a unit that was bought twice makes a second one.
    private var boughtOrders: [Made] {
        Dictionary(grouping: purchases, by: \.order.key).values.flatMap { purchases -> [Made] in
            let order = purchases[0].order
            let times = Self.units(of: order).map { unit in purchases.filter { $0.unit == unit }.count }
            let isWhole = !times.contains(0)
            return (0..<(isWhole || times.contains { $0 > 1 } ? times.max() ?? 0 : 0)).map { _ in
                Made(
                    orderID: order.key.order.orderID, key: order.key.text, number: Self.number(of: order), order: order,
                    bytes: [], createdAt: purchases[0].at, readyAt: purchases[0].at)
            }
        }.sorted { ($0.orderID, $0.key) < ($1.orderID, $1.key) }
    }

    /// Whether some units of the order were bought.
    func hasPart(of orderID: Int64) -> Bool { purchases.contains { $0.order.key.order.orderID == orderID } }

    var facts: [World.ERPFact] {
        (made + boughtOrders).filter { !$0.isRefused }.map { made in
            var numbers: [Int64: Int64] = [:]
            for (index, line) in made.order.order.lines.enumerated() {
                if let id = line.id { numbers[id] = Int64(index + 1) * 100 }
            }
            return World.ERPFact(
                orderID: made.orderID, key: made.key, number: made.number, isCancelled: made.isCancelled, isDraft: made.isDraft,
                createdAt: made.createdAt, document: .object(made.order.json), lineNumbers: numbers)
        }
    }
}
