internal import Orders

/// What goes wrong with a webhook, beside what strikes requests.
package enum KhumbuMessageFault: String, Sendable, CaseIterable {
    /// It is never sent.
    case never
    /// It is sent a second time, byte by byte, though it was taken.
    case twice
    /// The POS answers at once: with a delay of the create's answer, before that.
    case early
    /// It is held back until another one was sent.
    case outOfOrder = "out_of_order"
    /// One of an order that nobody sent comes first.
    case unknownOrder = "unknown_order"
}

/// The webhooks that are on their way. A value; somebody else delivers them.
struct KhumbuPost: Sendable {
    struct Message: Sendable {
        let number: Int
        let providerOrderID: String
        let status: String
        let body: [UInt8]
        var dueUnixMicroseconds: Int64
        var deliveries = 0
        /// It waits for another one to be sent before it.
        var isHeldBack = false
        var isRepeat = false
    }

    private(set) var waiting: [Message] = []
    private var count = 0
    /// Each strikes so many of the next ones.
    private var faults: [(fault: KhumbuMessageFault, left: Int)] = []

    mutating func add(_ fault: KhumbuMessageFault, times: Int) { faults.append((fault, times)) }

    mutating func clearFaults() { faults = [] }

    /// The fault that strikes the next message.
    mutating func strike() -> KhumbuMessageFault? {
        guard let index = faults.firstIndex(where: { $0.left > 0 }) else { return nil }
        faults[index].left -= 1
        return faults[index].fault
    }

    mutating func send(
        _ providerOrderID: String, _ status: String, _ body: JSONValue, due: Int64, isHeldBack: Bool = false,
        isRepeat: Bool = false
    ) {
        count += 1
        waiting.append(
            Message(
                number: count, providerOrderID: providerOrderID, status: status, body: body.serialized(),
                dueUnixMicroseconds: due, isHeldBack: isHeldBack, isRepeat: isRepeat))
    }

    /// What is to be delivered now, in the order in which it is due.
    func due(at now: Int64) -> [Message] {
        waiting.filter { !$0.isHeldBack && $0.dueUnixMicroseconds <= now }
            .sorted { ($0.dueUnixMicroseconds, $0.number) < ($1.dueUnixMicroseconds, $1.number) }
    }

    /// - Parameter status: of the answer; anything but 200 has it sent again (documented: 200 is success).
    /// - Returns: whether it was taken.
    mutating func delivered(_ number: Int, status: Int, at now: Int64, _ pos: KhumbuPOS) -> Bool {
        guard let index = waiting.firstIndex(where: { $0.number == number }) else { return false }
        waiting[index].deliveries += 1
        guard status == 200 else {
            let deliveries = waiting[index].deliveries
            let pause =
                pos.retryMilliseconds.isEmpty ? 0 : pos.retryMilliseconds[min(deliveries, pos.retryMilliseconds.count) - 1]
            waiting[index].dueUnixMicroseconds = now + Int64(pause) * 1000
            if deliveries >= pos.deliveriesMax || pos.retryMilliseconds.isEmpty { waiting.remove(at: index) }
            return false
        }
        waiting.remove(at: index)
        for held in waiting.indices { waiting[held].isHeldBack = false }
        return true
    }
}
