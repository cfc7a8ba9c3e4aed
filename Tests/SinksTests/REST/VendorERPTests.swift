import Orders
import Settings
import Simulators
import SinkKit
import Sinks
import Testing

/// The example configurations for vendors' ERPs, each from end to end over a simulated one.
@Suite("The examples for vendors' ERPs")
struct VendorERPTests {
    private static let numbers: [VendorERP: [Int64]] = [
        .businessCentral: [10_000, 20_000, 30_000], .erpNext: [1, 2, 3], .businessOne: [0, 1, 2],
    ]

    @Test(arguments: VendorERP.allCases)
    func `an order is made in one document, and found again with its lines`(_ vendor: VendorERP) async throws {
        try await VendorRemote.run(vendor) { erp in
            let order = try vendorOrder()
            #expect(try await erp.sink.find(order.key, erp.context) == nil)
            let receipt = try #require(try await erp.sink.create(order, erp.context).receipt)
            #expect(receipt.state == .confirmed && receipt.isWhole)
            #expect(receipt.lines.map(\.lineKey) == ["id:100", "id:101", "id:102"])
            #expect(receipt.lines.map { $0.erpLineNumber ?? -1 } == Self.numbers[vendor])
            #expect(try await erp.sink.find(order.key, erp.context) == receipt)
            let held = try #require(erp.simulator.orders(under: order.key.text).first)
            #expect(held.order.number == receipt.erpOrderNumber && erp.posts == 1)
            #expect(held.lines.map(\.quantity) == ["2.5", "2.5", "2.5"] && held.lines[0].unitPrice == "12.5")
            #expect(held.lines[0].description == "Brötchen “0”")
        }
    }

    @Test(arguments: VendorERP.allCases)
    func `a key with signs that have a meaning in a filter finds its own order only`(_ vendor: VendorERP) async throws {
        try await VendorRemote.run(vendor) { erp in
            _ = try await erp.sink.create(try vendorOrder(1), erp.context)
            let hostile = IdempotencyKey(order: OrderKey(shop: "x' or 1 eq 1 \"]] &", orderID: 1))
            #expect(try await erp.sink.find(hostile, erp.context) == nil)
            #expect(erp.simulator.requestLog.last?.status == 200)
        }
    }

    @Test(arguments: VendorERP.allCases)
    func `all products that it doesn't know are named at once, and nothing is posted`(_ vendor: VendorERP) async throws {
        try await VendorRemote.run(vendor) { erp in
            let order = try vendorOrder(products: ["none", "124_STUK", "nix", "none"])
            guard case .rejected(let faults) = try await erp.sink.create(order, erp.context) else {
                Issue.record("not rejected")
                return
            }
            #expect(faults.map(\.path) == ["lines[0].product", "lines[2].product", "lines[3].product"])
            #expect(erp.posts == 0 && erp.sink.capabilities.validates)
            #expect(try await erp.sink.validate(order, erp.context) == faults)
        }
    }

    @Test(arguments: VendorERP.allCases)
    func `what it refuses itself is a rejection without what it says of the customer`(_ vendor: VendorERP) async throws {
        try await VendorRemote.run(vendor, sink: { $0.products = nil }) { erp in
            let answer = try await erp.sink.create(try vendorOrder(products: ["124_STUK", "Utrecht"]), erp.context)
            guard case .rejected(let faults) = answer else {
                Issue.record("answered \(answer)")
                return
            }
            #expect(faults.count == 1 && !faults[0].message.isEmpty && !faults[0].message.contains("Utrecht"), "\(faults)")
            #expect(faults[0].message.count <= 201 && !faults[0].message.contains("Traceback"))
        }
    }

    @Test(arguments: VendorERP.allCases, ["0.1234567", "123456789012345678901234567.891"])
    func `a decimal that it doesn't hold is refused with its place, before anything is sent`(
        _ vendor: VendorERP, _ quantity: String
    ) async throws {
        try await VendorRemote.run(vendor) { erp in
            guard case .rejected(let faults) = try await erp.sink.create(try vendorOrder(quantity: quantity), erp.context) else {
                Issue.record("not rejected")
                return
            }
            #expect(faults.map(\.path) == (0...2).map { "lines[\($0)].erp.quantity" })
            #expect(faults[0].message.contains("digits") && erp.posts == 0)
        }
    }

    @Test(arguments: VendorERP.allCases)
    func `a lost answer is an unknown outcome, and the order is found`(_ vendor: VendorERP) async throws {
        try await VendorRemote.run(vendor) { erp in
            for action in [FaultAction.applyThenDrop, .applyThenStatus(502), .html200(applied: true)] {
                erp.fail(action)
                let order = try vendorOrder(Int64(erp.posts + 1))
                let error = await sinkError { () throws(SinkError) in try await erp.sink.create(order, erp.context) }
                #expect(error?.code == .unknownOutcome, "\(action.name)")
                #expect(try await erp.sink.find(order.key, erp.context) != nil)
                #expect(erp.simulator.orders(under: order.key.text).count == 1)
            }
        }
    }

    @Test(arguments: VendorERP.allCases)
    func `wrong credentials are told as such, without them`(_ vendor: VendorERP) async throws {
        try await VendorRemote.run(vendor, secret: "wr0ng") { erp in
            let error = await sinkError { () throws(SinkError) in try await erp.sink.create(try! vendorOrder(), erp.context) }
            #expect(error?.code == .unauthorized && error?.message.contains("wr0ng") == false)
        }
    }

    @Test(arguments: VendorERP.allCases)
    func `shipments are told with their lines, partial ones first, and again unchanged`(_ vendor: VendorERP) async throws {
        try await VendorRemote.run(vendor) { erp in
            let order = try vendorOrder()
            let receipt = try #require(try await erp.sink.create(order, erp.context).receipt)
            let none = try await erp.sink.shipments(for: receipt, key: order.key, erp.context)
            #expect(none.shipments.isEmpty && none.closedLines.isEmpty && !none.isCancelled)
            let number = { (index: Int) in receipt.lines[index].erpLineNumber ?? -1 }
            erp.simulator.ship(receipt.erpOrderNumber, line: number(2), quantity: "1")
            let partial = try await erp.sink.shipments(for: receipt, key: order.key, erp.context)
            #expect(partial.shipments.map { $0.packages.flatMap(\.lines).map(\.lineKey) } == [["id:102"]])
            #expect(partial.shipments[0].packages[0].lines[0].quantity == ExactDecimal(1) && partial.closedLines.isEmpty)
            #expect(partial.shipments[0].shippedAt.hasSuffix("T12:00:00Z"))
            #expect(partial.shipments[0].isShared == (vendor != .erpNext))
            erp.simulator.ship(receipt.erpOrderNumber, line: number(2), quantity: "1.5")
            erp.simulator.ship(receipt.erpOrderNumber, line: number(0), quantity: "2")
            let more = try await erp.sink.shipments(for: receipt, key: order.key, erp.context)
            #expect(more.shipments.first == partial.shipments[0] && more.shipments.count == 3)
            #expect(more.closedLines == ["id:102"])
            #expect((more.shipments[0].packages[0].trackingCode == "TRACK1") == (vendor == .businessOne))
        }
    }

    @Test(arguments: [VendorERP.erpNext, .businessOne])
    func `an order that is cancelled there is told as cancelled`(_ vendor: VendorERP) async throws {
        try await VendorRemote.run(vendor) { erp in
            let order = try vendorOrder()
            let receipt = try #require(try await erp.sink.create(order, erp.context).receipt)
            erp.simulator.cancel(receipt.erpOrderNumber)
            #expect(try await erp.sink.find(order.key, erp.context)?.state == .cancelled)
            #expect(try await erp.sink.shipments(for: receipt, key: order.key, erp.context).isCancelled)
        }
    }
}
