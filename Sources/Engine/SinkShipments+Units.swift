import OrderFlow
import Orders
import SinkKit

extension SinkShipments {
    /// A quantity that the ERP sent out and that can't be said exactly in the shop's unit: 7 pieces of a line sold by the dozen.
    struct InexactQuantity: Equatable {
        var shipmentID: String
        var lineKey: String
        /// In the unit that the line was sent in.
        var quantity: ExactDecimal
        /// How many of the ERP's units one of the shop's is.
        var factor: ExactDecimal
    }

    /// Says the quantities in the shop's units instead of those that the lines were sent in.
    ///
    /// - Returns: those for which that can't be done. They stand as zero, so that no sum is made of two units: their shipment can't be
    ///   told of as it is.
    mutating func convert(by factors: [LineFactor]) -> [InexactQuantity] {
        var inexact: [InexactQuantity] = []
        for shipment in shipments.indices {
            for package in shipments[shipment].packages.indices {
                for (index, line) in shipments[shipment].packages[package].lines.enumerated() {
                    guard let factor = factors.first(where: { $0.key == line.lineKey })?.factor else { continue }
                    let quotient = line.quantity.divided(by: factor)
                    if quotient == nil {
                        inexact.append(
                            InexactQuantity(
                                shipmentID: shipments[shipment].id, lineKey: line.lineKey, quantity: line.quantity, factor: factor
                            ))
                    }
                    shipments[shipment].packages[package].lines[index].quantity = quotient ?? .zero
                }
            }
        }
        return inexact
    }
}
