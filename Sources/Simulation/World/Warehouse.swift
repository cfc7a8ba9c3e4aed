import Documents
import Orders
import SinkKit

/// Sends out what the ERP has orders of, by a plan: the same order always goes out in the same shipments.
struct Warehouse {
    let plan: DespatchPlan
    let startsAt: Timestamp

    /// What has left by then.
    ///
    /// - Parameter order: made by the ERP at `madeAt`, in milliseconds of the schedule's time, as `number`.
    func shipments(of order: Order, number: String, madeAt: Int64, at now: Int64) -> SinkShipments {
        let (sent, givenUp) = lines(of: order)
        let count = parts(sent)
        var told = SinkShipments()
        for part in 0..<count {
            let leftAt = madeAt + plan.partDelay * Int64(part + 1)
            guard leftAt <= now else { return told }
            let lines = part == count - 1 ? Array(sent[part...]) : [sent[part]]
            told.shipments.append(shipment("S\(number)-\(part + 1)", lines, leftAt: leftAt))
        }
        told.closedLines = givenUp.map(\.key)
        return told
    }

    private func lines(of order: Order) -> (sent: [OrderLine], givenUp: [OrderLine]) {
        let lines = order.pushedLines
        guard plan.closesLastLine, lines.count > 1 else { return (lines, []) }
        return (Array(lines.dropLast()), Array(lines.suffix(1)))
    }

    private func parts(_ sent: [OrderLine]) -> Int { max(1, min(plan.partsMax, sent.count)) }

    private func shipment(_ id: String, _ lines: [OrderLine], leftAt: Int64) -> SinkShipment {
        let contents = lines.map { SinkShippedLine(lineKey: $0.key, quantity: $0.quantity) }
        let packages =
            plan.splitsPackages
            ? contents.enumerated().map { SinkPackage(trackingCode: "T\(id)-\($0 + 1)", lines: [$1]) }
            : [SinkPackage(trackingCode: "T\(id)", lines: contents)]
        // Every instant of a schedule lies within the years that documents know.
        let time = ZonedTime(startsAt + .milliseconds(leftAt), offsetMinutes: 0)?.iso ?? ""
        return SinkShipment(id: id, shippedAt: time, carrier: "DHL", packages: packages)
    }

    /// When everything has left.
    func completeAt(_ order: Order, madeAt: Int64) -> Int64 {
        madeAt + plan.partDelay * Int64(parts(lines(of: order).sent))
    }
}
