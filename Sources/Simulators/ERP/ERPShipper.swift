internal import Orders

/// Sends orders out by itself: a pure function of seed and order, so that the same orders leave in the same parts at the same times.
///
/// Not to be mixed with shipments by hand on the same order.
package struct ERPShipper: Sendable {
    /// Each shipment leaves so long after the one before it, the first after the order was made.
    package var pauseMilliseconds: ClosedRange<Int>
    /// At most so many shipments an order.
    package var shipmentsMax: Int
    /// One order in so many is never delivered in full: what is left after the last shipment is closed. 0: none.
    package var closesShortOneIn: Int

    package init(pauseMilliseconds: ClosedRange<Int> = 0...0, shipmentsMax: Int = 3, closesShortOneIn: Int = 8) {
        self.pauseMilliseconds = pauseMilliseconds
        self.shipmentsMax = max(1, shipmentsMax)
        self.closesShortOneIn = closesShortOneIn
    }

    struct Plan {
        var shipments: [(dueUnixMicroseconds: Int64, shipment: ERPShipment)] = []
        /// Whether what is left after the last of them is closed.
        var closesRest = false
    }

    /// All of an order's shipments from beginning to end.
    func plan(for order: ERPOrder, position: Int, seed: UInt64) -> Plan {
        var random = SeededRandom(seed: seed ^ 0x5348_4950, number: position)
        var plan = Plan()
        var planned = order
        (planned.shipments, planned.closedLineNumbers) = ([], [])
        let count = 1 + random.below(shipmentsMax)
        plan.closesRest = closesShortOneIn > 0 && random.below(closesShortOneIn) == 0
        var due = order.createdUnixMicroseconds
        for index in 0..<count {
            let pause = pauseMilliseconds.lowerBound + random.below(pauseMilliseconds.count)
            due += Int64(pause) * 1000
            let isLast = index == count - 1 && !plan.closesRest
            let contents = planned.openLines.compactMap { isLast ? $0 : part(of: $0, &random) }
            guard !contents.isEmpty else { continue }
            let shipment = ERPShipment(
                id: "\(order.number)-\(plan.shipments.count + 1)", shippedAt: ERPSurface.instant(due), carrier: "Parcel Co",
                packages: packages(contents, number: "\(order.number)-\(plan.shipments.count + 1)", &random))
            plan.shipments.append((due, shipment))
            planned.shipments.append(shipment)
        }
        return plan
    }

    /// A whole number of it, at least 1 and at most all; `nil`: nothing this time.
    private func part(of line: ERPShipment.Content, _ random: inout SeededRandom) -> ERPShipment.Content? {
        if random.below(3) == 0 { return nil }
        let most = Int(line.quantity.spelling.prefix { $0 != "." }) ?? 1
        let quantity = ExactDecimal(1 + random.below(max(1, min(most, 1000))))
        return quantity < line.quantity ? ERPShipment.Content(lineNumber: line.lineNumber, quantity: quantity) : line
    }

    /// One package, or each line in one of its own, with tracking codes or without.
    private func packages(_ contents: [ERPShipment.Content], number: String, _ random: inout SeededRandom) -> [ERPShipment
        .Package]
    {
        let isSplit = contents.count > 1 && random.below(3) == 0
        let isTracked = random.below(4) != 0
        return (isSplit ? contents.map { [$0] } : [contents]).enumerated().map { index, contents in
            ERPShipment.Package(trackingCode: isTracked ? "T\(number)-\(index + 1)" : nil, contents: contents)
        }
    }
}
