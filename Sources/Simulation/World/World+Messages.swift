import Engine
import Ledger
import OrderFlow
import Orders
import SinkKit

/// One message on its way from the ERP to whoever listens. Sent again until it is answered with 200.
final class Telling: @unchecked Sendable {
    enum Word: String { case accepted, refused, cancelled, pending, shipped, foreign, garbled }

    /// `nil`: of no order of ours.
    let orderID: Int64?
    let word: Word
    let body: [UInt8]
    var isAcknowledged = false

    init(_ word: Word, of orderID: Int64?, body: [UInt8]) {
        self.orderID = orderID
        self.word = word
        self.body = body
    }
}

extension World {
    static let tellingRetry: Int64 = 800

    /// An order was made in the ERP: what it will tell of it is on its way from now on.
    func tell(of made: DirectERP.Made) {
        guard let plan = schedule.messages else { return }
        let faults = takeMessageFaults(of: made.orderID)
        var wait = made.readyAt - executor.now
        let final: Telling.Word = made.isRefused ? .refused : .accepted
        for fault in faults {
            switch fault {
            case .beforeAnswer: wait = 0
            case .late(let milliseconds): wait += milliseconds
            default: break
            }
        }
        if !faults.contains(.never) { send(telling(final, made, plan), after: wait) }
        for fault in faults { tell(fault, of: made, final, plan, after: wait) }
    }

    private func tell(
        _ fault: MessageFault, of made: DirectERP.Made, _ final: Telling.Word, _ plan: MessagePlan, after wait: Int64
    ) {
        let order = referee.orderCase(made.orderID)
        switch fault {
        case .never, .beforeAnswer, .late: break
        case .twice(let milliseconds): send(telling(final, made, plan), after: wait + milliseconds)
        case .thenRefused(let milliseconds) where final == .accepted:
            order?.wasRefusalMadeUp = true
            send(telling(.refused, made, plan), after: wait + milliseconds)
        case .refusedFirst(let milliseconds) where final == .accepted:
            order?.wasRefusalMadeUp = true
            send(telling(.refused, made, plan), after: max(0, wait - milliseconds))
        case .thenCancelled(let milliseconds) where final == .accepted:
            cancelAndTell(made, plan, after: wait + milliseconds)
        case .cancelledFirst(let milliseconds) where final == .accepted:
            cancelAndTell(made, plan, after: max(0, wait - milliseconds))
        case .thenRefused, .refusedFirst, .thenCancelled, .cancelledFirst: break
        case .pendingAfterwards(let milliseconds): send(telling(.pending, made, plan), after: wait + milliseconds)
        case .shipped(let milliseconds): send(telling(.shipped, made, plan), after: wait + milliseconds)
        case .foreign: send(Telling(.foreign, of: nil, body: Self.foreignBody), after: wait)
        case .garbled: send(Telling(.garbled, of: nil, body: Array("{\"order\":".utf8)), after: wait)
        case .unreadableAtFirst: messagesUnreadable += 1
        }
    }

    private func cancelAndTell(_ made: DirectERP.Made, _ plan: MessagePlan, after wait: Int64) {
        messagesUnderWay += 1
        executor.after(wait) { [self] in
            messagesUnderWay -= 1
            referee.orderCase(made.orderID)?.wasCancelledInERP = true
            direct.cancel(made.number)
            send(telling(.cancelled, made, plan), after: 0)
        }
    }

    /// What the ERP makes of a request to cancel its order, which it may answer, or tell later.
    func askToCancel(_ number: String) -> Result<SinkCancellation, SinkError> {
        guard let plan = schedule.cancelling, let made = direct.made.first(where: { $0.number == number }) else {
            return .success(.refused("there is no order \(number)"))
        }
        if !plan.isRefused { direct.cancel(number) }
        guard plan.isTold, let messages = schedule.messages else {
            return .success(plan.isRefused ? .refused("it is under way") : .cancelled)
        }
        send(telling(plan.isRefused ? .refused : .cancelled, made, messages), after: 100)
        return .failure(SinkError(.unknownOutcome, "a message is to tell", retryAfter: .milliseconds(messages.patience)))
    }

    private static let foreignBody = Array(
        #"{"naming":"ticket","order":"T-of somebody else","word":"foreign","receipt":{"erp_order_number":"X1","state":"confirmed","lines":[]}}"#
            .utf8)

    private func telling(_ word: Telling.Word, _ made: DirectERP.Made, _ plan: MessagePlan) -> Telling {
        let name =
            switch plan.naming {
            case .ticket: SimulatedSink.ticket(ofKey: made.key)
            case .answer: direct.ticket(of: made)
            case .key: made.key
            }
        var receipt = direct.receipt(made)
        receipt.state = .confirmed
        let body: JSONValue = [
            "naming": .text(plan.naming.rawValue), "order": .text(name), "order_id": .integer(made.orderID),
            "generation": .integer(made.order.key.generation), "word": .text(word.rawValue), "receipt": .object(receipt.json),
            "ticket": .text(direct.ticket(of: made)),
        ]
        return Telling(word, of: made.orderID, body: body.serialized())
    }

    private func takeMessageFaults(of orderID: Int64) -> [MessageFault] {
        var faults: [MessageFault] = []
        takePending { disturbance in
            guard case .message(let index, let fault) = disturbance, schedule.orders.indices.contains(index),
                Int64(schedule.orders[index].id) == orderID
            else { return false }
            faults.append(fault)
            return true
        }
        return faults
    }

    private func send(_ telling: Telling, after wait: Int64) {
        messagesUnderWay += 1
        executor.after(wait) { [self] in
            messagesUnderWay -= 1
            Task(executorPreference: executor) { [self] in await hand(over: telling) }
            processesRunning += 1
        }
    }

    /// A process that listens takes it, or dies over it.
    private func hand(over telling: Telling) async {
        let worker = hire(isRemote: false)
        let office = Office(self, worker)
        say("worker \(worker.number) gets a message: \(telling.word.rawValue) of \(telling.orderID.map(String.init) ?? "nobody")")
        let intake = MessageIntake(flows: [office.flow], surroundings: office.surroundings)
        let answer = await intake.take(
            flow: office.flow.name, headers: ["X-Secret": "s", "Content-Type": "json"], body: telling.body)
        if case .on = reach(.answerMessage, .before, worker), answer.status == 200 {
            telling.isAcknowledged = true
            await referee.acknowledged(telling)
            _ = reach(.answerMessage, .synced, worker)
        }
        if !telling.isAcknowledged { send(telling, after: Self.tellingRetry) }
        if worker.isAlive, schedule.messages?.tendsAtOnce == true {
            _ = await FlowRun(office.flow, surroundings: office.surroundings).tend()
        }
        await office.close()
        worker.hasEnded = true
        processesRunning -= 1
    }
}

extension SimulatedSink {
    static func ticket(ofKey text: String) -> String { "T-\(text)" }

    func ticket(for key: IdempotencyKey) -> SinkTicket? {
        world.schedule.messages?.naming == .ticket ? SinkTicket(Self.ticket(ofKey: key.text)) : nil
    }

    func receive(_ message: InboundMessage, _ context: SinkContext) async throws(SinkError) -> [SinkEvent] {
        if world.messagesUnreadable > 0, !world.isQuiet {
            world.messagesUnreadable -= 1
            throw SinkError(.unavailable, "the message can't be read now")
        }
        guard let object = (try? JSONValue(parsing: message.body))?.objectValue, let name = object["order"]?.stringValue,
            let word = object["word"]?.stringValue.flatMap(Telling.Word.init(rawValue:)),
            let receipt = object["receipt"]?.objectValue.flatMap(SinkReceipt.init(json:))
        else { throw SinkError(.conflict, "it isn't JSON") }
        var subject = SinkEvent.Subject.ticket(SinkTicket(name))
        if object["naming"]?.stringValue == MessagePlan.Naming.key.rawValue, let id = object["order_id"]?.integerValue {
            let generation = Int(object["generation"]?.integerValue ?? 1)
            subject = .key(IdempotencyKey(order: OrderKey(shop: World.shopName, orderID: id), generation: generation))
        }
        let kind: SinkEvent.Kind? =
            switch word {
            case .accepted, .foreign: .answer(.accepted(receipt))
            case .refused: .answer(.rejected([SinkFault(path: "lines[0].product", message: "unknown")]))
            case .cancelled: .cancelled("somebody cancelled it")
            case .pending: .answer(.pending(SinkTicket(object["ticket"]?.stringValue ?? "")))
            case .shipped: .shipped
            case .garbled: nil
            }
        return kind.map { [SinkEvent(subject, $0)] } ?? []
    }
}
