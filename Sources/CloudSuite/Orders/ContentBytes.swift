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
        for index in order.lines.indices where order.lines[index].isPushed { add(order.lines[index]) }
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

    /// Seven bits a byte, the lowest first, the eighth bit where more follow (LEB128): most numbers are small.
    private mutating func add(whole number: Int64) {
        var rest = UInt64(bitPattern: number)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func add(_ decimal: ExactDecimal?) {
        guard let decimal else { return bytes.append(0) }
        bytes.append(decimal.isNegative ? 2 : 1)
        if !addPlain(decimal.spelling) {
            // Only a number beyond 38 digits before the point can't be written out; it is itself in its spelling.
            let plain = decimal.adding(.zero)
            if plain.map({ addPlain($0.spelling) }) == nil { bytes.append(contentsOf: decimal.spelling.utf8) }
        }
        bytes.append(0)
    }

    /// The digits without a sign, zeros in front, and zeros behind the last digit of the fraction.
    ///
    /// - Returns: `false`, with nothing added, where the spelling has an exponent.
    private mutating func addPlain(_ spelling: String) -> Bool {
        let start = bytes.count
        var hasPoint = false
        for byte in spelling.utf8 {
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: "+"): continue
            case UInt8(ascii: "0") where bytes.count == start: continue
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                bytes.removeLast(bytes.count - start)
                return false
            default:
                hasPoint = hasPoint || byte == UInt8(ascii: ".")
                bytes.append(byte)
            }
        }
        guard hasPoint else { return true }
        while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        return true
    }
}
