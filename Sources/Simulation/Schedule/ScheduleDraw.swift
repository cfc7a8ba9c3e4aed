import OrderFlow
import Orders

/// Draws schedules from seeds.
package enum ScheduleDraw {
    /// 09:00 UTC on an ordinary day, and half an hour before each change of clocks in Amsterdam.
    private static let beginnings: [Int64] = [1_772_182_800_000, 1_774_744_200_000, 1_792_888_200_000]

    /// Anything that may happen.
    package static func random(seed: UInt64) -> Schedule {
        var draw = SeededDraw(seed: seed, stream: 0)
        let letter = draw.pick(Schedule.Letter.allCases)
        let sink = draw.pick([Schedule.SinkKind.rest, .rest, .direct(isAsynchronous: false), .direct(isAsynchronous: true)])
        let beginning = draw.oneIn(4) ? beginnings[1 + draw.below(2)] : beginnings[0]
        var schedule = Schedule(
            seed: seed, sink: sink, letter: letter, latestEffect: draw.pick([600, 4000, 30_000]),
            startsAt: Timestamp(milliseconds: beginning))
        if letter != .neither, draw.oneIn(3) { schedule.lookUpLag = draw.between(1, schedule.latestEffect / 2) }
        if schedule.sink == .direct(isAsynchronous: true) { schedule.lookUpLag /= 2 }
        schedule.merge = draw.pick(WriteMerge.allCases)
        schedule.close = draw.pick([.auto, .auto, .done, .leave])
        schedule.answersWritesWith = draw.pick([.full, .full, .partial, .empty])
        schedule.isPullLocked = !draw.oneIn(3)
        schedule.pageLimit = draw.pick([2, 3, 50])
        schedule.concurrency = draw.pick([1, 2, 16])
        schedule.orders = orders(&draw)
        schedule.starts = starts(&draw)
        schedule.disturbances = disturbances(schedule, &draw)
        if draw.oneIn(4) { Story.tell(draw.below(Story.count), in: &schedule, &draw) }
        addDocuments(to: &schedule)
        addKill(to: &schedule)
        addOfflineOrders(to: &schedule)
        addSteps(to: &schedule)
        addMessages(to: &schedule)
        addCancelling(to: &schedule)
        addHand(to: &schedule)
        moveToClockChange(&schedule)
        return schedule
    }

    /// In a third of those whose sink in process makes whole orders, and by dice of their own.
    private static func addCancelling(to schedule: inout Schedule) {
        var draw = SeededDraw(seed: schedule.seed, stream: 10)
        guard schedule.sink != .rest, schedule.steps != .units, draw.oneIn(3) else { return }
        schedule.cancelling = CancelPlan(&draw, tells: schedule.messages != nil)
        for _ in 0..<draw.pick([1, 1, 2, 3]) {
            let at = draw.oneIn(2) ? draw.between(100, 1500) : draw.between(500, 90_000)
            schedule.disturbances.append(.shopPerson(at: at, order: draw.below(schedule.orders.count), .cancel))
        }
        for _ in 0..<draw.pick([0, 1, 1, 2]) {
            let fault: WireFault = draw.pick([
                .refused, .lostBefore, .answerLost, .slow(milliseconds: draw.pick([300, 6000, 40_000])),
                .slowAnswer(milliseconds: draw.pick([300, 40_000])), .late(milliseconds: draw.between(1, 30_000)), .duplicate,
                .status(draw.pick([500, 502, 503]), applied: draw.oneIn(2)), .throttled(seconds: Int(draw.between(0, 40))),
            ])
            schedule.disturbances.append(.wire(.cancel, nth: draw.below(1 + schedule.orders.count), fault))
        }
        if draw.oneIn(2) { schedule.starts.append(ProcessStart(at: draw.between(500, 70_000))) }
    }

    /// In half of those whose sink hands out tickets, and by dice of their own.
    private static func addMessages(to schedule: inout Schedule) {
        var draw = SeededDraw(seed: schedule.seed, stream: 9)
        guard schedule.sink == .direct(isAsynchronous: true), draw.oneIn(2) else { return }
        schedule.messages = MessagePlan(&draw)
        if draw.oneIn(2) {
            schedule.letter = .neither
            // A network that doubles a create is beyond what class N can bear.
            schedule.disturbances.removeAll { if case .wire(.create, _, .duplicate) = $0 { true } else { false } }
        }
        for _ in 0..<draw.pick([0, 1, 1, 2, 3]) {
            let wait: Int64 = draw.pick([1, 30, 500, 5000, 60_000])
            let fault = draw.pick([
                MessageFault.never, .beforeAnswer, .beforeAnswer, .late(milliseconds: wait), .twice(after: wait),
                .thenRefused(after: wait), .refusedFirst(by: wait), .thenCancelled(after: wait), .cancelledFirst(by: wait),
                .pendingAfterwards(after: wait), .shipped(after: wait), .foreign, .garbled, .unreadableAtFirst,
            ])
            schedule.disturbances.append(.message(order: draw.below(schedule.orders.count), fault))
        }
        if draw.oneIn(3) { schedule.disturbances.append(.wire(.create, nth: draw.below(2), .answerLost)) }
        if draw.oneIn(2) { schedule.starts.append(ProcessStart(at: draw.between(500, 70_000))) }
    }

    /// A process dies while a create of its is long under way, and the next ones come when the time for late effects would be over if it
    /// were counted from the sending.
    private static func addKill(to schedule: inout Schedule) {
        var draw = SeededDraw(seed: schedule.seed, stream: 6)
        guard schedule.letter == .lookUp, draw.oneIn(8) else { return }
        let start = schedule.starts.map(\.at).min() ?? 0
        let slow = draw.between(2000, 9500)
        let killedAt = draw.between(1000, slow)
        schedule.disturbances += [.wire(.create, nth: 0, .slow(milliseconds: slow)), .kill(at: start + killedAt)]
        schedule.starts.append(ProcessStart(at: start + slow + draw.between(100, 1000)))
        // Somebody doesn't want to wait for the order to be due.
        let hurriedAt = start + schedule.latestEffect + draw.between(100, killedAt)
        for order in schedule.orders.indices.prefix(3) {
            schedule.disturbances.append(.desk(at: max(hurriedAt, start + slow + 1200), order: order, .rerun))
        }
    }

    /// In half of those whose sink in process could do without, and by dice of their own.
    private static func addSteps(to schedule: inout Schedule) {
        var draw = SeededDraw(seed: schedule.seed, stream: 8)
        guard schedule.sink == .direct(isAsynchronous: false), schedule.letter != .neither, schedule.despatch == nil,
            draw.oneIn(2)
        else { return }
        schedule.steps = draw.pick([.draft, .units])
        let effects: [Effect] = schedule.steps == .draft ? [.confirmDraft] : [.buy, .buy, .findUnit]
        for _ in 0..<draw.pick([0, 1, 1, 2, 3]) {
            let effect = draw.pick(effects)
            let writes = effect != .findUnit
            let fault: WireFault = draw.pick([
                .refused, .lostBefore, .answerLost, .answerLost, .slow(milliseconds: draw.pick([300, 6000, 40_000])),
                .slowAnswer(milliseconds: draw.pick([300, 40_000])), .late(milliseconds: writes ? draw.between(1, 30_000) : 1),
                .status(draw.pick([500, 502, 503]), applied: writes && draw.oneIn(2)),
                .throttled(seconds: Int(draw.between(0, 40))),
            ])
            schedule.disturbances.append(.wire(effect, nth: draw.below(1 + 3 * schedule.orders.count), fault))
        }
    }

    /// In a sixth, and by dice of their own.
    private static func addOfflineOrders(to schedule: inout Schedule) {
        var draw = SeededDraw(seed: schedule.seed, stream: 7)
        guard draw.oneIn(6) else { return }
        var plan = OfflinePlan()
        plan.isFilterIgnored = draw.oneIn(4)
        schedule.offline = plan
        for _ in 0..<draw.pick([1, 1, 2, 3]) {
            let index = schedule.orders.count
            var order = OrderPlan(id: 101 + index, flavour: .offline, confirmedAt: -draw.between(1000, 3_000_000))
            order.state = draw.pick(["processing", "done"])
            // Somebody else's order that isn't offline, and that nobody has listed.
            if plan.isFilterIgnored, draw.oneIn(2) { order.flavour = .plain }
            schedule.orders.append(order)
            if draw.oneIn(3) {
                schedule.disturbances.append(
                    .shopPerson(at: draw.between(0, 400), order: index, draw.pick([.cancel, .editNote, .editContent])))
            }
            if draw.oneIn(3) {
                schedule.disturbances.append(
                    .desk(at: draw.between(0, 60_000), order: index, draw.pick(Disturbance.DeskAct.allCases)))
            }
        }
    }

    /// In a quarter of those that have a sink in process; by dice of their own, so that the others stay what they were.
    private static func addDocuments(to schedule: inout Schedule) {
        var draw = SeededDraw(seed: schedule.seed, stream: 5)
        guard schedule.sink != .rest, draw.oneIn(2) else { return }
        schedule.despatch = DespatchPlan(&draw)
        for _ in 0..<draw.pick([0, 1, 1, 2]) {
            let effect = draw.pick([
                Effect.desadv, .desadv, .desadv, .confirm, .confirm, .askShipments, .askShipments, .tellBuyer,
            ])
            let isWrite = effect != .askShipments
            let fault: WireFault = draw.pick([
                .refused, .lostBefore, .answerLost, .slow(milliseconds: draw.pick([300, 6000, 40_000])),
                .slowAnswer(milliseconds: draw.pick([300, 40_000])),
                .status(draw.pick([500, 502, 503]), applied: isWrite && draw.oneIn(2)),
                .throttled(seconds: Int(draw.between(0, 40))), .html(applied: false),
            ])
            schedule.disturbances.append(.wire(effect, nth: draw.below(1 + schedule.orders.count), fault))
        }
        for _ in 0..<draw.pick([0, 0, 1, 2]) {
            let order = draw.below(schedule.orders.count)
            schedule.disturbances.append(
                .resend(at: draw.between(200, 90_000), order: order, releases: draw.oneIn(2)))
        }
        if draw.oneIn(3) { schedule.starts.append(ProcessStart(at: draw.between(500, 70_000))) }
    }

    private static func orders(_ draw: inout SeededDraw) -> [OrderPlan] {
        let count = draw.pick([1, 1, 1, 2, 2, 3, 4, 8])
        return (1...count).map { index in
            let flavour = draw.oneIn(3) ? draw.pick(OrderPlan.Flavour.allCases) : .plain
            let confirmedAt = draw.oneIn(4) ? draw.between(0, 20_000) : -draw.between(1000, 3_000_000)
            return OrderPlan(id: 100 + index, flavour: flavour, lines: 1 + draw.below(2), confirmedAt: confirmedAt)
        }
    }

    private static func starts(_ draw: inout SeededDraw) -> [ProcessStart] {
        (0..<draw.pick([1, 2, 3, 4])).map { index in
            ProcessStart(at: Int64(index) * draw.pick([5, 300, 15_000, 60_000]) + draw.between(0, 100), isRemote: draw.oneIn(6))
        }
    }

    private static func disturbances(_ schedule: Schedule, _ draw: inout SeededDraw) -> [Disturbance] {
        let count = draw.pick([0, 1, 2, 3, 5, 8])
        return (0..<count).map { _ in disturbance(schedule, &draw) }
    }

    private static func disturbance(_ schedule: Schedule, _ draw: inout SeededDraw) -> Disturbance {
        let order = draw.below(schedule.orders.count)
        let at = draw.oneIn(2) ? draw.between(0, 1500) : draw.between(0, 90_000)
        switch draw.below(20) {
        case 0...8: return wire(schedule, &draw)
        case 9:
            return .outage(
                draw.pick(Remote.allCases), at: at, milliseconds: draw.pick([300, 20_000, 200_000]),
                draw.pick(Disturbance.OutageKind.allCases))
        case 10...12: return .crash(point: draw.below(40 + 60 * schedule.orders.count), draw.pick(Disturbance.Crash.allCases))
        case 13: return .freeze(point: draw.below(120), milliseconds: draw.pick([3000, 7000, 200_000]))
        case 14: return .clock(at: at, by: draw.pick([-3_600_000, -7000, -1500, 2000, 6000, 60_000]))
        case 15...17: return .shopPerson(at: at, order: order, draw.pick(Disturbance.ShopAct.common))
        default: return .desk(at: at, order: order, draw.pick(Disturbance.DeskAct.allCases))
        }
    }

    private static func wire(_ schedule: Schedule, _ draw: inout SeededDraw) -> Disturbance {
        let effect = draw.pick([
            Effect.token, .list, .readOrder, .readOrder, .patch, .patch, .put, .customer, .create, .create, .create, .find, .find,
            .poll,
        ])
        let isWrite = [.patch, .put, .create].contains(effect)
        var faults: [WireFault] = [
            .refused, .lostBefore, .answerLost, .slow(milliseconds: draw.pick([300, 6000, 40_000])),
            .slowAnswer(milliseconds: draw.pick([300, 6000, 40_000])), .status(draw.pick([500, 502, 503]), applied: false),
            .throttled(seconds: Int(draw.between(0, 40))), .html(applied: false), .cutJSON(applied: false),
            .errorInside200(applied: false),
        ]
        if isWrite {
            faults += [
                .late(milliseconds: draw.between(1, 30_000)), .status(draw.pick([500, 502]), applied: true), .html(applied: true),
                .cutJSON(applied: true), .answerLost, .late(milliseconds: draw.between(1, 400)), .errorInside200(applied: true),
            ]
        }
        if effect != .create || schedule.letter == .key { faults.append(.duplicate) }
        if effect.remote == .shop, effect != .token { faults.append(.tokensExpire) }
        if effect == .find { faults.append(.lag(milliseconds: draw.between(1, max(1, schedule.latestEffect / 4)))) }
        return .wire(effect, nth: draw.below(1 + 2 * schedule.orders.count), draw.pick(faults))
    }
}
