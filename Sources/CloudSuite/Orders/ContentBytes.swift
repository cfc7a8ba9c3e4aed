import Orders

/// What the ERP is told of an order, as bytes to be digested: the same as long as that is the same, in values.
///
/// Payment and state are judged apart and aren't in it, nor is `confirm_date`, which goes with the state. Amounts count by their
/// value: a shop that answers `12.5000` to `12.50` hasn't changed the order.
struct ContentBytes {
    private(set) var bytes: [UInt8] = []

    init(_ order: Order) {
        bytes.reserveCapacity(256 + order.lines.count * 160)
        add(order.id)
        add(order.reference)
        add(order.webshop)
        add(order.customerOrderNumber)
        add(order.orderDate)
        add(order.requestedDeliveryDate)
        add(order.description)
        add(order.currency)
        add(order.user)
        add(order.customer)
        add(order.shipmentAddress)
        add(order.invoiceAddress)
        for line in order.lines where line.isPushed { add(line) }
    }

    private mutating func add(_ line: OrderLine) {
        add(line.id)
        add(Int64(line.position))
        add(line.productKey)
        add(line.productOrigin)
        add(line.description)
        add(line.quantity)
        add(line.unitPrice)
    }

    private mutating func add(_ reference: PartyReference?) {
        switch reference {
        case nil: bytes.append(0)
        case .id(let id)?:
            bytes.append(1)
            add(id)
        case .originKey(let origin, let key)?:
            bytes.append(2)
            add(origin)
            add(key)
        case .expanded(let party)?:
            bytes.append(3)
            add(JSONValue.object(party.json).compactText)
        }
    }

    /// Each value begins with whether it is there, each text with its length: no two orders give the same bytes.
    private mutating func add(_ text: String?) {
        guard let text else { return bytes.append(0) }
        bytes.append(1)
        add(whole: Int64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func add(_ number: Int64?) {
        guard let number else { return bytes.append(0) }
        bytes.append(1)
        add(whole: number)
    }

    private mutating func add(whole number: Int64) {
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> Int64(shift))) }
    }

    private mutating func add(_ decimal: ExactDecimal?) {
        guard let decimal else { return bytes.append(0) }
        let isPlain = !decimal.spelling.utf8.contains { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }
        bytes.append(decimal.isNegative ? 2 : 1)
        let start = bytes.count
        add(digitsOf: isPlain ? decimal.spelling : decimal.adding(.zero)?.spelling ?? decimal.spelling)
        add(whole: Int64(bytes.count - start))
    }

    /// Without a sign, zeros in front, and zeros behind the last digit of the fraction.
    private mutating func add(digitsOf spelling: String) {
        var digits = spelling.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "0") }
        if digits.contains(UInt8(ascii: ".")) {
            while digits.last == UInt8(ascii: "0") { digits.removeLast() }
            if digits.last == UInt8(ascii: ".") { digits.removeLast() }
        }
        bytes.append(contentsOf: digits)
    }
}
