import Orders
import Transport

/// Follows one request from its sending to its end.
final class Watch: @unchecked Sendable {
    enum End { case answered(HTTPResponse), refused, lost }

    private let onDelivery: (() -> HTTPResponse) -> HTTPResponse
    private let onEnd: (End) -> Void

    init(onDelivery: @escaping (() -> HTTPResponse) -> HTTPResponse, onEnd: @escaping (End) -> Void) {
        self.onDelivery = onDelivery
        self.onEnd = onEnd
    }

    func delivered(_ answer: () -> HTTPResponse) -> HTTPResponse { onDelivery(answer) }
    func ended(_ end: End) { onEnd(end) }

    static let none = Watch(onDelivery: { $0() }, onEnd: { _ in })
}

extension Referee {
    func sending(_ sent: SentRequest, by worker: Worker) -> Watch {
        checkCredentials(sent)
        checkCircuit(sent, by: worker)
        switch sent.effect {
        case .readOrder: return orderCase(sent.orderID).map { watchRead($0, by: worker) } ?? .none
        case .patch, .put: return orderCase(sent.orderID).map { watchWrite(sent, $0, by: worker) } ?? .none
        case .list: return watchList(by: worker)
        case .create: return orderCase(sent.orderID).map { watchPost(sent, $0, by: worker) } ?? .none
        case .confirm, .desadv, .tellBuyer: return watchDocument(sent, by: worker)
        case .find: return orderCase(sent.orderID).map { watchFind(sent, $0, by: worker) } ?? .none
        default: return .none
        }
    }

    private func checkCredentials(_ sent: SentRequest) {
        let isKnown = [World.shopHost, World.loginHost, World.erpHost].contains(sent.host)
        if !isKnown { violate("13 origin", "a request went to \(sent.host)") }
        if sent.request.headers.contains("Authorization"), sent.host != World.shopHost {
            violate("13 origin", "the shop's token went to \(sent.host)")
        }
        if sent.request.headers.contains("X-Api-Key"), sent.host != World.erpHost {
            violate("13 origin", "the ERP's key went to \(sent.host)")
        }
    }

    private func watchRead(_ order: OrderCase, by worker: Worker) -> Watch {
        let beganAt = now
        var seen: (read: OrderCase.Read, body: [UInt8])?
        return Watch(
            onDelivery: { answer in
                let response = answer()
                if response.status == 200 { seen = (order.snapshot(beganAt: beganAt), response.body) }
                return response
            },
            onEnd: { [self] end in
                if case .answered(let response) = end, let seen, response.body == seen.body {
                    order.setRead(seen.read, by: worker)
                } else if var last = order.read(by: worker) {
                    last.wasOutage = end.isOutage
                    order.setRead(last, by: worker)
                } else {
                    order.setRead(
                        OrderCase.Read(beganAt: .min / 2, payment: "", state: "", wasOutage: end.isOutage), by: worker)
                }
                _ = self
            })
    }

    private func watchList(by worker: Worker) -> Watch {
        var body: [UInt8]?
        return Watch(
            onDelivery: { answer in
                let response = answer()
                body = response.body
                return response
            },
            onEnd: { [self] end in
                guard case .answered(let response) = end, response.body == body,
                    let results = (try? JSONValue(parsing: response.body))?["results"]?.arrayValue
                else { return }
                for result in results where result["state"]?.stringValue == "confirmed" {
                    if let id = result["id"]?.integerValue { walks[worker.number]?.listed.append(id) }
                }
            })
    }

    // MARK: Writes

    private func watchWrite(_ sent: SentRequest, _ order: OrderCase, by worker: Worker) -> Watch {
        let id = order.plan.id
        let sentAt = now
        guard let body = (try? JSONValue(parsing: sent.request.body ?? []))?.objectValue else {
            violate("6 fields", "order \(id): a write that isn't an object")
            return .none
        }
        checkWrite(body, sent.effect, order, by: worker)
        let relyingOn = order.read(by: worker)?.beganAt ?? .min
        var answered: (read: OrderCase.Read, body: [UInt8])?
        return Watch(
            onDelivery: { [self] answer in
                let response = answer()
                guard (200..<300).contains(response.status) else { return response }
                applied(body, sent.effect, order, relyingOn: relyingOn)
                answered = (order.snapshot(beganAt: sentAt), response.body)
                return response
            },
            onEnd: { [self] end in
                if case .lost = end { order.lastLostWriteAt = now }
                // What a PUT was sent is the whole order, and so is an answer that repeats what was sent.
                let isWhole = schedule.answersWritesWith == .full || schedule.answersWritesWith == .partial && sent.effect == .put
                guard isWhole, case .answered(let response) = end, let answered,
                    response.body == answered.body
                else { return }
                order.setRead(answered.read, by: worker)
            })
    }

    private func checkWrite(_ body: JSONObject, _ effect: Effect, _ order: OrderCase, by worker: Worker) {
        let id = order.plan.id
        let isOffline = schedule.offline != nil && order.plan.flavour == .offline
        let isMark = effect == .patch && body.members.count == 1 && body["shipment_state"]?.stringValue == "sent"
        if order.receiptNumbers.isEmpty, !(isOffline && isMark) {
            violate("4 receipt", "order \(id): a write to the shop before the ERP's acceptance was durable")
        }
        guard let read = order.read(by: worker) else { return violate("7 read", "order \(id): written without a read") }
        if read.state == "cancel" { violate("5 cancelled", "order \(id): written although a read showed it cancelled") }
        if now - read.beganAt > Self.writeAgeMax, world.clockSetAt < read.beganAt {
            violate("7 read", "order \(id): a write relies on a read that is \(now - read.beganAt) ms old")
        }
        if body["state"]?.stringValue == "confirmed" { violate("6 confirmed", "order \(id): written back as 'confirmed'") }
        if let number = body["erp_order_number"]?.stringValue, !order.receiptNumbers.contains(number) {
            violate("4 receipt", "order \(id): number \(number) is in no durable receipt")
        }
        checkClose(body, order)
        guard effect == .patch else { return }
        for member in body.members where !["state", "erp_order_number", "shipment_state"].contains(member.name.value) {
            violate("6 fields", "order \(id): a PATCH carries '\(member.name.value)'")
        }
    }

    /// Five seconds until the decision, and whatever the endpoint then spends on the way.
    static let writeAgeMax: Int64 = 5000

    private func applied(_ body: JSONObject, _ effect: Effect, _ order: OrderCase, relyingOn readBegan: Int64) {
        if let state = body["state"]?.stringValue, state != order.state {
            if order.state == "cancel" {
                if order.cancelledAt ?? .max <= readBegan {
                    violate("7 edits", "order \(order.plan.id): a cancellation that was to be seen was overwritten")
                } else {
                    world.countWindowOverwrite()
                }
            }
            order.state = state
        }
        guard effect == .put else { return }
        // Of a payment broken off within the one round trip, the PUT makes what it was before.
        if let payment = body["payment_status"]?.stringValue { order.payment = payment }
        let sent = ForeignField.all(in: body)
        for field in sent where !order.foreign.contains(field) {
            let edit = order.edits.last { field.path == $0.field || field.path.hasPrefix($0.field) }
            if let edit, edit.at > readBegan {
                world.countWindowOverwrite()
            } else {
                violate(
                    "6 fields",
                    "order \(order.plan.id): a PUT changed '\(field.path)' to \(String(decoding: field.bytes, as: UTF8.self))")
            }
        }
        for field in order.foreign where !sent.contains(where: { $0.path == field.path }) {
            violate("6 fields", "order \(order.plan.id): a PUT left out '\(field.path)'")
        }
        order.foreign = sent
    }
}

extension Watch.End {
    /// The remote was out of reach, or said that it is down.
    var isOutage: Bool {
        switch self {
        case .refused, .lost: true
        case .answered(let response): [502, 503, 504].contains(response.status)
        }
    }
}
