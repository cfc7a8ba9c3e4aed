import Orders
import SinkKit

/// What is bought of an order, and which codes of it were handed out: the text of the sink's tickets. No code stands in it.
///
/// `{"key", "transactions": [{"id", "products": [{"sku", "units": [["id:70011", 1, 12]], "stock": ["500001"], "cancelled"}], "empty"}],
/// "refused": [["id:70011", 3, "why"]]}`; `units` are lines with the first unit and how many, and the n-th of `stock` is what the n-th
/// of them got, so that a code stays with its unit whatever order the next answer has.
struct EZCardsTicket: Sendable, Equatable {
    struct Units: Sendable, Equatable {
        var lineKey: String
        var first: Int
        var count: Int
    }

    struct Product: Sendable, Equatable {
        var sku: String
        var units: [Units]
        /// EZ Cards' ids of the codes, in the order of the units that have them.
        var stock: [String] = []
        /// No further code will come.
        var isCancelled = false

        var quantity: Int { units.reduce(0) { $0 + $1.count } }
        var isSettled: Bool { isCancelled || stock.count >= quantity }

        /// The line and the unit that have the n-th code, counted from 0.
        func unit(_ place: Int) -> (lineKey: String, unit: Int)? {
            var place = place
            for units in units {
                if place < units.count { return (units.lineKey, units.first + place) }
                place -= units.count
            }
            return nil
        }
    }

    struct Transaction: Sendable, Equatable {
        var id: String
        var products: [Product]
        /// How often it was shown as completed while codes were missing.
        var emptyAnswers = 0

        var isSettled: Bool { products.allSatisfy(\.isSettled) }
    }

    struct Refusal: Sendable, Equatable {
        var lineKey: String
        var count: Int
        var why: String
    }

    var key: String
    var transactions: [Transaction] = []
    var refusals: [Refusal] = []

    var isSettled: Bool { transactions.allSatisfy(\.isSettled) }

    init(key: String) { self.key = key }

    // MARK: The text

    var text: String {
        let transactions = transactions.map { transaction in
            let products = transaction.products.map { product in
                var object = JSONObject([
                    ("sku", .text(product.sku)),
                    ("units", .array(product.units.map { [.text($0.lineKey), .integer($0.first), .integer($0.count)] })),
                    ("stock", .array(product.stock.map { .text($0) })),
                ])
                if product.isCancelled { object.append("cancelled", true) }
                return JSONValue.object(object)
            }
            var object = JSONObject([("id", .text(transaction.id)), ("products", .array(products))])
            if transaction.emptyAnswers > 0 { object.append("empty", .integer(transaction.emptyAnswers)) }
            return JSONValue.object(object)
        }
        var object = JSONObject([("key", .text(key)), ("transactions", .array(transactions))])
        if !refusals.isEmpty {
            object.append("refused", .array(refusals.map { [.text($0.lineKey), .integer($0.count), .text($0.why)] }))
        }
        return JSONValue.object(object).compactText
    }

    /// - Throws: ``SinkError/Code/conflict`` where it isn't one of this sink's.
    init(_ ticket: SinkTicket) throws(SinkError) {
        guard let object = (try? JSONValue(parsing: Array(ticket.text.utf8)))?.objectValue, let read = Self(object) else {
            throw SinkError(.conflict, "the ticket isn't one of an EZ Cards sink")
        }
        self = read
    }

    private init?(_ object: JSONObject) {
        guard let key = object["key"]?.stringValue, let transactions = object["transactions"]?.arrayValue else { return nil }
        self.key = key
        for transaction in transactions {
            guard let id = transaction["id"]?.stringValue, let products = transaction["products"]?.arrayValue else { return nil }
            var read = Transaction(id: id, products: [], emptyAnswers: Int(transaction["empty"]?.integerValue ?? 0))
            for product in products {
                guard let product = Product(product) else { return nil }
                read.products.append(product)
            }
            self.transactions.append(read)
        }
        for refusal in object["refused"]?.arrayValue ?? [] {
            guard let parts = refusal.arrayValue, parts.count == 3, let line = parts[0].stringValue,
                let count = parts[1].integerValue, let why = parts[2].stringValue
            else { return nil }
            refusals.append(Refusal(lineKey: line, count: Int(count), why: why))
        }
    }
}

extension EZCardsTicket.Product {
    fileprivate init?(_ json: JSONValue) {
        guard let sku = json["sku"]?.stringValue, let units = json["units"]?.arrayValue, let stock = json["stock"]?.arrayValue
        else {
            return nil
        }
        self.init(sku: sku, units: [])
        for unit in units {
            guard let parts = unit.arrayValue, parts.count == 3, let line = parts[0].stringValue,
                let first = parts[1].integerValue, let count = parts[2].integerValue, first > 0, count > 0
            else { return nil }
            self.units.append(EZCardsTicket.Units(lineKey: line, first: Int(first), count: Int(count)))
        }
        self.stock = stock.compactMap(\.stringValue)
        isCancelled = json["cancelled"]?.boolValue ?? false
    }
}

extension EZCardsTicket {
    /// What became of every line, once nothing further will come.
    var receipt: SinkReceipt {
        var lines: [(key: String, wanted: Int, got: Int, whys: [String])] = []
        func count(_ key: String, wanted: Int, got: Int, why: String?) {
            let index = lines.firstIndex { $0.key == key } ?? lines.endIndex
            if index == lines.endIndex { lines.append((key, 0, 0, [])) }
            lines[index].wanted += wanted
            lines[index].got += got
            if let why, !lines[index].whys.contains(why) { lines[index].whys.append(why) }
        }
        for transaction in transactions {
            for product in transaction.products {
                var left = product.stock.count
                for units in product.units {
                    let got = min(left, units.count)
                    left -= got
                    let why = got < units.count ? "EZ Cards cancelled the rest of transaction \(transaction.id)" : nil
                    count(units.lineKey, wanted: units.count, got: got, why: why)
                }
            }
        }
        for refusal in refusals { count(refusal.lineKey, wanted: refusal.count, got: 0, why: refusal.why) }
        let receiptLines = lines.map { line in
            SinkReceiptLine(
                lineKey: line.key, erpLineNumber: nil,
                outcome: line.got == line.wanted ? .accepted : line.got == 0 ? .rejected : .changed,
                message: line.got == line.wanted
                    ? nil : "\(line.got) of \(line.wanted) codes came: \(line.whys.joined(separator: "; "))")
        }
        let isCancelled = lines.allSatisfy { $0.got == 0 }
        return SinkReceipt(
            erpOrderNumber: transactions.first?.id ?? "", state: isCancelled ? .cancelled : .confirmed, lines: receiptLines)
    }
}
