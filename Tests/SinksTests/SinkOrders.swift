import Orders
import SinkKit

/// An order of the shop `demo`, with a line for each of the products.
func sinkOrder(_ id: Int64 = 1, products: [String] = ["124", "125", "124"], quantity: String = "2.50", generation: Int = 1) throws
    -> SinkOrder
{
    var order = Order(id: id, state: .confirmed)
    order.reference = "CS\(id)"
    order.currency = "EUR"
    order.lines = try products.enumerated().map { index, product in
        OrderLine(
            id: id * 100 + Int64(index), position: index + 1, productKey: product, quantity: try ExactDecimal(quantity),
            unitPrice: try ExactDecimal("12.5000"))
    }
    var customer = Party()
    (customer.code, customer.name) = ("C-7", "Bakkerij Ö \"De Lelie\" 🥐")
    return SinkOrder(
        key: IdempotencyKey(order: OrderKey(shop: "demo", orderID: id), generation: generation), order: order, customer: customer,
        shipmentAddress: customer, invoiceAddress: nil)
}

func sinkKey(_ id: Int64 = 1) -> IdempotencyKey { IdempotencyKey(order: OrderKey(shop: "demo", orderID: id)) }

extension SinkAnswer {
    var receipt: SinkReceipt? { if case .accepted(let receipt) = self { receipt } else { nil } }
}

/// What a call to a sink ended with, if not with an answer.
func sinkError<Value>(_ call: () async throws(SinkError) -> Value) async -> SinkError? {
    do throws(SinkError) {
        _ = try await call()
        return nil
    } catch { return error }
}

extension ERPSink {
    /// As the engine does with a sink of class K: an unknown outcome is tried again with the same key and bytes.
    func createPatiently(_ order: SinkOrder, _ context: SinkContext) async throws -> SinkReceipt {
        var last: SinkError?
        for _ in 0..<10 {
            do throws(SinkError) {
                if case .accepted(let receipt) = try await create(order, context) { return receipt }
            } catch {
                guard [.unknownOutcome, .notApplied].contains(error.code) else { throw error }
                last = error
            }
        }
        throw last ?? SinkError(.conflict, "the order was never accepted")
    }
}
