import OrderFlow

/// Things that belong together and that chance alone seldom brings together.
enum Story {
    static let count = 8

    static func tell(_ number: Int, in schedule: inout Schedule, _ draw: inout SeededDraw) {
        let order = draw.below(schedule.orders.count)
        switch number {
        case 0:
            // Nobody knows what became of a create, until somebody looks.
            schedule.disturbances += [
                .wire(.create, nth: draw.below(2), draw.oneIn(2) ? .answerLost : .lostBefore),
                .desk(at: draw.between(45_000, 60_000), order: order, draw.oneIn(2) ? .adopt : .createAgain),
            ]
        case 1:
            // A remote is down while one process after the other starts.
            schedule.starts = (0..<4).map { ProcessStart(at: $0 * draw.between(500, 2500)) }
            schedule.disturbances.append(
                .outage(
                    draw.pick(Remote.allCases), at: draw.between(0, 100), milliseconds: draw.between(5000, 60_000),
                    draw.pick(Disturbance.OutageKind.allCases)))
        case 2: crowd(&schedule, &draw)
        case 3:
            // The ERP's order is cancelled there and ordered anew.
            schedule.disturbances += [
                .shopPerson(at: draw.between(300, 3000), order: order, .cancelInERP),
                .desk(at: draw.between(50_000, 60_000), order: order, .newKey),
            ]
        case 4:
            schedule.disturbances += [
                .desk(at: draw.between(0, 800), order: order, .hold),
                .desk(at: draw.between(900, 20_000), order: order, .release),
            ]
        case 5:
            schedule.disturbances += [
                .shopPerson(at: draw.between(0, 300), order: order, .unpay),
                .shopPerson(at: draw.between(400, 90_000), order: order, .pay),
            ]
        case 6:
            // A process dies in the middle of a create, or is stopped past its lease.
            let point = draw.between(30, 60)
            schedule.disturbances.append(
                draw.oneIn(2)
                    ? .crash(point: Int(point), draw.pick(Disturbance.Crash.allCases))
                    : .freeze(point: Int(point), milliseconds: 200_000))
            schedule.starts += [ProcessStart(at: 130_000), ProcessStart(at: 190_000)]
            schedule.isPullLocked = false
        default:
            // Somebody cancels or edits between the push and the writes.
            schedule.disturbances.append(
                .shopPerson(at: draw.between(80, 400), order: order, draw.pick([.cancel, .editContent, .editNote])))
        }
    }

    /// Many orders on small pages, some of which leave the list while it is walked.
    private static func crowd(_ schedule: inout Schedule, _ draw: inout SeededDraw) {
        schedule.pageLimit = 2
        schedule.orders = (1...8).map { OrderPlan(id: 100 + $0, confirmedAt: -draw.between(1000, 3_000_000)) }
        schedule.disturbances += (0..<3).map { _ in
            .shopPerson(at: schedule.starts[0].at + draw.between(10, 300), order: draw.below(8), .cancel)
        }
    }
}
