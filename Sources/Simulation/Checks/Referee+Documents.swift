import Documents
import OrderFlow
import Orders
import Simulators
import SinkKit
import Transport

/// What must hold whenever a document goes out.
extension Referee {
    func rendered(_ record: DocumentRecord, _ order: OrderCase) {
        if let index = order.documents.firstIndex(where: { $0.record.ordinal == record.ordinal }) {
            if order.documents[index].posts.contains(where: { $0.end != .nothing }) {
                violate("8 number", "order \(order.plan.id): document \(record.number) is made anew although it may have arrived")
            }
            order.documents.remove(at: index)
        }
        for other in cases.flatMap(\.documents) where other.record.number == record.number {
            violate("8 number", "order \(order.plan.id): document number \(record.number) is used a second time")
        }
        order.documents.append(DocumentCase(record))
    }

    func watchDocument(_ sent: SentRequest, by worker: Worker) -> Watch {
        let body = sent.request.body ?? []
        guard let (order, document) = document(with: body) else {
            violate("2 intent", "a document whose bytes are not durable was sent")
            return .none
        }
        checkSending(document, order, by: worker)
        if sent.effect == .desadv { checkConfirmed(order) }
        let post = DocumentCase.Post(worker: worker, resendsOrderedBefore: document.resendsOrdered)
        document.posts.append(post)
        var delivered: [UInt8]?
        return Watch(
            onDelivery: { answer in
                let response = answer()
                delivered = response.body
                return response
            },
            onEnd: { end in
                post.end(Self.postEnd(end, delivered), claimant: order.claimant)
            })
    }

    /// - Parameter delivered: the shop's own answer; another one came from somewhere on the way.
    private static func postEnd(_ end: Watch.End, _ delivered: [UInt8]?) -> DocumentCase.Post.End {
        switch end {
        case .refused: return .nothing
        case .lost: return .unknown
        case .answered(let response):
            if [401, 403, 429].contains(response.status) { return .nothing }
            guard response.body == delivered else { return .unknown }
            // The shop's words for a number that it has already.
            return (200..<300).contains(response.status) || response.status == 409 ? .taken : .refused
        }
    }

    private func document(with bytes: [UInt8]) -> (OrderCase, DocumentCase)? {
        for order in cases {
            for document in order.documents where order.payloads[document.record.digest] == bytes { return (order, document) }
        }
        return nil
    }

    private func checkSending(_ document: DocumentCase, _ order: OrderCase, by worker: Worker) {
        let name = "order \(order.plan.id): document \(document.record.number)"
        if !document.isOnItsWay { violate("2 intent", "\(name) was sent without a durable try") }
        if order.receiptNumbers.isEmpty { violate("4 receipt", "\(name) was sent before the ERP's acceptance was durable") }
        if order.read(by: worker)?.state == "cancel" {
            violate("5 cancelled", "\(name) was sent although a read showed it cancelled")
        }
        if order.claimant == worker.number, order.isHeldByPerson || order.isSkipped {
            violate("5 person", "\(name) was sent although a person holds the order back")
        }
        for earlier in document.posts where earlier.end != .nothing {
            if document.resendsOrdered > earlier.resendsOrderedBefore { continue }
            if schedule.despatch?.onUnknown == .resend, earlier.end == .unknown || earlier.end == nil || !isKnown(document) {
                continue
            }
            violate("8 twice", "\(name) was sent a second time, which nobody ordered")
        }
    }

    /// Whether the ledger has it that the document arrived.
    private func isKnown(_ document: DocumentCase) -> Bool { document.end == .sent || document.end == .acknowledged }

    /// The shop can only book what it knows the ERP's numbers of (CloudSuite, "Delivery (DESADV) - XML").
    private func checkConfirmed(_ order: OrderCase) {
        guard order.createsOrdered == 0, !order.wasAdopted, !order.wasReleased,
            let shown = world.shop.order(order.plan.id)?.objectValue
        else {
            return
        }
        let lines = (shown["order_lines"]?.arrayValue ?? []).filter { $0["type"]?.stringValue == "line" }
        let isConfirmed =
            shown["erp_order_number"]?.stringValue != nil
            && lines.allSatisfy { $0["erp_line_number"]?.integerValue != nil }
        if !isConfirmed {
            violate("8 order", "order \(order.plan.id): a delivery is told of before the shop shows the ERP's numbers")
        }
    }

    /// A write that ends the order in the shop.
    func checkClose(_ body: JSONObject, _ order: OrderCase) {
        guard schedule.despatch != nil, let number = order.receiptNumbers.last else { return }
        guard body["shipment_state"]?.stringValue == "sent" || body["state"]?.stringValue == "done" else { return }
        let (shipments, isComplete) = world.direct.allShipments(number, at: now)
        let id = order.plan.id
        if !isComplete { return violate("8 close", "order \(id): closed before its last shipment left") }
        for shipment in shipments {
            let documents = order.documents.filter { $0.record.cause == .shipment(shipment.id) }
            let areTaken = !documents.isEmpty && documents.allSatisfy(\.wasTaken)
            if !areTaken, !order.wasReleased {
                violate("8 close", "order \(id): closed although shipment \(shipment.id) wasn't told of")
            }
        }
    }
}
