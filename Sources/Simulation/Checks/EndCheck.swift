import Ledger
import OrderFlow
import Orders
import Simulators

/// What must be so once the faults are gone and a few quiet runs were made.
extension World {
    func checkTheEnd() async {
        let facts = erpFacts()
        for order in referee.cases {
            let live = facts.filter { $0.orderID == order.plan.id && !$0.isCancelled }
            // An ERP that says that it refused what it has is believed, and so is whoever then changes it or orders another create.
            if live.count > 1, !(order.wasRefusalMadeUp && !(order.decisions.isEmpty && order.edits.isEmpty)) {
                referee.violate(
                    "1 once",
                    "order \(order.plan.id) has \(live.count) live ERP orders: \(live.map(\.number).joined(separator: ", "))")
            }
            let row = (try? await disk.row(order.key)) ?? nil
            digest(order, row, live)
            guard order.isInShop, order.plan.flavour != .offline, order.plan.flavour != .otherWebshop else {
                // What a shop that ignores the list's filter calls confirmed, nobody can tell from an order of its own.
                let isHidden = order.plan.flavour == .offline && schedule.offline?.isFilterIgnored == true
                if !live.isEmpty, !isHidden {
                    referee.violate("5 gate", "order \(order.plan.id) isn't this flow's, and the ERP has it")
                }
                checkOffline(order, row)
                continue
            }
            // The flow is refused as soon as that is noticed, and its orders are left where they are then.
            if schedule.offline?.isFilterIgnored ?? false { continue }
            EndCheck(order: order, live: live, schedule: schedule, referee: referee).check(row, shop.order(order.plan.id))
        }
        await referee.checkMessagesAtTheEnd()
        // Of every fourth: it takes as long as a fiftieth of a schedule.
        if schedule.seed.isMultiple(of: 4) { await referee.checkJournals() }
    }

    /// An order that was placed elsewhere, in a flow that marks such orders.
    private func checkOffline(_ order: OrderCase, _ row: OrderRow?) {
        guard let plan = schedule.offline, !plan.isFilterIgnored, order.plan.flavour == .offline, order.plan.state != "confirmed"
        else { return }
        let isCancelled = order.cancelledAt != nil
        guard let row else {
            if !isCancelled { referee.violate("9 rows", "order \(order.plan.id), an offline one, has no row") }
            return
        }
        let isRight =
            switch row.state.reason {
            case .finished: shop.order(order.plan.id)?["shipment_state"]?.stringValue == "sent"
            case .cancelledBeforePush: isCancelled
            case .heldByPerson: order.isHeldByPerson
            case .skippedByPerson: order.isSkipped
            case .retriesExhausted: order.failures >= 12
            // An answer that says it was taken though it wasn't.
            case .writeWithoutEffect:
                schedule.disturbances.contains { if case .wire(.patch, _, _) = $0 { true } else { false } }
            default: false
            }
        if !isRight {
            referee.violate(
                "liveness", "order \(order.plan.id), an offline one, ends as \(row.state.reason.rawValue): \(row.state.sentence)")
        }
    }

    private func digest(_ order: OrderCase, _ row: OrderRow?, _ live: [ERPFact]) {
        note(Int64(order.plan.id), Int64(live.count), Int64(order.posts.count))
        note(Array((row?.state.reason.rawValue ?? "-").utf8))
        if let bytes = shop.orderBytes(order.plan.id) { note(bytes) }
        say("order \(order.plan.id) ends as \(row?.state.reason.rawValue ?? "-"): \(row?.state.sentence ?? "no row")")
    }
}

/// The end of one order.
private struct EndCheck {
    let order: OrderCase
    let live: [World.ERPFact]
    let schedule: Schedule
    let referee: Referee

    func check(_ row: OrderRow?, _ shown: JSONValue?) {
        guard let row else {
            if order.isRecorded || referee.isListable(order) { fail("9 rows", "has no row") }
            return
        }
        if row.state.sentence.isEmpty { fail("9 reason", "stands at \(row.state.reason.rawValue) without a reason in words") }
        if row.state.sentence.contains(World.secretMarker) { fail("12 secrets", "has personal data in its reason") }
        checkShop(shown)
        checkLines()
        if let why = objection(to: row.state) {
            fail(
                "liveness", "ends as \(row.state.standing.rawValue) \(row.state.reason.rawValue): \(why) (\(row.state.sentence))")
        }
        if row.state.reason == .finished, live.count == 1 || !order.wasRefusalMadeUp { checkFinished(row.state, shown) }
        if schedule.cancelling != nil, row.state.reason == .finished, shown?["state"]?.stringValue == "cancel" {
            fail("liveness", "is cancelled in the shop, and the ERP wasn't asked to cancel it")
        }
        referee.checkMessages(order, row)
    }

    private func fail(_ rule: String, _ text: String) { referee.violate(rule, "order \(order.plan.id) \(text)") }

    /// Why an order can't rightly end like that; `nil` where it can.
    private func objection(to state: RowState) -> String? {
        let reason = state.reason
        let wasPaid = order.payment == "account" || order.payment == "closed_success"
        switch reason {
        case .finished:
            if order.plan.flavour == .malformed || order.plan.flavour == .wrongTotal && !order.wasReleased {
                return "its data isn't fit to be pushed"
            }
            return live.count == 1 || wasCancelledInERP || order.wasRefusalMadeUp && live.count > 1
                ? nil : "the ERP has \(live.count) live orders of it"
        case .paymentStarted:
            // A cancelled one is listed no more, so nobody hears that it was paid.
            if wasPaid, order.cancelledAt == nil { return "it is paid" }
            // The last of its calls may have made it whole, unanswered: enough that the order says what went.
            let isTold = hasPart && state.sentence.contains("to the ERP before: ")
            // It is told as the draft that a look-up showed; a process that was stopped past its lease may have confirmed it since.
            if let draft = order.draftNumber, state.sentence.contains("as draft \(draft)") { return nil }
            return order.wasRefusalMadeUp || isTold || live.allSatisfy(\.isDraft) ? nil : "the ERP has it"
        case .skippedByPerson: return order.isSkipped ? nil : "nobody skipped it"
        case .heldByPerson: return order.isHeldByPerson ? nil : "nobody holds it"
        case .cancelledBeforePush:
            return order.cancelledAt == nil
                ? "nobody cancelled it" : order.wasRefusalMadeUp ? nil : live.isEmpty && !hasPart ? nil : "the ERP has it"
        case .cancelledAfterPush:
            if order.cancelledAt == nil { return "nobody cancelled it" }
            guard let plan = schedule.cancelling, !plan.isRefused, schedule.messages == nil, !order.wasAdopted else { return nil }
            return "the ERP would have cancelled it"
        case .cancelledEverywhere:
            if order.cancelledAt == nil { return "nobody cancelled it" }
            return live.isEmpty || order.createsOrdered > 0 || order.wasRefusalMadeUp ? nil : "the ERP still has it"
        case .changedAfterPush, .editedMeanwhile: return order.edits.isEmpty ? "nobody edited it" : nil
        case .outcomeUnknown:
            if schedule.letter == .lookUp { return "this ERP can be asked" }
            if order.told.contains(.accepted), order.decisions.isEmpty, !order.isUnnamed(schedule) {
                return "the ERP said that it has it"
            }
            return order.wasIntended ? nil : "no create of it was ever intended"
        case .partlyPushed:
            // What was begun and not answered may be there for all that anybody knows.
            // What was seen as a draft may have been cancelled there since, or confirmed by a process that was stopped past its lease.
            let wasDraft = live.contains(where: \.isDraft) || order.draftNumber != nil
            let isPartial = hasPart || wasDraft || !order.openAttempts.isEmpty
            return isPartial && (order.cancelledAt != nil || order.contentEdits > 0)
                ? nil : "nothing of it is there, or it didn't change"
        case .keyConflict: return order.edits.isEmpty ? "its content never changed" : nil
        case .answersContradict where wasCancelledInERP && schedule.cancelling?.isRefused == true:
            // It cancels by itself, and then refuses to cancel.
            return nil
        case .answersContradict, .acceptedAfterRefusal: return order.wasRefusalMadeUp ? nil : "nothing contradicts anything"
        case .acceptedAfterSkip: return order.isSkipped ? nil : "nobody skipped it"
        case .rejected:
            if order.wasRefusalMadeUp, !order.told.contains(.accepted) || !order.decisions.isEmpty || order.isUnnamed(schedule) {
                return nil
            }
            return order.plan.flavour == .badProduct ? nil : "the ERP has no reason to refuse it"
        case .malformed: return order.plan.flavour == .malformed ? nil : "its data is good"
        case .totalMismatch: return order.plan.flavour == .wrongTotal ? nil : "its total is right"
        case .retriesExhausted: return order.failures >= 12 ? nil : "it failed \(order.failures) times only"
        case .cancelledInERP, .numberConflict, .lineNumberConflict:
            return wasCancelledInERP ? nil : "nobody cancelled the ERP's order"
        case .awaitingShipment:
            let isComplete = live.first.map { referee.world.direct.allShipments($0.number, at: referee.now).isComplete } ?? true
            return isComplete ? "everything has left" : nil
        case .documentUnknown: return wasDoubted ? nil : "everybody knows of its documents"
        // Somebody let it go on although the shop doesn't show the ERP's numbers.
        case .documentRefused: return order.wasReleased ? nil : "its documents are good"
        case .documentImpossible: return order.plan.flavour == .awkwardNumbers ? nil : "its documents can be made"
        case .processedElsewhere: return wasCancelledInERP || order.wasTakenInHand ? nil : "nobody else handled it"
        default: return "that is no end"
        }
    }

    /// Whether nobody can know of one of its documents whether it arrived.
    private var wasDoubted: Bool {
        order.wasAdopted || order.createsOrdered > 0 || wasCancelledInERP || order.wasRefusalMadeUp
            || order.documents.contains(where: \.isDoubtful)
    }

    private var hasPart: Bool { referee.world.direct.hasPart(of: Int64(order.plan.id)) }

    private var wasCancelledInERP: Bool { order.wasCancelledInERP }

    /// Every field that isn't Crossdock's is byte for byte what shop and person made it.
    private func checkShop(_ shown: JSONValue?) {
        guard let shown = shown?.objectValue else { return fail("6 fields", "is gone from the shop") }
        for field in ForeignField.all(in: shown) where !order.foreign.contains(field) {
            fail("6 fields", "shows \(field.path) as \(String(decoding: field.bytes, as: UTF8.self))")
        }
        let state = shown["state"]?.stringValue
        if let number = shown["erp_order_number"]?.stringValue, !order.receiptNumbers.contains(number) {
            fail("4 receipt", "shows ERP number \(number), which no receipt has")
        }
        if state == "processing", order.receiptNumbers.isEmpty, !order.wasTakenInHand {
            fail("4 receipt", "is marked without a receipt")
        }
    }

    /// The ERP has every sold line, with the shop's own decimals.
    private func checkLines() {
        let wanted = OrderText(order.plan, schedule).json["order_lines"]?.arrayValue?.filter { $0["type"]?.stringValue == "line" }
        for fact in live {
            let made = fact.document["lines"]?.arrayValue ?? []
            guard made.count == wanted?.count else {
                fail("9 lines", "has \(made.count) lines in the ERP and \(wanted?.count ?? 0) in the shop")
                continue
            }
            for (line, original) in zip(made, wanted ?? []) {
                for name in ["quantity", "unit_price"] where decimal(line[name]) != decimal(original[name]) {
                    fail(
                        "11 decimals",
                        "has \(name) \(line[name]?.compactText ?? "-") in the ERP, \(original[name]?.compactText ?? "-") in the shop"
                    )
                }
                if line["product"]?.stringValue != original["product"]?["key"]?.stringValue {
                    fail("9 lines", "has another product in the ERP")
                }
            }
            checkCustomer(fact)
        }
    }

    private func checkCustomer(_ fact: World.ERPFact) {
        let code = order.plan.flavour == .lookedUpParties ? "DEB\(2001 + order.plan.id % 300)" : "DEB"
        if fact.document["customer"]?["code"]?.stringValue != code { fail("9 lines", "went to the ERP for another customer") }
    }

    private func decimal(_ value: JSONValue?) -> ExactDecimal? {
        switch value {
        case .number(let number)?: try? ExactDecimal(number.spelling)
        case .string(let string)?: try? ExactDecimal(string.value)
        default: nil
        }
    }

    private func checkFinished(_ row: RowState, _ shown: JSONValue?) {
        guard let fact = live.first else { return }
        // Whoever adopts a draft confirms it, and whoever took the order in hand in the shop is told to.
        let isTold = order.wasTakenInHand && row.sentence.contains("is a draft in the ERP")
        if fact.isDraft, !order.wasAdopted, !isTold {
            fail("liveness", "is finished, and the ERP has a draft that it won't deliver")
        }
        if shown?["erp_order_number"]?.stringValue != fact.number {
            fail("liveness", "is finished and doesn't show its number \(fact.number)")
        }
        let state = shown?["state"]?.stringValue
        if state == "confirmed" { fail("liveness", "is finished and still 'confirmed'") }
        let isClosed = schedule.close != .auto || shown?["shipment_state"]?.stringValue == "sent"
        // A clock set forward cuts the wait after an unanswered write short, so that its late effect may undo the close.
        let wasCut = order.lastLostWriteAt.map { referee.world.clockSetAt >= $0 } ?? false
        if !isClosed, !wasCut, !order.wasHurried { fail("liveness", "is finished and not marked as sent") }
        for line in shown?["order_lines"]?.arrayValue ?? [] {
            guard let id = line["id"]?.integerValue, let number = fact.lineNumbers[id], !order.wasAdopted else { continue }
            if line["erp_line_number"]?.integerValue != number {
                fail("liveness", "is finished and line \(id) has another number")
            }
        }
    }
}

extension World {
    /// Stands in every order's personal data and may stand nowhere else.
    static let secretMarker = "Geheim van Dijk"
}
