import OrderFlow
import Orders
import SinkKit

/// A sink in process: makes one call to the ``DirectERP`` per method call and says what is known of it.
struct SimulatedSink: ERPSink {
    let world: World
    let worker: Worker
    let capabilities: SinkCapabilities

    func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
        let watch = world.referee.finding(key, by: worker)
        var lag: Int64 = 0
        if case .lag(let milliseconds) = world.upcomingFault(of: .find) { lag = milliseconds }
        let receipt: SinkReceipt?
        do throws(SinkError) {
            receipt = try await call(.find, context, writes: false) { [world, lag] in
                world.direct.find(key.text, at: world.executor.now, lag: lag)
            }.get()
        } catch {
            world.count(.lookUpFailed)
            throw error
        }
        watch(receipt == nil)
        return receipt
    }

    func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        let bytes = JSONValue.object(order.json).serialized()
        switch world.schedule.steps {
        case .one: return try await createWhole(order, bytes, context)
        case .draft: return try await createAndConfirm(order, bytes, context)
        case .units: return try await buyUnits(order, bytes, context)
        }
    }

    func createWhole(_ order: SinkOrder, _ bytes: [UInt8], _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        let post = world.referee.creating(order.key, bytes, by: worker)
        do throws(SinkError) {
            let result = try await call(.create, context, writes: true) { [world] in
                world.direct.create(order, bytes, at: world.executor.now)
            }
            let answer = try result.get()
            post.ended(.answered)
            return answer
        } catch {
            if worker.isAlive { post.ended(error.code == .unknownOutcome ? .unknown : .nothing) }
            throw error
        }
    }

    func poll(_ ticket: SinkTicket, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        let result = try await call(.poll, context, writes: false) { [world] in
            world.direct.poll(ticket.text, at: world.executor.now)
        }
        return try result.get()
    }

    func shipments(
        for receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkShipments {
        let result = try await call(.askShipments, context, writes: false) { [world] in
            world.direct.shipments(receipt.erpOrderNumber, at: world.executor.now)
        }
        return try result.get()
    }

    func cancel(
        _ receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkCancellation {
        world.referee.cancelling(receipt, of: key, by: worker)
        let result = try await call(.cancel, context, writes: true) { [world] in world.askToCancel(receipt.erpOrderNumber) }
        return try result.get()
    }

    func check(_ context: SinkContext) async throws(SinkError) -> [String] { [] }

    private enum Reply<Value: Sendable>: Sendable {
        case real(Result<Value, SinkError>)
        case instead(SinkError)
    }

    func call<Value: Sendable>(
        _ effect: Effect, _ context: SinkContext, writes: Bool, _ deliver: @escaping () -> Result<Value, SinkError>
    ) async throws(SinkError) -> Result<Value, SinkError> {
        let call = WireCall(effect: effect, worker: worker, deadline: context.timeLimit.inMilliseconds)
        let outcome = await world.transmit(
            call, deliver: { Reply.real(deliver()) }, instead: { fault in Self.error(fault, writes).map { .instead($0) } })
        switch outcome {
        case .answered(.real(let result)): return result
        case .answered(.instead(let error)): throw error
        case .refused: throw SinkError(.unavailable, "the ERP can't be reached")
        case .lost, .timedOut, .dead:
            throw SinkError(writes ? .unknownOutcome : .unavailable, "\(effect.rawValue): the connection ended")
        }
    }

    /// What the sink would make of an answer like that.
    private static func error(_ fault: WireFault, _ writes: Bool) -> SinkError? {
        switch fault {
        case .status(let status, _):
            let isOutage = [502, 503, 504].contains(status)
            return SinkError(writes ? .unknownOutcome : isOutage ? .unavailable : .notApplied, "answered with \(status)")
        case .throttled(let seconds): return SinkError(.throttled, "429", retryAfter: .seconds(seconds))
        case .html, .cutJSON, .errorInside200:
            return SinkError(writes ? .unknownOutcome : .notApplied, "answered with something that isn't an order")
        default: return nil
        }
    }
}
