import OrderFlow
import Orders
import Settings
import Transport

/// When `crossdock serve` runs each flow next, by the configuration.
struct ScheduleList {
    private struct Entry {
        var flow: String
        var schedule: String
        var next: Timestamp
        var time: ShopTime?
    }

    private let entries: [Entry]

    init(_ workplace: Workplace) {
        let now = Timestamp(milliseconds: workplace.timekeeper.millisecondsSince1970)
        let configuration = workplace.configuration
        entries = configuration.flows.map { flow in
            Entry(
                flow: flow.name, schedule: flow.schedule.text, next: configuration.schedule(of: flow).next(after: now),
                time: workplace.time(ofFlow: flow.name))
        }
    }

    var table: Table {
        var table = Table("FLOW", "SCHEDULE OF SERVE", "NEXT TICK")
        for entry in entries {
            table.add(entry.flow, entry.schedule, entry.time?.text(entry.next) ?? String(entry.next.milliseconds))
        }
        return table
    }

    var json: JSONValue {
        .array(
            entries.map { entry in
                [
                    "flow": .text(entry.flow), "schedule": .text(entry.schedule),
                    "next_tick_at_ms": .integer(entry.next.milliseconds),
                ]
            })
    }
}

extension ScheduleSettings {
    fileprivate var text: String {
        switch self {
        case .every(let period): "every \(DurationText.text(period))"
        case .cron(let expression, let zone): zone.map { "\(expression) in \($0)" } ?? expression.description
        }
    }
}
