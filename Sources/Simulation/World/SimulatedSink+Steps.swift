import OrderFlow
import Orders
import SinkKit

/// Creates that are more than one call.
extension SimulatedSink {
    /// Makes a draft, or carries on the one there is, and confirms it.
    func createAndConfirm(_ order: SinkOrder, _ bytes: [UInt8], _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        let beganAt = world.executor.now
        var receipt = try await find(order.key, context)
        if receipt == nil {
            guard context.startLimit.map({ world.executor.now - beganAt <= $0.inMilliseconds }) ?? true else {
                throw SinkError(.notSentInTime, "the look-up took too long")
            }
            guard case .accepted(let made) = try await createWhole(order, bytes, context) else {
                return .rejected([SinkFault(path: "lines[0].product", message: "unknown")])
            }
            receipt = made
        }
        guard let receipt else { throw SinkError(.unknownOutcome, "nothing came of it") }
        guard world.direct.content(of: receipt.erpOrderNumber) == bytes else {
            throw SinkError(.conflict, "the key was used for other content: \(receipt.erpOrderNumber)")
        }
        guard receipt.state == .draft else { return .accepted(receipt) }
        do throws(SinkError) {
            let result = try await call(.confirmDraft, context, writes: true) { [world] in
                world.direct.confirmDraft(receipt.erpOrderNumber)
            }
            return .accepted(try result.get())
        } catch {
            // The draft is there, whatever became of its confirmation.
            throw SinkError(.unknownOutcome, "the draft couldn't be confirmed: \(error.message)", retryAfter: error.retryAfter)
        }
    }

    /// Buys every unit by a named attempt.
    func buyUnits(_ order: SinkOrder, _ bytes: [UInt8], _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        let beganAt = world.executor.now
        let post = world.referee.creating(order.key, bytes, by: worker)
        do throws(SinkError) {
            for unit in DirectERP.units(of: order) {
                guard context.startLimit.map({ world.executor.now - beganAt <= $0.inMilliseconds }) ?? true else {
                    throw SinkError(.notSentInTime, "there was no time for all units")
                }
                _ = try await buy(unit, of: order, context)
            }
            post.ended(.answered)
            return .accepted(world.direct.receipt(ofUnits: order))
        } catch {
            if worker.isAlive { post.ended(error.code == .unknownOutcome ? .unknown : .nothing) }
            throw error
        }
    }

    private func buy(_ unit: String, of order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> JSONObject {
        try await context.attempt(
            "purchase", key: unit, promise: capabilities.sinkClass,
            find: { () async throws(SinkError) -> JSONObject? in
                try await call(.findUnit, context, writes: false) { [world] in
                    .success(world.direct.findUnit(unit, of: order.key, at: world.executor.now))
                }.get()
            },
            send: { () async throws(SinkError) -> JSONObject in
                world.referee.buying(unit, of: order.key, by: worker)
                return try await call(.buy, context, writes: true) { [world] in
                    .success(world.direct.buy(unit, of: order, at: world.executor.now))
                }.get()
            })
    }
}
