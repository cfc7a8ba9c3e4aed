import OrderFlow
import Orders
import SinkKit

extension SinkShipments {
    /// Says the quantities in the shop's units instead of those that the lines were sent in.
    ///
    /// - Returns: a line for which that can't be said exactly; `nil`: none.
    mutating func convert(by factors: [LineFactor]) -> String? {
        for factor in factors {
            for shipment in shipments.indices {
                for package in shipments[shipment].packages.indices {
                    let lines = shipments[shipment].packages[package].lines
                    for (index, line) in lines.enumerated() where line.lineKey == factor.key {
                        guard let quantity = line.quantity.divided(by: factor.factor) else { return line.lineKey }
                        shipments[shipment].packages[package].lines[index].quantity = quantity
                    }
                }
            }
        }
        return nil
    }
}
