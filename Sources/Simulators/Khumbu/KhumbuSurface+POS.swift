internal import Orders

/// The POS behind Khumbu, and the webhooks that tell what it made of an order.
extension KhumbuSurface {
    mutating func handToPOS(_ position: Int, at now: Int64) {
        orders[position].timesAtPOS += 1
        audit[orders[position].providerOrderID, default: KhumbuAudit()].ordersAtPOS += 1
        let fault = post.strike()
        let delay = fault == .early ? 0 : delayMicroseconds(position, of: 1)
        tasks.append(POSTask(position: position, isCancellation: false, dueUnixMicroseconds: now + delay, fault: fault))
    }

    /// The same for the same order of the same seed.
    func delayMicroseconds(_ position: Int, of call: Int) -> Int64 {
        var random = SeededRandom(seed: configuration.seed &+ UInt64(call), number: position)
        let range = configuration.pos.delayMilliseconds
        return Int64(range.lowerBound + random.below(range.count)) * 1000
    }

    /// Lets the POS answer what it has answered by now.
    mutating func settlePOS(until now: Int64) {
        let due = tasks.filter { $0.dueUnixMicroseconds <= now }.sorted { $0.dueUnixMicroseconds < $1.dueUnixMicroseconds }
        tasks.removeAll { $0.dueUnixMicroseconds <= now }
        for task in due {
            if task.isCancellation { endCancellation(task) } else { endCreate(task) }
        }
    }

    private mutating func endCreate(_ task: POSTask) {
        guard orders[task.position].state == .atPOS else { return }
        let unknown = unknownItems(orders[task.position].items)
        orders[task.position].state = unknown.isEmpty ? .succeeded : .failed
        let order = orders[task.position]
        guard !unknown.isEmpty else { return tell(order, "SUCCESS", nil, at: task.dueUnixMicroseconds, task.fault) }
        // Which code the POS's refusals have isn't documented.
        tell(
            order, configuration.pos.failureStatus, ("KS-0010", "The POS doesn't know \(unknown.joined(separator: ", "))."),
            at: task.dueUnixMicroseconds, task.fault)
    }

    private mutating func endCancellation(_ task: POSTask) {
        let order = orders[task.position]
        guard configuration.pos.cancels || order.state == .hold else {
            return tell(
                order, configuration.pos.failureStatus, ("KS-0010", "The POS doesn't cancel an order that is being prepared."),
                at: task.dueUnixMicroseconds, task.fault)
        }
        guard order.state != .cancelled else { return }
        orders[task.position].state = .cancelled
        tell(order, configuration.pos.cancelledStatus, nil, at: task.dueUnixMicroseconds, task.fault)
    }

    mutating func cancelAtPOS(_ providerOrderID: String, at now: Int64) -> Bool {
        settlePOS(until: now)
        guard let position = positions[providerOrderID], orders[position].state == .succeeded else { return false }
        orders[position].state = .cancelled
        tell(orders[position], configuration.pos.cancelledStatus, nil, at: now, post.strike())
        return true
    }

    // MARK: Webhooks

    mutating func tell(
        _ order: KhumbuOrder, _ status: String, _ error: (code: String, reason: String)?, at due: Int64,
        _ fault: KhumbuMessageFault?
    ) {
        let body = message(order.providerOrderID, order.ksOrderID, order.providerStoreID, status, error)
        switch fault {
        case .never: return
        case .unknownOrder:
            let stranger = "00000000-0000-4000-8000-\(order.ksOrderID.suffix(12))"
            post.send(stranger, status, message(stranger, "0", order.providerStoreID, status, nil), due: due)
        case .twice: post.send(order.providerOrderID, status, body, due: due, isRepeat: true)
        case .early, .outOfOrder, nil: break
        }
        post.send(order.providerOrderID, status, body, due: due, isHeldBack: fault == .outOfOrder)
    }

    private func message(
        _ providerOrderID: String, _ number: String, _ store: String, _ status: String, _ error: (code: String, reason: String)?
    ) -> JSONValue {
        let known = configuration.stores.first { $0.providerStoreID == store }
        var object = JSONObject([
            ("providerOrderId", .text(providerOrderID)), ("providerOrderNumber", .text(number)),
            ("providerName", .text(configuration.provider)), ("partnerName", .text(configuration.partner)),
            ("marketName", .text(configuration.market)),
            (
                "storeInformation",
                ["providerStoreId": .text(store), "partnerStoreId": .text(known?.partnerStoreID)]
            ), ("orderStatus", .text(status)),
        ])
        if let error { object.append("error", ["code": .text(error.code), "reason": .text(error.reason)]) }
        return .object(object)
    }

    mutating func delivered(_ message: KhumbuPost.Message, status: Int, at now: Int64) {
        guard post.delivered(message.number, status: status, at: now, configuration.pos) else { return }
        audit[message.providerOrderID, default: KhumbuAudit()].told.append(message.status)
    }
}
