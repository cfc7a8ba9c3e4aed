import OrderFlow
import Orders
import SinkKit

/// An order of 5 and 2 pieces, pushed and confirmed, whose shipments are told of.
extension Story {
    static func despatching(_ configure: (inout FlowPolicy) -> Void = { _ in }) -> Story {
        var story = Story(k) { policy in
            policy.despatch = DocumentPolicy()
            policy.retry = OrderBackoff(initial: .seconds(5), max: .seconds(60))
            configure(&policy)
        }
        story.push()
        story.after(.milliseconds(10))
        story.read(lined)
        return story
    }

    mutating func ship(_ shipments: [KnownShipment], closed: [String] = [], isCancelled: Bool = false) {
        note(
            .shipped(
                KnownShipments(
                    ordered: [
                        LineQuantity(key: "id:1", quantity: ExactDecimal(5)),
                        LineQuantity(key: "id:2", quantity: ExactDecimal(2)),
                    ],
                    shipments: shipments, closedLines: closed, isCancelled: isCancelled)))
    }

    static func shipment(_ id: String, digest: String? = nil, _ quantities: [String: Int]) -> KnownShipment {
        KnownShipment(
            id: id, digest: digest ?? "digest of \(id)",
            lines: quantities.sorted { $0.key < $1.key }.map { LineQuantity(key: $0.key, quantity: ExactDecimal($0.value)) })
    }

    /// Makes documents, as the engine does when it is told to.
    mutating func render(_ cause: DocumentCause, _ numbers: String..., digest: String? = nil) {
        for number in numbers {
            var shipmentDigest: String?
            if case .shipment(let id) = cause { shipmentDigest = digest ?? "digest of \(id)" }
            note(
                .documentRendered(
                    DocumentRecord(
                        ordinal: progress.documents.count + 1, kind: cause.isCodes ? .codes : .desadv, number: number,
                        cause: cause,
                        digest: "bytes of \(number)", shipmentDigest: shipmentDigest)))
        }
    }

    mutating func send(_ ordinal: Int, _ end: DocumentEnd? = .sent, shown: (inout OrderReading) -> Void = Self.lined) {
        note(.documentSending(ordinal: ordinal))
        guard let end else { return }
        note(.documentEnded(ordinal: ordinal, end))
        after(.milliseconds(10))
        read(shown)
    }

    /// One shipment of everything, told of and taken.
    mutating func shipEverything() {
        ship([Self.shipment("S1", ["id:1": 5, "id:2": 2])])
        render(.shipment("S1"), "S1")
        send(1)
    }
}

extension DocumentCause {
    fileprivate var isCodes: Bool { if case .codes = self { true } else { false } }
}
