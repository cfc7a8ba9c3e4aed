import Documents
import Engine
import OrderFlow
import Orders
import SinkKit
import TestSupport
import Testing

/// What shipments become.
@Suite struct DespatchMakerTests {
    private typealias Samples = MakerSamples

    @Test func `each tracking code has a message of its own, those with one first`() throws {
        let documents = try Samples.documents(Samples.threePackages())
        #expect(documents.map(\.number) == ["PS-77-1", "PS-77-2", "PS-77-3"])
        let messages = try documents.map { try DesadvDocument($0.bytes) }
        #expect(messages.map(\.number) == documents.map(\.number))
        #expect(messages.map(\.trackingCode) == ["A", "B", ""])
        #expect(messages.map { $0.items.map(\.lineNumber) } == [[10, 20], [10], [30]])
        #expect(messages.flatMap { $0.items.map(\.sellerItemID) } == ["124_STUK", "125", "124_STUK", "124_STUK"])
        #expect(messages.allSatisfy { $0.items.allSatisfy { $0.orderNumber == "SO-000123" } })
        #expect(messages[0].items.map(\.quantity) == [ExactDecimal(4), try ExactDecimal("1.5")])
    }

    @Test func `a style that joins packages gives one message`() throws {
        let documents = try Samples.documents(Samples.threePackages()) { $0.packageSplit = .oneMessage }
        let message = try DesadvDocument(documents[0].bytes)
        #expect(documents.count == 1 && message.number == "PS-77" && message.trackingCode == "A, B")
        #expect(message.items.map(\.quantity) == [ExactDecimal(10), try ExactDecimal("1.5"), ExactDecimal(1)])
    }

    @Test func `a shipment of several orders has a number for each`() throws {
        var shipment = try Samples.threePackages()
        shipment.isShared = true
        let documents = try Samples.documents(shipment) { $0.packageSplit = .oneMessage }
        #expect(documents.map(\.number) == ["PS-77-SO-000123"])
    }

    @Test func `days are the shop's`() throws {
        let message = try DesadvDocument(try #require(Samples.documents(Samples.threePackages()).first).bytes)
        // Half past eleven at night in UTC is the next day in Amsterdam.
        #expect(message.date.iso == "2025-11-22" && message.plannedDeliveryDate.iso == "2025-11-23")
        var shipment = try Samples.threePackages()
        shipment.expectedDate = "2025-12-01"
        let told = try DesadvDocument(try #require(Samples.documents(shipment).first).bytes)
        #expect(told.plannedDeliveryDate.iso == "2025-12-01")
    }

    @Test(arguments: [(0, "2025-11-22T00:30:00+01:00"), (1, "2025-11-23T00:00:00+01:00")])
    func `goods arrive no earlier than they leave`(days: Int, delivery: String) throws {
        let shipment = Samples.shipment([SinkPackage(trackingCode: "A", lines: [try Samples.shipped("id:901", "4")])])
        let document = try Samples.documents(shipment) {
            $0.despatch = .cxml
            $0.daysUntilDelivery = days
        }[0]
        #expect(try ShipNoticeRequest.parse(document.bytes).body.deliveryTime?.iso == delivery)
    }

    @Test func `a ship notice names the order as its buyer does`() throws {
        let document = try #require(Samples.documents(Samples.threePackages()) { $0.despatch = .cxml }.first)
        let (envelope, notice) = try ShipNoticeRequest.parse(document.bytes)
        #expect(document.number == "despatch.main.PS-77@connector.example" && envelope.payloadID == document.number)
        #expect(notice.shipmentID == "PS-77" && notice.noticeTime.iso == "2025-11-24T17:00:00+01:00")
        #expect(notice.controls.flatMap { $0.trackingCodes.map(\.text) } == ["A", "B"])
        #expect(notice.portions.map(\.order.orderID) == ["CS48193"])
        #expect(notice.portions[0].items.map(\.lineNumber) == [1, 2, 4])
        #expect(notice.portions[0].items.map(\.quantity) == [ExactDecimal(10), try ExactDecimal("1.5"), ExactDecimal(1)])
    }

    @Test func `an EDIFACT file bears the control reference it is given`() throws {
        let document = try #require(Samples.documents(Samples.threePackages()) { $0.despatch = .edifact }.first)
        let interchange = try EDIFACTInterchange(document.bytes)
        #expect(document.number == "E7A0000042" && interchange.controlReference == "E7A0000042")
        let advice = try DespatchAdvice(try #require(interchange.messages.first))
        #expect(advice.number == "PS-77" && advice.despatchDate.iso == "2025-11-22")
        #expect(advice.packages.map(\.trackingCode) == ["A", "B", nil])
        #expect(advice.packages.flatMap(\.lines).map(\.erpLineNumber) == [10, 20, 10, 30])
        #expect(advice.packages.flatMap(\.lines).map(\.orderLineNumber) == [1, 2, 1, 4])
        #expect(advice.buyer?.locationNumber == "4054321000009")
    }

    @Test(arguments: DocumentStyle.Despatch.allCases)
    func `all faults are named at once`(kind: DocumentStyle.Despatch) throws {
        var shipment = Samples.shipment([
            SinkPackage(lines: [
                try Samples.shipped("id:999", "1"), try Samples.shipped("id:901", "0"), try Samples.shipped("id:902", "-1"),
            ]), SinkPackage(lines: [try Samples.shipped("id:903", "1")]),
        ])
        shipment.shippedAt = "2025-11-21T10:30:00"
        shipment.expectedDate = "tomorrow"
        var receipt = Samples.receipt
        receipt.lines[1].erpLineNumber = nil
        let faults = try Samples.faults { _ = try Samples.documents(shipment, receipt: receipt) { $0.despatch = kind } }
        #expect(
            faults == [
                "order CS48193, shipped_at: not a date and time with its zone, such as 2026-11-21T10:30:00+01:00",
                "order CS48193, packages[0].lines[0].line: the order has no line 'id:999'",
                "order CS48193, line 1, packages[0].lines[1].quantity: 0 is not a quantity above zero",
                "order CS48193, line 2, packages[0].lines[2].quantity: -1 is not a quantity above zero",
                "order CS48193, line 2, ERP line number: the ERP gave the line no number",
                "order CS48193, packages[1].lines[0].line: the order has no line 'id:903'",
            ])
        shipment.shippedAt = "2025-11-21T10:30:00+01:00"
        shipment.packages = []
        let dated = try Samples.faults { _ = try Samples.documents(shipment) { $0.despatch = kind } }
        #expect(dated == ["order CS48193, expected_date: not a date such as 2026-11-22"])
    }

    @Test func `faults of several messages are named at once`() throws {
        let shipment = Samples.shipment([
            SinkPackage(trackingCode: "A", lines: [try Samples.shipped("id:901", "0.00001")]),
            SinkPackage(trackingCode: "B", lines: [try Samples.shipped("id:902", "123456789")]),
        ])
        #expect(
            try Samples.faults { _ = try Samples.documents(shipment) } == [
                "order CS48193, line 10, Item/QuantityValue: 0.00001 has more than 4 decimals",
                "order CS48193, line 20, Item/QuantityValue: 123456789 has more than 8 digits before the point",
            ])
    }

    @Test func `a number longer than the document has room for is a fault`() throws {
        var shipment = try Samples.threePackages()
        shipment.id = String(repeating: "7", count: 36)
        let faults = try Samples.faults { _ = try Samples.documents(shipment) { $0.despatch = .edifact } }
        #expect(faults == ["order CS48193, BGM 1004: '\(shipment.id)' is longer than 35 signs"])
    }

    @Test func `without a reference only the shop itself can be told`() throws {
        var order = Samples.order
        order.reference = nil
        #expect(try Samples.documents(Samples.threePackages(), order: order).count == 3)
        let faults = try Samples.faults {
            _ = try Samples.documents(Samples.threePackages(), order: order) { $0.despatch = .edifact }
        }
        #expect(faults == ["order id 48193, order number: the shop gave the order no reference"])
    }

    @Test(arguments: DocumentStyle.Despatch.allCases)
    func `what left the house is what the documents say, whatever the shipment`(kind: DocumentStyle.Despatch) throws {
        var random = SeededGenerator(seed: 20_251_121)
        for _ in 0..<200 {
            let shipment = try self.shipment(&random)
            let documents = try Samples.documents(shipment) { $0.despatch = kind }
            #expect(try Self.told(documents, kind) == Self.sums(shipment))
            #expect(Set(documents.map(\.number)).count == documents.count)
            let again = try Samples.documents(shipment) { $0.despatch = kind }
            #expect(again.map(\.bytes) == documents.map(\.bytes))
            // The shop's message says nothing of when we told it.
            let later = try Samples.documents(shipment, at: Samples.at + .seconds(90_000)) { $0.despatch = kind }
            #expect((later.map(\.bytes) == documents.map(\.bytes)) == (kind == .desadv))
        }
    }

    private func shipment(_ random: inout SeededGenerator) throws -> SinkShipment {
        let keys = ["id:901", "id:902", "position:4"]
        var packages: [SinkPackage] = []
        for index in 0..<Int.random(in: 1...5, using: &random) {
            // cXML wants a tracking code somewhere.
            let code = index == 0 || random.oneIn(2) ? "T\(Int.random(in: 0..<3, using: &random))" : nil
            var lines: [SinkShippedLine] = []
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let quantity = "\(Int.random(in: 0...99, using: &random)).\(Int.random(in: 1...9999, using: &random))"
                lines.append(try Samples.shipped(random.pick(keys), quantity))
            }
            packages.append(SinkPackage(trackingCode: code, lines: lines))
        }
        return Samples.shipment(packages)
    }

    /// By ERP line number.
    private static func sums(_ shipment: SinkShipment) -> [Int64: ExactDecimal] {
        shipment.packages.flatMap(\.lines).reduce(into: [:]) { sums, line in
            let number = Samples.receipt.lines.first { $0.lineKey == line.lineKey }?.erpLineNumber ?? 0
            sums[number] = (sums[number] ?? .zero).adding(line.quantity)
        }
    }

    private static func told(
        _ documents: [(number: String, bytes: [UInt8])], _ kind: DocumentStyle.Despatch
    ) throws -> [Int64: ExactDecimal] {
        var sums: [Int64: ExactDecimal] = [:]
        func add(_ number: Int64, _ quantity: ExactDecimal) { sums[number] = (sums[number] ?? .zero).adding(quantity) }
        for document in documents {
            switch kind {
            case .desadv: for item in try DesadvDocument(document.bytes).items { add(item.lineNumber, item.quantity) }
            case .cxml:
                for item in try ShipNoticeRequest.parse(document.bytes).body.portions.flatMap(\.items) {
                    // It knows the order's lines: 1, 2 and 4.
                    add([1: 10, 2: 20, 4: 30][item.lineNumber] ?? 0, item.quantity)
                }
            case .edifact:
                for message in try EDIFACTInterchange(document.bytes).messages {
                    for line in try DespatchAdvice(message).packages.flatMap(\.lines) { add(line.erpLineNumber, line.quantity) }
                }
            }
        }
        return sums
    }
}
