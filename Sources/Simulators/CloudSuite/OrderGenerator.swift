/// Orders made from a seed: order N is a pure function of the seed, N and the instant the shop was opened.
struct OrderGenerator: Sendable {
    static let idFirst = 100_001

    let count: Int
    private let seed: UInt64
    private let shares: GeneratedShares
    /// The shop's clock face when it was opened.
    private let opened: NaiveDateTime

    init(configuration: CloudSuiteConfiguration, openedUnixMicroseconds: Int64) {
        count = configuration.orders
        seed = configuration.seed
        shares = configuration.generated
        opened = configuration.zone.naive(unixMicroseconds: openedUnixMicroseconds)
    }

    var ids: Range<Int> { Self.idFirst..<Self.idFirst + count }

    /// What the dice give an order first, before its content.
    private struct Draw {
        var random: SeededRandom
        let state: String
        let offline: Bool
        let unpaid: Bool
        let confirm: NaiveDateTime
        let create: NaiveDateTime
    }

    private func draw(_ id: Int) -> Draw {
        var random = SeededRandom(seed: seed, number: id)
        let offline = random.below(1000) < shares.offlinePerThousand
        let unpaid = random.below(1000) < shares.unpaidPerThousand
        let stateDraw = random.below(1000)
        let state =
            stateDraw < shares.cancelledPerThousand
            ? "cancel"
            : offline || stateDraw < shares.cancelledPerThousand + shares.processingPerThousand ? "processing" : "confirmed"
        let ageSeconds = Int64(600 + random.below(max(1, shares.days * 86_400 - 600)))
        // One order in eight falls on a whole second, where Python prints no fraction.
        let fraction = random.below(8) == 0 ? 0 : Int64(1 + random.below(999_999))
        let opened = opened.microseconds / 1_000_000 * 1_000_000
        let confirm = NaiveDateTime(microseconds: opened - ageSeconds * 1_000_000 + fraction)
        let create = NaiveDateTime(microseconds: confirm.microseconds - Int64(30_000_000 + random.below(900_000_000)))
        return Draw(random: random, state: state, offline: offline, unpaid: unpaid, confirm: confirm, create: create)
    }

    func facts(id: Int) -> OrderFacts {
        let draw = draw(id)
        return OrderFacts(
            id: id, reference: "CS\(id)", state: draw.state, offline: draw.offline, webshop: 1,
            orderDate: Int64(draw.create.day) * NaiveDateTime.microsecondsPerDay, createDate: draw.create.microseconds,
            modifiedDate: draw.confirm.microseconds, confirmDate: draw.confirm.microseconds)
    }

    /// The whole order as the API shows it, compact JSON; `nil` for an id this shop was not opened with.
    func body(id: Int) -> [UInt8]? {
        guard ids.contains(id) else { return nil }
        var draw = draw(id)
        let customer = PartyPool.customerIDFirst + draw.random.below(PartyPool.count)
        let payment =
            draw.unpaid
            ? draw.random.pick(["started", "none", "closed_canceled"])
            : draw.random.pick(["account", "account", "account", "account", "closed_success", "paid"])
        let orderNumber = draw.random.below(3) == 0 ? "null" : "\"PO-\(2000 + draw.random.below(8000))\""
        let delivery =
            draw.random.below(4) == 0
            ? "\"\(NaiveDateTime(microseconds: draw.confirm.microseconds + 259_200_000_000).dateText)\"" : "null"
        let confirm = draw.confirm.text
        var out: [UInt8] = []
        out.reserveCapacity(2048)
        out +=
            """
            {"id":\(id),"reference":"CS\(id)","key":null,"customer_order_number":\(orderNumber),"erp_order_number":null,\
            "state":"\(draw.state)","payment_status":"\(payment)","shipment_state":"none","order_date":"\(draw.create.dateText)",\
            "confirm_date":"\(confirm)","create_date":"\(draw.create.text)","modified_date":"\(confirm)",\
            "requested_delivery_date":\(delivery),"description":null,"currency":"EUR","paid_amount":null,"customer":\(customer),\
            "user":\(customer + 5000),"webshop":1,"shipment_address":\(PartyPool.shipmentAddressID(customer: customer)),\
            "invoice_address":\(PartyPool.invoiceAddressID(customer: customer)),"sale_channel":"webshop",\
            "custom_fields":{"magazijn":"HOUTEN-1","routecode":\(1 + draw.random.below(40))},"order_lines":[
            """.utf8
        let lines = 1 + draw.random.below(8)
        for line in 1...lines {
            if line > 1 { out.append(UInt8(ascii: ",")) }
            out += GeneratedLine(id: id * 10 + line, isShipping: line == lines && lines > 3, random: &draw.random).json.utf8
        }
        out += "]}".utf8
        return out
    }
}

/// One line of a generated order.
private struct GeneratedLine {
    let json: String

    init(id: Int, isShipping: Bool, random: inout SeededRandom) {
        guard !isShipping else {
            json = Self.text(id: id, key: "VERZEND_STUK", description: "Verzendkosten", quantity: "1.0", price: "\"6.9500\"")
            return
        }
        let product = random.pick(Catalogue.products)
        let isWeight = product.unit == "KG"
        let quantity = isWeight ? "\(random.below(20)).\(1 + random.below(9))" : "\(1 + random.below(24)).0"
        let price = product.priceText
        json = Self.text(
            id: id, key: "\(product.number)_\(product.unit)", description: product.description, quantity: quantity,
            price: random.below(3) == 0 ? price : "\"\(price)\"")
    }

    private static func text(id: Int, key: String, description: String, quantity: String, price: String) -> String {
        """
        {"id":\(id),"type":"line","product":{"key":"\(key)","origin":"\(Catalogue.origin)"},"description":"\(description)",\
        "quantity":\(quantity),"unit_price":\(price),"erp_line_number":null}
        """
    }
}
