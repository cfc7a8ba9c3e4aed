import CloudSuite
import Engine
import OrderFlow
import Orders
import SinkKit
import Transport

extension PlantedBug {
    /// What one would write in an afternoon: list, post, mark; on an error once more. The negative control.
    package static var naiveClient: PlantedBug {
        var bug = PlantedBug("naive client")
        bug.client = { office in await NaiveClient(office: office).run() }
        return bug
    }
}

private struct NaiveClient {
    let office: Office

    func run() async {
        var query = OrderQuery()
        query.state = .confirmed
        guard let page = try? await office.flow.shop.page(query, offset: 0, limit: 50) else { return }
        for entry in page.entries { await push(entry.id) }
    }

    private func push(_ id: Int64) async {
        guard let read = try? await office.flow.shop.order(id), let order = read.order else { return }
        let sent = SinkOrder(
            key: IdempotencyKey(order: OrderKey(shop: World.shopName, orderID: id)), order: order,
            customer: party(order.customer),
            shipmentAddress: nil, invoiceAddress: nil)
        for _ in 0..<3 {
            guard case .accepted(let receipt)? = try? await office.flow.sink.create(sent, SinkContext()) else { continue }
            let edit = OrderEdit([.mark, .number], receipt: receipt, close: .leave)
            if (try? await office.flow.shop.write(edit, to: read, id: id)) != nil { return }
        }
    }

    private func party(_ reference: PartyReference?) -> Party? {
        if case .expanded(let party)? = reference { party } else { nil }
    }
}
