internal import HTTPTypes
internal import Orders

/// `POST /v2/orders/instant`, `POST /v2/orders`, `GET /v2/orders`, `GET /v2/orders/{transactionId}/codes`, `GET /v2/products`,
/// `GET /v2/balances`, `GET /v2/exchange-rates`.
struct EZCardsSurface: SimulatedSurface {
    let configuration: EZCardsConfiguration
    var transactions: [EZCardsTransaction] = []
    var positions: [String: Int] = [:]
    /// The transactions under each `clientOrderNumber`, by position.
    private(set) var numbers: [String: [Int]] = [:]
    /// Create requests that came under each, whatever became of them.
    private(set) var posts: [String: Int] = [:]
    private(set) var spent: [String: ExactDecimal] = [:]
    private var codeCount = 0
    private var requestCount = 0
    private var random: SeededRandom

    init(configuration: EZCardsConfiguration) {
        self.configuration = configuration
        random = SeededRandom(seed: configuration.seed)
    }

    func kind(of request: SimulatedRequest) -> String {
        let segments = request.segments
        guard segments.first == "v2", segments.count > 1 else { return "other" }
        if segments.last == "codes" { return "codes" }
        return segments.last == "instant" ? "instant-orders" : segments[1]
    }

    var statistics: [(String, Int)] {
        [
            ("transactions", transactions.count), ("codes_ready", transactions.flatMap(\.lines).reduce(0) { $0 + $1.readyCount }),
            ("numbers_with_several_transactions", numbers.values.count { $0.count > 1 }),
        ]
    }

    /// Its credentials don't expire.
    mutating func expireTokens() {}

    mutating func reset(at now: Int64) { self = EZCardsSurface(configuration: configuration) }

    mutating func received(_ request: SimulatedRequest) {
        guard request.method == "POST" else { return }
        posts[(try? request.parsedBody())?["clientOrderNumber"]?.stringValue ?? "", default: 0] += 1
    }

    mutating func answer(_ request: SimulatedRequest, at now: Int64) -> SurfaceAnswer {
        requestCount += 1
        guard request.headers[.apiKey] == configuration.apiKey,
            request.headers[.authorization] == "Bearer \(configuration.accessToken)"
        else {
            return refused(
                EZCardsRefusal(401, "UNAUTHORIZED", "x-api-key and Authorization: Bearer are both required."), request)
        }
        switch (request.method, request.segments.dropFirst().joined(separator: "/")) {
        case _ where request.segments.first != "v2": return refused(EZCardsRefusal(404, "NOT_FOUND", "No such path."), request)
        case ("POST", "orders/instant"): return create(request, isInstant: true, at: now)
        case ("POST", "orders"): return create(request, isInstant: false, at: now)
        case ("GET", "orders"): return read { () throws(EZCardsRefusal) in try list(request, at: now) }
        case ("GET", "products"): return read { () throws(EZCardsRefusal) in try catalogue(request) }
        case ("GET", "balances"): return success(balances(request))
        case ("GET", "exchange-rates"): return success(rates)
        case ("GET", let path) where path.hasPrefix("orders/") && path.hasSuffix("/codes"): return codes(request)
        default: return refused(EZCardsRefusal(404, "NOT_FOUND", "No such path."), request)
        }
    }

    private func refused(_ refusal: EZCardsRefusal, _ request: SimulatedRequest) -> SurfaceAnswer {
        SurfaceAnswer(refusal.response, request.method == "GET" ? .none : .notApplied)
    }

    private func success(_ data: JSONValue, _ effect: RequestEffect = .none) -> SurfaceAnswer {
        let id = String(SeededRandom.mix(configuration.seed &+ UInt64(requestCount)), radix: 16)
        return SurfaceAnswer(.json(200, ["requestId": .text(id), "data": data]), effect)
    }

    private func read(_ body: () throws(EZCardsRefusal) -> JSONValue) -> SurfaceAnswer {
        do throws(EZCardsRefusal) { return success(try body()) } catch { return SurfaceAnswer(error.response, .none) }
    }

    // MARK: Orders

    private mutating func create(_ request: SimulatedRequest, isInstant: Bool, at now: Int64) -> SurfaceAnswer {
        do throws(EZCardsRefusal) {
            guard request.mediaType == "application/json" else { throw EZCardsRefusal("The body must be application/json.") }
            let order = try EZCardsOrderRequest(request.body, isInstant: isInstant)
            if order.checksDuplicates, let number = order.clientOrderNumber, numbers[number] != nil {
                throw EZCardsRefusal(
                    configuration.duplicateStatus, "CLIENT_ORDER_NUMBER_DUPLICATE", "The number was used before.",
                    clientOrderNumber: number)
            }
            let transaction = try bought(order, isInstant: isInstant, at: now)
            return success(transaction.json(inList: false), .applied)
        } catch { return refused(error, request) }
    }

    private mutating func bought(
        _ order: EZCardsOrderRequest, isInstant: Bool, at now: Int64
    ) throws(EZCardsRefusal) -> EZCardsTransaction {
        let products = try products(order, isInstant: isInstant)
        let currency = order.payWithCurrency ?? products[0].0.currency
        guard let balance = configuration.balances[currency] else {
            throw EZCardsRefusal(
                422, "UNSUPPORTED_CURRENCY", "The account has no balance in \(currency).",
                clientOrderNumber: order.clientOrderNumber)
        }
        var lines: [EZCardsTransaction.Line] = []
        for (product, quantity) in products {
            lines.append(
                EZCardsTransaction.Line(
                    product: product, quantity: quantity, unitPrice: EZCardsMoney(try price(of: product, in: currency), currency),
                    codes: newCodes(product, quantity)))
        }
        let date = NaiveDateTime(microseconds: now).dateText
        var transaction = EZCardsTransaction(
            id: String(100_001 + transactions.count), clientOrderNumber: order.clientOrderNumber, createdUnixMicroseconds: now,
            currency: currency, ezOrderNumber: "PO-" + date.filter { $0 != "-" }, lines: lines)
        // Only an instant order is tried against the stock at once (Create Instant Order).
        if isInstant, lines[0].product.supply == .stock { transaction.lines[0].readyCount = 1 }
        let total = (spent[currency] ?? ExactDecimal(0)).adding(transaction.grandTotal.amount) ?? balance
        guard total <= balance else {
            throw EZCardsRefusal(400, "INSUFFICIENT_BALANCE", "The balance in \(currency) doesn't suffice.")
        }
        spent[currency] = total
        positions[transaction.id] = transactions.count
        if let number = order.clientOrderNumber { numbers[number, default: []].append(transactions.count) }
        transactions.append(transaction)
        return transaction
    }

    private func products(
        _ order: EZCardsOrderRequest, isInstant: Bool
    ) throws(EZCardsRefusal) -> [(EZCardsProduct, Int)] {
        var products: [(EZCardsProduct, Int)] = []
        for (sku, quantity) in order.products {
            guard let product = configuration.products.first(where: { $0.sku == sku }) else {
                throw EZCardsRefusal(400, "PRODUCT_NOT_FOUND", "There is no product '\(sku)'.")
            }
            guard !isInstant || product.isInstantDeliverySupported else {
                throw EZCardsRefusal(400, "INSTANT_NOT_SUPPORTED", "'\(sku)' can't be ordered instantly.")
            }
            guard products.allSatisfy({ $0.0.currency == product.currency }) else {
                throw EZCardsRefusal(400, "MIXED_CURRENCIES", "All products of one request share one currency.")
            }
            products.append((product, quantity))
        }
        return products
    }

    private func price(of product: EZCardsProduct, in currency: String) throws(EZCardsRefusal) -> ExactDecimal {
        if product.currency == currency { return product.price }
        guard let rate = configuration.rates["\(product.currency)/\(currency)"], let price = product.price.multiplied(by: rate)
        else {
            throw EZCardsRefusal(422, "UNSUPPORTED_CURRENCY", "There is no rate from \(product.currency) to \(currency).")
        }
        return price
    }

    private mutating func newCodes(_ product: EZCardsProduct, _ quantity: Int) -> [EZCardsTransaction.Code] {
        (0..<quantity).map { _ in
            codeCount += 1
            var random = SeededRandom(seed: configuration.seed, number: codeCount)
            let alphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")
            let redeemCode = String((0..<16).map { _ in random.pick(alphabet) })
            let pinCode = product.hasPIN ? String((0..<8).map { _ in random.pick(alphabet) }) : nil
            return EZCardsTransaction.Code(stockID: 500_000 + codeCount, redeemCode: redeemCode, pinCode: pinCode)
        }
    }

    private func list(_ request: SimulatedRequest, at now: Int64) throws(EZCardsRefusal) -> JSONValue {
        let query = try EZCardsQuery(request, ["limit", "page", "transactionId", "clientOrderNumber"])
        let lag = Int64(max(configuration.lookupLagMilliseconds, request.lookupLagMilliseconds)) * 1000
        let found = transactions.reversed().filter { transaction in
            (query["transactionId"].map { $0 == transaction.id } ?? true)
                && (query["clientOrderNumber"].map { $0 == transaction.clientOrderNumber } ?? true)
                && (lag == 0 || transaction.createdUnixMicroseconds <= now - lag)
        }
        return try query.page(found.map { $0.json(inList: true) }, limit: 10)
    }

    private mutating func codes(_ request: SimulatedRequest) -> SurfaceAnswer {
        let segments = request.segments
        guard segments.count == 4, let position = positions[segments[2]] else {
            return SurfaceAnswer(EZCardsRefusal(404, "NOT_FOUND", "There is no such transaction.").response, .none)
        }
        transactions[position].fulfil(configuration, &random)
        let sku = PercentEncoding.pairs(request.query).first { $0.name == "sku" }?.value
        guard let codes = transactions[position].codesJSON(sku) else {
            return SurfaceAnswer(EZCardsRefusal(404, "NOT_FOUND", "There are no codes.").response, .none)
        }
        return success(codes)
    }

    mutating func cancel(_ transactionID: String, sku: String?) -> Bool {
        guard let position = positions[transactionID] else { return false }
        transactions[position].cancel(sku)
        return true
    }
}

extension EZCardsSurface {
    // MARK: Catalogue and wallet

    private func catalogue(_ request: SimulatedRequest) throws(EZCardsRefusal) -> JSONValue {
        let query = try EZCardsQuery(request, ["limit", "page", "sku"])
        let wanted = query["sku"]?.split(separator: ",").map(String.init)
        let found = configuration.products.filter { wanted?.contains($0.sku) ?? true }
        return try query.page(
            found.map { product in
                [
                    "sku": .text(product.sku), "name": .text(product.name), "brand": "Simulated", "types": ["Voucher"],
                    "format": "D",
                    "currency": .text(product.currency),
                    "prices": [["price": .text(product.price.spelling), "fromQuantity": 1, "toQuantity": .null]],
                    "faceValue": .text(product.faceValue.spelling), "percentageOffFaceValue": "0",
                    "isInstantDeliverySupported": .bool(product.isInstantDeliverySupported), "descriptions": [],
                    "instructions": [],
                    "termConditions": [],
                ]
            }, limit: 1000)
    }

    private func balances(_ request: SimulatedRequest) -> JSONValue {
        let currency = PercentEncoding.pairs(request.query).first { $0.name == "currency" }?.value
        return .array(
            configuration.balances.keys.sorted().filter { currency == nil || $0 == currency }.map { name in
                let left = configuration.balances[name]?.subtracting(spent[name] ?? ExactDecimal(0)) ?? ExactDecimal(0)
                return ["balance": .text(left.spelling), "currency": .text(name)]
            })
    }

    private var rates: JSONValue {
        let rates = configuration.rates.keys.sorted().map { pair -> JSONValue in
            let parts = pair.split(separator: "/").map(String.init)
            return [
                "pair": .text(pair), "base": .text(parts[0]), "quote": .text(parts[1]),
                "rate": .text(configuration.rates[pair]?.spelling),
            ]
        }
        let currencies = Set(configuration.products.map(\.currency)).sorted().map { JSONValue.text($0) }
        return ["updatedAt": "2026-01-01T00:00:00Z", "productCurrencies": .array(currencies), "rates": .array(rates)]
    }

    /// `GET audit`, `POST transactions/{id}/cancel` (`{"sku": …}`, or `{}` for all of it).
    mutating func control(_ request: SimulatedRequest, at now: Int64) -> SimulatedResponse? {
        let segments = Array(request.segments.dropFirst())
        switch (request.method, segments.first, segments.count) {
        case ("GET", "audit", 1): return .json(200, audit)
        case ("POST", "transactions", 3) where segments[2] == "cancel":
            let sku = (try? request.parsedBody())?["sku"]?.stringValue
            return cancel(segments[1], sku: sku) ? .json(200, ["cancelled": true]) : nil
        default: return nil
        }
    }

    private var audit: JSONValue {
        let numbers = posts.keys.sorted().map { number -> (String, JSONValue) in
            let ids = (self.numbers[number] ?? []).map { JSONValue.text(transactions[$0].id) }
            return (number, ["posts": .integer(posts[number] ?? 0), "transactions": .array(ids)])
        }
        return [
            "transactions_total": .integer(transactions.count),
            "spent": .object(JSONObject(spent.keys.sorted().map { ($0, .text(spent[$0]?.spelling)) })),
            "numbers": .object(JSONObject(numbers)),
        ]
    }
}

/// The query of a listing; names that the documents don't know are refused.
private struct EZCardsQuery {
    private let pairs: [(name: String, value: String)]

    init(_ request: SimulatedRequest, _ known: [String]) throws(EZCardsRefusal) {
        pairs = PercentEncoding.pairs(request.query)
        for (name, _) in pairs where !known.contains(name) { throw EZCardsRefusal("'\(name)' is no parameter of this request.") }
    }

    subscript(_ name: String) -> String? { pairs.first { $0.name == name }?.value }

    /// `{total, page, pageSize, totalPage, items}`
    func page(_ items: [JSONValue], limit fallback: Int) throws(EZCardsRefusal) -> JSONValue {
        guard let limit = self["limit"].map({ Int($0) }) ?? fallback, let page = self["page"].map({ Int($0) }) ?? 1,
            (1...1000).contains(limit), page >= 1
        else { throw EZCardsRefusal("'limit' is from 1 to 1000, 'page' from 1.") }
        let shown = items.dropFirst((page - 1) * limit).prefix(limit)
        return [
            "total": .integer(items.count), "page": .integer(page), "pageSize": .integer(limit),
            "totalPage": .integer((items.count + limit - 1) / limit), "items": .array(Array(shown)),
        ]
    }
}
