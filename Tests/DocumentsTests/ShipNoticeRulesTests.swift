import Documents
import Orders
import Testing

/// The rules for ship notices that only the comments of `Fulfill.dtd` state, one test each.
struct ShipNoticeRulesTests {
    private typealias Samples = CXMLSamples

    private static func faults(_ change: (inout ShipNoticeRequest) throws -> Void) throws -> [String] {
        var notice = try Samples.shipNotice()
        try change(&notice)
        return try Samples.faults { try notice.render(in: Samples.envelope()) }
    }

    @Test func `a notice has both dates, a service level, a carrier and something in it`() throws {
        let faults = try Self.faults {
            $0.shipmentTime = nil
            $0.deliveryTime = nil
            $0.serviceLevels = []
            $0.controls = []
            $0.portions = []
        }
        #expect(
            faults == [
                "ShipNoticeHeader/@shipmentDate: a mandatory value is missing",
                "ShipNoticeHeader/@deliveryDate: a mandatory value is missing",
                "ShipNoticeHeader/ServiceLevel: a mandatory value is missing", "ShipControl: a mandatory value is missing",
                "ShipNoticePortion: there is nothing in the shipment",
            ])
    }

    @Test func `a notice that deletes needs none of them`() throws {
        let deletion = ShipNoticeRequest(shipmentID: "S", operation: .delete(replaces: "1@x"), noticeTime: try Samples.time())
        #expect(try Samples.faults { try deletion.render(in: Samples.envelope()) }.isEmpty)
    }

    @Test func `update and delete name what they replace`() throws {
        #expect(try Self.faults { $0.operation = .update(replaces: "") }.count == 1)
        #expect(try Self.faults { $0.operation = .update(replaces: "1@x") }.isEmpty)
        #expect(try Self.faults { $0.operation = .delete(replaces: " ") }.count == 1)
    }

    @Test func `a service level stands once a language`() throws {
        #expect(
            try Self.faults {
                $0.serviceLevels.append(ShipNoticeRequest.ServiceLevel(language: "nl", text: "standaard"))
            }.isEmpty)
        #expect(try Self.faults { $0.serviceLevels.append($0.serviceLevels[0]) }.count == 1)
    }

    @Test func `only the first carrier has no start, and starts rise`() throws {
        #expect(try Self.faults { $0.controls[0].startTime = try Samples.time() }.count == 1)
        var later = Samples.control("Second", "Z9")
        later.contacts = [CXMLContact(role: "shipFrom", name: "Harbour")]
        #expect(
            try Self.faults { $0.controls.append(later) } == [
                "order PO-4712, ShipControl/@startDate: each carrier but the first has one"
            ])
        later.startTime = try Samples.time("2024-03-07T08:00:00+01:00")
        var third = later
        third.startTime = try Samples.time("2024-03-07T07:00:00+00:00")
        #expect(
            try Self.faults { $0.controls += [later, third] }.map { $0.suffix(31) }
                == [": the carriers' starts are to rise"].map { $0.suffix(31) })
        third.startTime = try Samples.time("2024-03-07T07:00:01+00:00")
        #expect(try Self.faults { $0.controls += [later, third] }.isEmpty)
    }

    @Test func `a later carrier says from where`() throws {
        var later = Samples.control("Second", "Z9")
        later.startTime = try Samples.time()
        #expect(try Self.faults { $0.controls.append(later) }.count == 1)
    }

    @Test func `an order stands in a notice once`() throws {
        #expect(
            try Self.faults { $0.portions.append($0.portions[0]) } == [
                "order PO-4712, ShipNoticePortion: an order stands in a notice once"
            ])
    }

    @Test func `an order is the same one by its payloadID, and by its number where it has none`() throws {
        let add = { (change: @escaping (inout CXMLOrderReference) -> Void) in
            { (notice: inout ShipNoticeRequest) in
                var portion = notice.portions[0]
                change(&portion.order)
                notice.portions.append(portion)
            }
        }
        #expect(try Self.faults(add { $0.orderDate = nil }).count == 1)
        #expect(try Self.faults(add { $0.orderID = nil }).count == 1)
        #expect(try Self.faults(add { $0 = CXMLOrderReference(orderID: "PO-4713", payloadID: "") }).isEmpty)
    }

    @Test func `an order without lines in it was sent whole`() throws {
        #expect(try Self.faults { $0.portions[0].items = [] }.isEmpty)
    }

    @Test func `an extrinsic's name stands in the header or in a portion`() throws {
        #expect(
            try Self.faults {
                $0.extrinsics = [CXMLExtrinsic("a", "1")]
                $0.portions[0].extrinsics = [CXMLExtrinsic("b", "1")]
            }.isEmpty)
        #expect(
            try Self.faults {
                $0.extrinsics = [CXMLExtrinsic("a", "1")]
                $0.portions[0].extrinsics = [CXMLExtrinsic("a", "2")]
            } == ["order PO-4712, ShipNoticePortion/Extrinsic: the name 'a' stands more than once"])
    }

    @Test func `a line stands in a portion once`() throws {
        #expect(
            try Self.faults { $0.portions[0].items.append($0.portions[0].items[0]) } == [
                "order PO-4712, line 1, ShipNoticeItem/@lineNumber: a line stands in a portion once"
            ])
    }

    @Test func `quantities, units and container codes are what they should be`() throws {
        let faults = try Self.faults {
            $0.portions[0].items[0].quantity = .zero
            $0.portions[0].items[0].unit = "piece"
            $0.portions[0].items[0].packages[0].containerCode = "340123450000000018"
        }
        #expect(
            faults == [
                "order PO-4712, line 1, ShipNoticeItem/@quantity: 0 is not a quantity above zero",
                "order PO-4712, line 1, ShipNoticeItem/UnitOfMeasure: 'piece' is not a unit of UN/CEFACT recommendation 20 such as EA",
                "order PO-4712, line 1, ShipNoticeItem/Packaging/ShippingContainerSerialCode: '340123450000000018' is not an SSCC",
            ])
    }

    @Test func `goods don't arrive before they leave`() throws {
        #expect(try Self.faults { $0.deliveryTime = try Samples.time("2024-03-06T15:29:59+01:00") }.count == 1)
        #expect(try Self.faults { $0.deliveryTime = try Samples.time("2024-03-06T14:30:00+00:00") }.isEmpty)
    }
}
