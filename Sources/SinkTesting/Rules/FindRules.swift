import Orders
import SinkKit

/// Looking an order up by our key.
enum FindRules {
    static let all = [
        SinkRule("find.nothing", "a key that was never used gives nothing, and no error", nothing),
        SinkRule("find.exact-key", "a key gives its own order only, none of a similar key", exactKey),
        SinkRule("find.fails-closed", "a look-up that fails is an error, never 'not found'", failsClosed),
    ]

    static func nothing(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        try await trial.needsFind()
        let key = try trial.order().key
        let found = try await trial.find(key)
        if case .success(nil) = found {
            try trial.expect(true, "", seen: "")
        } else {
            try trial.expect(
                false, "nothing, because the ERP has no order under \(key)", seen: found.words,
                hint:
                    "An ERP that passes over a filter it doesn't know lists everything. 404 on a search is 'nothing' only if the ERP says so."
            )
        }
        return "nothing under \(key)"
    }

    static func exactKey(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        try await trial.needsFind()
        let order = try trial.order()
        let made = try await trial.made(order)
        _ = try await trial.foundInTime(order.key)
        let (shop, id) = (order.key.order.shop, order.key.order.orderID)
        let similar = [
            IdempotencyKey(order: OrderKey(shop: shop, orderID: id), generation: 2),
            IdempotencyKey(order: OrderKey(shop: shop, orderID: id / 10)),
            IdempotencyKey(order: OrderKey(shop: shop, orderID: id * 10)),
            IdempotencyKey(order: OrderKey(shop: shop + "-2", orderID: id)),
        ]
        for key in similar {
            let found = try await trial.find(key)
            if case .failure(let error) = found { throw .notRun("the look-up of \(key) failed: \(error.message)") }
            try trial.expect(
                (try? found.get())??.erpOrderNumber != made.erpOrderNumber,
                "find of \(key) doesn't give \(made.erpOrderNumber), which stands under \(order.key)", seen: found.words,
                hint: "Compare the whole key: no prefix, no 'contains', no cut-off column; a generation is an order of its own.")
        }
        return "\(similar.count) similar keys give nothing"
    }

    static func failsClosed(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        try await trial.needsFind()
        var seen: [String] = []
        for mishap in try trial.mishaps([.unreachable, .failingLookUp, .garbageLookUp]) {
            let order = try trial.order()
            let made = try await trial.made(order)
            _ = try await trial.foundInTime(order.key)
            try await trial.arrange(mishap)
            let found = try await trial.find(order.key)
            try await trial.mend()
            switch found {
            case .success(nil):
                try trial.expect(
                    false, "an error, because \(mishap.words)", seen: "nothing",
                    hint: "nil makes Crossdock create the order again. Return it only where the ERP itself said that it has none."
                )
            case .success(let receipt?):
                try trial.expect(
                    receipt.erpOrderNumber == made.erpOrderNumber, "an error, because \(mishap.words)", seen: found.words)
            case .failure(let error):
                try trial.expect(
                    error.code != .unknownOutcome, "an error that says that the ERP couldn't be asked, because \(mishap.words)",
                    seen: found.words,
                    hint: "A look-up changes nothing, so nothing about its effect is unknown: unavailable or notApplied.")
            }
            seen.append("\(mishap.rawValue): \(found.words)")
            try await trial.restart()
        }
        return seen.joined(separator: "; ")
    }
}
