package import CloudSuite
package import Mapping
package import OrderFlow
package import Orders
package import SinkKit

/// How a flow's orders are made ready for its sink: by the mapping tables, and by what the sink requires.
package struct Preparation: Sendable {
    /// `nil`: lines and customer go as the shop has them.
    package let tables: MappingTables?
    package let requiredFields: [String]
    /// Names all that an order is made ready with, in hexadecimal: an order that lacked something is worth another look
    /// once it is another one.
    package let digest: String

    package init(tables: MappingTables?, requiredFields: [String], parties: PartyDirectory) {
        self.tables = tables
        self.requiredFields = requiredFields
        var writer = FingerprintWriter()
        writer.add(Self.rules)
        writer.add(requiredFields)
        digest = ContentDigest.sha256(writer.bytes + (tables?.fingerprint ?? []) + parties.fingerprint)
    }

    /// Another one wherever the same tables make something else of an order.
    private static let rules = "1"

    /// The order as the sink gets it, with what it lacks.
    package struct Prepared: Sendable {
        package var order: SinkOrder
        /// `nil` where there are no tables.
        package var mapped: MappedOrder?
        package var faults: [SinkFault]
        package var factors: [LineFactor]
        /// Every fault is one that a person may release the order from.
        package var isQuestion: Bool
    }

    /// The lines that would be sent in another unit than the shop's.
    package func factors(of order: Order) -> [LineFactor] {
        tables.map { Self.factors(OrderMapper($0).map(order, OrderMapper.Parties())) } ?? []
    }

    private static func factors(_ mapped: MappedOrder) -> [LineFactor] {
        mapped.lines.compactMap { line in line.factor.map { LineFactor(key: line.line.key, factor: $0) } }
    }

    /// - Parameter isReleased: whether a person let the order go without the entries that it would be asked for.
    package func prepare(
        _ order: Order, key: IdempotencyKey, _ parties: OrderMapper.Parties, isReleased: Bool
    ) -> Prepared {
        let mapped = tables.map { OrderMapper($0).map(order, parties, isReleased: isReleased) }
        let sinkOrder = SinkOrder(
            key: key, order: order, customer: parties.customer, shipmentAddress: parties.shipmentAddress,
            invoiceAddress: parties.invoiceAddress, customerCode: mapped?.customer?.erp, items: mapped?.items ?? [:])
        let required = requiredFields.filter { !sinkOrder.hasValue(at: $0) }.map { path in
            SinkFault(path: path, message: "the sink requires it, and neither the order, the shop nor the table has it")
        }
        let missing = mapped?.faults ?? []
        return Prepared(
            order: sinkOrder, mapped: mapped, faults: required + missing.map(\.fault), factors: mapped.map(Self.factors) ?? [],
            isQuestion: required.isEmpty && !missing.isEmpty && missing.allSatisfy(\.isQuestion))
    }
}
