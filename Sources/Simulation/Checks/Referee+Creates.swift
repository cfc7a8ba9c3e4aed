import OrderFlow
import Orders
import SinkKit
import Transport

/// What must hold whenever a create goes out.
extension Referee {
    /// A create in flight, to be told how it ended.
    struct PostWatch {
        let post: OrderCase.Post?
        let referee: Referee

        func ended(_ end: OrderCase.Post.End) { post?.end(end, at: referee.now) }
    }

    func creating(_ key: IdempotencyKey, _ bytes: [UInt8], by worker: Worker) -> PostWatch {
        guard worker.isAlive, let order = orderCase(key.order.orderID) else { return PostWatch(post: nil, referee: self) }
        checkContent(bytes, order)
        return PostWatch(post: begin(key.text, order, by: worker), referee: self)
    }

    /// A unit is bought: the intent of that very purchase is durable.
    func buying(_ unit: String, of key: IdempotencyKey, by worker: Worker) {
        guard worker.isAlive, let order = orderCase(key.order.orderID) else { return }
        checkRead(order, by: worker)
        if order.openAttempts[unit] == nil {
            violate("2 intent", "order \(order.plan.id): unit \(unit) is bought without a durable intent")
        }
    }

    /// - Returns: to be told whether the ERP said that it has no such order.
    func finding(_ key: IdempotencyKey, by worker: Worker) -> (Bool) -> Void {
        guard let order = orderCase(key.order.orderID) else { return { _ in } }
        let askedAt = now
        return { [self] isAbsent in if isAbsent { noteAbsence(of: order, askedAt, key.text) } }
    }

    private func noteAbsence(of order: OrderCase, _ askedAt: Int64, _ key: String) {
        order.absences.append((askedAt, key))
        if world.erpFacts().contains(where: { $0.orderID == order.plan.id && $0.key == key }) { world.count(.lookUpInVain) }
    }

    func watchFind(_ sent: SentRequest, _ order: OrderCase, by worker: Worker) -> Watch {
        let askedAt = now
        var body: [UInt8]?
        let key = sent.target.split(separator: "=").last.map { $0.replacing("%3A", with: ":") } ?? ""
        return Watch(
            onDelivery: { answer in
                let response = answer()
                body = response.body
                return response
            },
            onEnd: { [self] end in
                guard case .answered(let response) = end, response.body == body, response.status == 200 else {
                    return world.count(.lookUpFailed)
                }
                if response.body.count < 20 { noteAbsence(of: order, askedAt, String(key)) }
            })
    }

    func watchPost(_ sent: SentRequest, _ order: OrderCase, by worker: Worker) -> Watch {
        let body = sent.request.body ?? []
        let key = sent.request.headers["Idempotency-Key"] ?? ""
        // The sink adds our key as the last member.
        let suffix = Array(",\"external_reference\":\"\(key)\"}".utf8)
        checkContent(body.count > suffix.count ? body.dropLast(suffix.count) + [UInt8(ascii: "}")] : [], order)
        let post = begin(key, order, by: worker)
        var delivered: [UInt8]?
        return Watch(
            onDelivery: { answer in
                let response = answer()
                delivered = response.body
                return response
            },
            onEnd: { [self] end in
                switch end {
                case .refused: post.end(.nothing, at: now)
                case .lost: post.end(.unknown, at: now)
                case .answered(let response):
                    let isReal = response.body == delivered
                    let isNothing = [401, 429].contains(response.status) || isReal && (400..<500).contains(response.status)
                    post.end(isNothing ? .nothing : isReal ? .answered : .unknown, at: now)
                }
            })
    }

    /// The intent, with these very bytes, is durable.
    private func checkContent(_ bytes: [UInt8], _ order: OrderCase) {
        guard let intent = order.openIntent else {
            return violate("2 intent", "order \(order.plan.id): a create without a durable intent")
        }
        guard let stored = order.payloads[intent.payloadDigest] else {
            return violate("2 intent", "order \(order.plan.id): the bytes of its create are not durable")
        }
        if stored != bytes { violate("2 intent", "order \(order.plan.id): a create with other bytes than were intended") }
    }

    private func begin(_ key: String, _ order: OrderCase, by worker: Worker) -> OrderCase.Post {
        checkRead(order, by: worker)
        checkPerson(order, by: worker)
        for earlier in order.posts where earlier.key == key { checkRepeat(of: earlier, order) }
        let post = OrderCase.Post(key: key, worker: worker, sentAt: now, createsOrderedBefore: order.createsOrdered)
        order.posts.append(post)
        return post
    }

    private func checkRead(_ order: OrderCase, by worker: Worker) {
        let id = order.plan.id
        guard let read = order.read(by: worker) else { return violate("5 read", "order \(id): a create without a read") }
        if now - read.beganAt > 5000, world.clockSetAt < read.beganAt {
            violate("5 read", "order \(id): a create relies on a read that is \(now - read.beganAt) ms old")
        }
        if read.payment != "account" && read.payment != "closed_success" {
            violate("5 read", "order \(id): a create although its read showed payment '\(read.payment)'")
        }
        if read.state != "confirmed", order.createsOrdered == 0 {
            violate("5 read", "order \(id): a create although its read showed state '\(read.state)'")
        }
    }

    private func checkPerson(_ order: OrderCase, by worker: Worker) {
        guard order.claimant == worker.number, order.isHeldByPerson || order.isSkipped else { return }
        violate("5 person", "order \(order.plan.id): a create although a person holds it back")
    }

    /// - Parameter earlier: a create under the same key.
    private func checkRepeat(of earlier: OrderCase.Post, _ order: OrderCase) {
        let id = order.plan.id
        if earlier.end == .nothing || schedule.letter == .key { return }
        if earlier.end == .answered, !order.receiptNumbers.isEmpty {
            return violate("1 once", "order \(id): a second create although the first was accepted")
        }
        if schedule.letter == .neither {
            if order.createsOrdered > earlier.createsOrderedBefore { return }
            return violate("3 unknown", "order \(id): a second create that nobody ordered (class N)")
        }
        guard let endedAt = earlier.endedAt(by: now) else {
            return violate("3 unknown", "order \(id): a second create while the first is under way")
        }
        let settledAt = endedAt + schedule.latestEffect
        let wasAbsent = order.absences.contains { $0.key == earlier.key && $0.at >= settledAt - Self.clockGrain }
        if wasAbsent || world.clockSetAt >= earlier.sentAt { return }
        violate("3 unknown", "order \(id): a second create, and the ERP wasn't asked once no late effect was possible")
    }

    /// Instants are whole milliseconds.
    static let clockGrain: Int64 = 1
}
