import OrderFlow
import Orders

/// One order's way from the shop to its end, along which every crash point is tried.
package struct CrashPath: Sendable {
    package let name: String
    package let schedule: Schedule

    /// Every kind of way there is: PATCH alone, lines by PUT, tickets, each class, a cancellation on the way, people's hands.
    package static let all: [CrashPath] = [
        CrashPath("fields alone, class K, REST", .rest, .key) { $0.merge = .stateAndNumber },
        CrashPath("lines, class K, REST", .rest, .key) { _ in },
        CrashPath("lines, class L, REST", .rest, .lookUp) { _ in },
        CrashPath("lines, class N, REST", .rest, .neither) { _ in },
        CrashPath("all in one PUT, class L, REST", .rest, .lookUp) { $0.merge = .all },
        CrashPath("class K, in process", .direct(isAsynchronous: false), .key) { _ in },
        CrashPath("class L, in process", .direct(isAsynchronous: false), .lookUp) { _ in },
        CrashPath("class N, in process", .direct(isAsynchronous: false), .neither) { _ in },
        CrashPath("tickets, class K", .direct(isAsynchronous: true), .key) { _ in },
        CrashPath("tickets, class L", .direct(isAsynchronous: true), .lookUp) { _ in },
        CrashPath("tickets, class N", .direct(isAsynchronous: true), .neither) { _ in },
        CrashPath("cancelled meanwhile, class L", .rest, .lookUp) { schedule in
            schedule.disturbances = [.shopPerson(at: 150, order: 0, .cancel)]
        },
        CrashPath("customer and address looked up, class L", .rest, .lookUp) { $0.orders[0].flavour = .lookedUpParties },
        CrashPath("lost answer, class L", .rest, .lookUp) { schedule in
            schedule.disturbances = [.wire(.create, nth: 0, .answerLost)]
        },
        CrashPath("a person's hand, class K", .rest, .key) { schedule in
            schedule.disturbances = [
                .desk(at: 20, order: 0, .release), .desk(at: 400, order: 0, .hold), .desk(at: 900, order: 0, .release),
                .desk(at: 1500, order: 0, .rerun),
            ]
            schedule.starts = [5, 100, 700, 1200, 2000].map { ProcessStart(at: $0) }
        },
        CrashPath("a draft, then its confirmation, class K", .direct(isAsynchronous: false), .key) { $0.steps = .draft },
        CrashPath("a draft, then its confirmation, class L", .direct(isAsynchronous: false), .lookUp) { $0.steps = .draft },
        CrashPath("a call for each unit, class K", .direct(isAsynchronous: false), .key) { $0.steps = .units },
        CrashPath("a call for each unit, class L", .direct(isAsynchronous: false), .lookUp) { $0.steps = .units },
        CrashPath("two shipments, class K", .direct(isAsynchronous: false), .key) { schedule in
            schedule.orders[0].lines = 2
            schedule.starts = [5, 600].map { ProcessStart(at: $0) }
            schedule.despatch = DespatchPlan()
            schedule.despatch?.partsMax = 2
        },
        CrashPath("one shipment of two packages, sent again, class L", .direct(isAsynchronous: false), .lookUp) { schedule in
            schedule.orders[0].lines = 2
            schedule.despatch = DespatchPlan()
            schedule.despatch?.splitsPackages = true
            schedule.despatch?.partDelay = 0
            schedule.despatch?.onUnknown = .resend
        },
        CrashPath("confirmed by cXML, closed by the shop, class K", .direct(isAsynchronous: false), .key) { schedule in
            schedule.despatch = DespatchPlan()
            schedule.despatch?.confirmsByDocument = true
            schedule.despatch?.partDelay = 0
            schedule.despatch?.shopCloses = .complete
            schedule.despatch?.tellsBuyer = true
        },
        CrashPath("placed elsewhere, class K", .rest, .key) { schedule in
            schedule.offline = OfflinePlan()
            schedule.orders[0].flavour = .offline
            schedule.orders[0].state = "processing"
        },
        CrashPath("told by a message, class N", .direct(isAsynchronous: true), .neither) { $0.messages = MessagePlan() },
        CrashPath("told before the answer, and twice, class N", .direct(isAsynchronous: true), .neither) { schedule in
            schedule.messages = MessagePlan()
            schedule.disturbances = [.message(order: 0, .beforeAnswer), .message(order: 0, .twice(after: 300))]
        },
        CrashPath("told of a create that was never answered, class N", .direct(isAsynchronous: true), .neither) { schedule in
            schedule.messages = MessagePlan()
            schedule.messages?.naming = .key
            schedule.disturbances = [.wire(.create, nth: 0, .answerLost)]
        },
        CrashPath("accepted, refused, and told late, class N", .direct(isAsynchronous: true), .neither) { schedule in
            schedule.messages = MessagePlan()
            schedule.messages?.tendsAtOnce = false
            schedule.disturbances = [.message(order: 0, .late(milliseconds: 2000)), .message(order: 0, .thenRefused(after: 200))]
        },
        CrashPath("cancelled by a message that comes first, class K", .direct(isAsynchronous: true), .key) { schedule in
            schedule.messages = MessagePlan()
            schedule.messages?.naming = .answer
            schedule.disturbances = [.message(order: 0, .cancelledFirst(by: 50)), .message(order: 0, .unreadableAtFirst)]
        },
        CrashPath("cancelled while goods are under way, class N", .direct(isAsynchronous: false), .neither) { schedule in
            schedule.despatch = DespatchPlan()
            schedule.despatch?.partDelay = 0
            schedule.disturbances = [.shopPerson(at: 200, order: 0, .cancel)]
        },
        CrashPath("cancelled in the ERP too, class K", .direct(isAsynchronous: false), .key) { schedule in
            schedule.cancelling = CancelPlan()
            schedule.starts = [5, 600].map { ProcessStart(at: $0) }
            schedule.disturbances = [.shopPerson(at: 300, order: 0, .cancel)]
        },
        CrashPath("kept by the ERP, class L", .direct(isAsynchronous: false), .lookUp) { schedule in
            schedule.cancelling = CancelPlan()
            schedule.cancelling?.isRefused = true
            schedule.starts = [5, 600].map { ProcessStart(at: $0) }
            schedule.disturbances = [.shopPerson(at: 300, order: 0, .cancel)]
        },
        CrashPath("cancelled, as a message tells, class N", .direct(isAsynchronous: true), .neither) { schedule in
            schedule.messages = MessagePlan()
            schedule.cancelling = CancelPlan()
            schedule.cancelling?.isTold = true
            schedule.starts = [5, 1200].map { ProcessStart(at: $0) }
            schedule.disturbances = [.shopPerson(at: 900, order: 0, .cancel)]
        },
    ]

    private init(
        _ name: String, _ sink: Schedule.SinkKind, _ letter: Schedule.Letter, _ adjust: (inout Schedule) -> Void
    ) {
        self.name = name
        var schedule = Schedule(
            seed: 2, sink: sink, letter: letter, latestEffect: 400, startsAt: Timestamp(milliseconds: 1_772_182_800_000))
        schedule.orders = [OrderPlan(id: 101, lines: 1)]
        schedule.starts = [ProcessStart(at: 5)]
        schedule.restartsAfter = 50
        adjust(&schedule)
        self.schedule = schedule
    }
}
