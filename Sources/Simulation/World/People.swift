import Engine
import OrderFlow
import Orders
import Simulators
import SinkKit

/// What people do: buyers and clerks in the shop, and whoever looks after Crossdock.
extension World {
    func placeOrders() {
        for (index, plan) in schedule.orders.enumerated() {
            let place = { [self] in
                let order = referee.cases[index]
                let json = OrderText(plan, schedule).json
                guard shop.add(json) != nil else { return }
                order.isInShop = true
                order.payment = json["payment_status"]?.stringValue ?? ""
                order.wasEverUnpaid = order.payment != "account"
                takeNote(of: order)
            }
            if plan.confirmedAt <= 0 { place() } else { executor.after(plan.confirmedAt, place) }
        }
    }

    /// Remembers the order's fields as they stand now.
    private func takeNote(of order: OrderCase) {
        guard let json = shop.order(order.plan.id)?.objectValue else { return }
        order.foreign = ForeignField.all(in: json)
    }

    func actInShop(_ act: Disturbance.ShopAct, _ index: Int) {
        let order = referee.cases[index]
        guard order.isInShop else { return }
        let id = order.plan.id
        switch act {
        case .editNote: edit(order, "remark", ["remark": .text("note \(executor.now)")])
        case .editContent:
            order.contentEdits += 1
            edit(order, "description", ["description": .text("changed \(executor.now)")])
        case .pay:
            order.payment = "closed_success"
            edit(order, "payment_status", ["payment_status": "closed_success"])
        case .unpay:
            order.payment = "started"
            order.wasEverUnpaid = true
            edit(order, "payment_status", ["payment_status": "started"])
        case .cancel:
            order.state = "cancel"
            order.cancelledAt = executor.now
            shop.cancel(id)
        case .takeInHand:
            guard order.state == "confirmed" else { return }
            order.wasTakenInHand = true
            order.state = "processing"
            shop.edit(id, ["state": "processing"])
            takeNote(of: order)
        case .cancelInERP:
            if let fact = erpFacts().first(where: { $0.orderID == id && !$0.isCancelled }) {
                order.wasCancelledInERP = true
                cancelInERP(fact.number)
            }
        }
    }

    private func edit(_ order: OrderCase, _ field: String, _ values: KeyValuePairs<String, JSONValue>) {
        shop.edit(order.plan.id, values)
        order.edits.append(OrderCase.Edit(at: executor.now, field: field))
        takeNote(of: order)
    }

    // MARK: At Crossdock

    func actAtDesk(_ act: Disturbance.DeskAct, _ index: Int) {
        let order = referee.cases[index]
        guard order.isRecorded, plant?.client == nil else { return }
        let worker = hire(isRemote: false)
        processesRunning += 1
        Task(executorPreference: executor) { [self] in
            await decide(act, order, worker)
            worker.hasEnded = true
            processesRunning -= 1
        }
    }

    private func decide(_ act: Disturbance.DeskAct, _ order: OrderCase, _ worker: Worker) async {
        // Whoever hurries an order on past the wait after an unanswered write meets its late effect: that isn't promised.
        guard order.lastLostWriteAt.map({ $0 + Self.shopLateMax < executor.now }) ?? true else { return }
        let office = Office(self, worker)
        let desk = OrderDesk(office.flow, surroundings: office.surroundings, patience: .seconds(5))
        guard let decision = decision(act, order) else { return }
        let before = order.decisions.count { $0 == decision.name }
        do {
            if [.rerun, .createAgain, .newKey].contains(act) {
                _ = try await desk.rerun(order.key, [decision])
            } else {
                _ = try await desk.decide(decision, on: order.key)
            }
            if worker.isAlive { referee.acknowledged(decision, order, before + 1) }
        } catch {
            say("the desk refuses \(act.rawValue): \(error)")
        }
        await office.close()
    }

    /// What somebody with sense decides, having looked; `nil`: to leave it.
    private func decision(_ act: Disturbance.DeskAct, _ order: OrderCase) -> PersonDecision? {
        switch act {
        case .hold: decision(.hold)
        case .release: decision(.release)
        case .skip: decision(.skip)
        case .rerun: decision(.rerun)
        case .adopt: receiptToAdopt(order).map { decision(.adopt($0)) }
        case .createAgain: mayCreateAgain(order) ? decision(.createAgain) : nil
        case .newKey: mayReplace(order) ? decision(.newKey) : nil
        }
    }

    /// Whoever asks the receiver knows whether a document arrived.
    func askReceiver(_ index: Int, releases: Bool) {
        let order = referee.cases[index]
        let doubtful = order.documents.first { document in
            if case .unknown? = document.end { !document.isOnItsWay } else { false }
        }
        guard let doubtful, plant?.client == nil else { return }
        let isThere = shop.deliveries.contains { $0.number == doubtful.record.number }
        guard isThere == releases else { return }
        let worker = hire(isRemote: false)
        processesRunning += 1
        Task(executorPreference: executor) { [self] in
            let office = Office(self, worker)
            let desk = OrderDesk(office.flow, surroundings: office.surroundings, patience: .seconds(5))
            do {
                if releases {
                    _ = try await desk.decide(decision(.release), on: order.key)
                } else {
                    _ = try await desk.rerun(order.key, [decision(.resend(ordinal: doubtful.record.ordinal))])
                }
            } catch { say("the desk refuses: \(error)") }
            await office.close()
            worker.hasEnded = true
            processesRunning -= 1
        }
    }

    private func mayReplace(_ order: OrderCase) -> Bool {
        let made = erpFacts().filter { $0.orderID == order.plan.id }
        return !made.isEmpty && made.allSatisfy(\.isCancelled) && isSettled(order)
    }

    private func decision(_ kind: PersonDecision.Kind) -> PersonDecision {
        PersonDecision(kind: kind, by: "ops", reason: "because")
    }

    /// What somebody who looks in the ERP finds.
    private func receiptToAdopt(_ order: OrderCase) -> SinkReceipt? {
        guard isSettled(order), let fact = erpFacts().first(where: { $0.orderID == order.plan.id && !$0.isCancelled }) else {
            return nil
        }
        return SinkReceipt(
            erpOrderNumber: fact.number,
            lines: fact.lineNumbers.sorted { $0.key < $1.key }.map {
                SinkReceiptLine(lineKey: "id:\($0.key)", erpLineNumber: $0.value)
            })
    }

    /// Somebody with sense orders another create only when the ERP certainly hasn't got the order and won't get it.
    private func mayCreateAgain(_ order: OrderCase) -> Bool {
        isSettled(order) && !erpFacts().contains { $0.orderID == order.plan.id }
    }

    private func isSettled(_ order: OrderCase) -> Bool {
        order.posts.allSatisfy { post in post.endedAt.map { $0 + schedule.latestEffect < executor.now } ?? false }
    }
}
