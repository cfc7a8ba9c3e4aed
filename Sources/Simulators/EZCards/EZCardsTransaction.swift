internal import Orders

/// One accepted order request: what was bought, and which codes of it are ready.
struct EZCardsTransaction: Sendable {
    enum Status: String, Sendable { case processing = "PROCESSING", completed = "COMPLETED", cancelled = "CANCELLED" }

    struct Code: Sendable {
        let stockID: Int
        let redeemCode: String
        let pinCode: String?
    }

    struct Line: Sendable {
        let product: EZCardsProduct
        let quantity: Int
        let unitPrice: EZCardsMoney
        let codes: [Code]
        var readyCount = 0
        var isCancelled = false

        var status: Status { isCancelled ? .cancelled : readyCount == quantity ? .completed : .processing }
    }

    let id: String
    let clientOrderNumber: String?
    let createdUnixMicroseconds: Int64
    let currency: String
    let ezOrderNumber: String
    var lines: [Line]
    var codeRequests = 0

    /// What is partly cancelled is completed with what there is.
    var status: Status {
        let statuses = lines.map(\.status)
        if statuses.contains(.processing) { return .processing }
        return statuses.contains(.completed) || lines.contains { $0.readyCount > 0 } ? .completed : .cancelled
    }

    var grandTotal: EZCardsMoney {
        lines.reduce(EZCardsMoney(ExactDecimal(0), currency)) { $0.adding($1.unitPrice.times($1.quantity)) }
    }

    /// What a get-codes request brings about (design principles, "Order Post-Processing").
    mutating func fulfil(_ configuration: EZCardsConfiguration, _ random: inout SeededRandom) {
        codeRequests += 1
        for index in lines.indices where lines[index].status == .processing {
            let left = lines[index].quantity - lines[index].readyCount
            switch lines[index].product.supply {
            case .stock: lines[index].readyCount += left
            case .onDemand:
                guard codeRequests > configuration.emptyRequests else { continue }
                lines[index].readyCount += min(left, 1 + random.below(max(1, configuration.codesPerRequestMax)))
            case .atMost(let most):
                lines[index].readyCount = min(lines[index].quantity, most)
                lines[index].isCancelled = lines[index].readyCount < lines[index].quantity
            }
        }
    }

    /// Somebody there cancels what isn't ready. - Parameter sku: of one product; `nil`: of all.
    mutating func cancel(_ sku: String?) {
        for index in lines.indices where lines[index].status == .processing && sku.map({ $0 == lines[index].product.sku }) ?? true
        {
            lines[index].isCancelled = true
        }
    }

    // MARK: As the documents show it

    private var createdAt: String {
        NaiveDateTime(microseconds: createdUnixMicroseconds.flooredQuotient(by: 1_000_000) * 1_000_000).text + "Z"
    }

    func json(inList: Bool) -> JSONValue {
        var object = JSONObject([
            ("transactionId", .text(id)), ("clientOrderNumber", .text(clientOrderNumber)), ("grandTotal", grandTotal.json),
            ("createdAt", .text(createdAt)),
            ("status", .text(status.rawValue)),
            (
                "products",
                .array(
                    lines.map { line in
                        [
                            "sku": .text(line.product.sku), "quantity": .integer(line.quantity),
                            "unitPrice": line.unitPrice.json, "totalPrice": line.unitPrice.times(line.quantity).json,
                            "status": .text(line.status.rawValue),
                        ]
                    })
            ),
        ])
        if inList { object.append("ezOrderNumber", .text(ezOrderNumber)) }
        return .object(object)
    }

    /// `nil` while no code is there. - Parameter sku: of one product; `nil`: of all.
    func codesJSON(_ sku: String?) -> JSONValue? {
        let asked = lines.filter { sku == nil || $0.product.sku == sku }
        guard asked.contains(where: { $0.readyCount > 0 }) else { return nil }
        return .array(
            asked.map { line in
                let codes = line.codes.enumerated().map { index, code -> JSONValue in
                    let isReady = index < line.readyCount
                    return [
                        "stockId": .integer(code.stockID), "status": .text(isReady ? "COMPLETED" : "PROCESSING"),
                        "redeemCode": isReady ? .text(code.redeemCode) : .null,
                        "pinCode": isReady ? .text(code.pinCode) : .null,
                    ]
                }
                return ["sku": .text(line.product.sku), "quantity": .integer(line.quantity), "codes": .array(codes)]
            })
    }
}

/// An amount as the API writes it.
struct EZCardsMoney: Sendable, Equatable {
    let amount: ExactDecimal
    let currency: String

    init(_ amount: ExactDecimal, _ currency: String) {
        self.amount = amount
        self.currency = currency
    }

    func times(_ count: Int) -> EZCardsMoney { EZCardsMoney(amount.multiplied(by: ExactDecimal(count)) ?? amount, currency) }

    func adding(_ other: EZCardsMoney) -> EZCardsMoney { EZCardsMoney(amount.adding(other.amount) ?? amount, currency) }

    var json: JSONValue { ["amount": .text(amount.spelling), "currency": .text(currency)] }
}
