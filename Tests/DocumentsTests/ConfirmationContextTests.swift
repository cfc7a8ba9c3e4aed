import Documents
import Orders
import Testing

/// What a confirmation is held against: the order, and what was confirmed before.
struct ConfirmationContextTests {
    private typealias Samples = CXMLSamples

    private static func order() throws -> ConfirmationContext.OrderedDocument {
        var line = ConfirmationContext.OrderedDocument.Line(lineNumber: 1, quantity: ExactDecimal(5), unit: "EA")
        line.unitPrice = CXMLMoney(ExactDecimal(10), "EUR")
        line.requestedDelivery = try Samples.time("2024-03-10T00:00:00+01:00")
        let second = ConfirmationContext.OrderedDocument.Line(lineNumber: 2, quantity: ExactDecimal(5), unit: "EA")
        var order = ConfirmationContext.OrderedDocument(reference: Samples.order, lines: [line, second])
        order.total = CXMLMoney(ExactDecimal(50), "EUR")
        order.shipping = CXMLMoney(ExactDecimal(4), "EUR")
        order.tax = CXMLMoney(ExactDecimal(9), "EUR")
        return order
    }

    private static func faults(_ confirmation: ConfirmationRequest) throws -> [String] {
        ConfirmationContext(order: try order()).faults(in: confirmation).map { "\($0.element): \($0.message)" }
    }

    private static func earlier(
        _ kind: ConfirmationRequest.Kind, lines: [Int64] = [], id: String?, payloadID: String = "1@x",
        operation: CXMLOperation = .new
    ) throws -> ConfirmationContext.Earlier {
        var confirmation = try Samples.confirmation(kind, lines.map { Samples.item($0, [Samples.status(.accept)]) })
        confirmation.confirmID = id
        confirmation.operation = operation
        return ConfirmationContext.Earlier(payloadID: payloadID, confirmation: confirmation)
    }

    @Test func `the order is named exactly as it came`() throws {
        var confirmation = try Samples.confirmation(.accept)
        #expect(try Self.faults(confirmation).isEmpty)
        confirmation.order = CXMLOrderReference(orderID: "po-4712", orderDate: "2024-03-04", payloadID: "other")
        #expect(
            try Self.faults(confirmation) == [
                "OrderReference/@orderID: 'po-4712' is not the order's spelling, 'PO-4712'",
                "OrderReference/@orderDate: '2024-03-04' is not the order's spelling, '2024-03-04T09:00:00+01:00'",
                "OrderReference/DocumentReference/@payloadID: not the payloadID of the order",
            ])
    }

    @Test func `a line's number, quantity and unit are the order's`() throws {
        var line = Samples.item(1, [Samples.status(.accept, 4)])
        line.unit = "KGM"
        let unknown = Samples.item(9, [Samples.status(.accept)])
        #expect(
            try Self.faults(Samples.confirmation(.accept, [line, unknown])) == [
                "ConfirmationItem/@quantity: the order says 5", "ConfirmationItem/UnitOfMeasure: the order says EA",
                "ConfirmationItem/@lineNumber: the order has no such line",
            ])
    }

    @Test func `sums and prices stand only where they differ`() throws {
        var confirmation = try Samples.confirmation(
            .detail, [Samples.item(1, [Samples.status(.detail) { $0.unitPrice = CXMLMoney(ExactDecimal(10), "EUR") }])])
        confirmation.total = CXMLMoney(ExactDecimal(50), "EUR")
        confirmation.shipping = Samples.charge(4)
        confirmation.tax = Samples.charge(9)
        #expect(
            try Self.faults(confirmation).map { $0.prefix { $0 != ":" } } == [
                "ConfirmationHeader/Total", "ConfirmationHeader/Shipping", "ConfirmationHeader/Tax",
                "ConfirmationStatus/UnitPrice",
            ])
    }

    @Test func `a total differs only where a price or a quantity does`() throws {
        var confirmation = try Samples.confirmation(.accept)
        confirmation.total = CXMLMoney(ExactDecimal(49), "EUR")
        #expect(
            try Self.faults(confirmation) == ["ConfirmationHeader/Total: a total differs only where a price or a quantity does"])
        confirmation.kind = .except
        confirmation.items = [Samples.item(1, [Samples.status(.reject)])]
        #expect(try Self.faults(confirmation).isEmpty)
    }

    @Test func `the date asked for is not repeated`() throws {
        let line = try Samples.item(
            1, [Samples.status(.accept) { $0.deliveryTime = try Samples.time("2024-03-10T00:00:00+01:00") }])
        #expect(try Self.faults(Samples.confirmation(.accept, [line])).count == 1)
    }

    @Test(
        arguments: [
            (
                "a detail after a detail of other lines", ConfirmationRequest.Kind.detail, [2], ConfirmationRequest.Kind.detail,
                [1], 0
            ),
            ("a line in two details", .detail, [1], .detail, [1], 1),
            ("a detail after an accept", .detail, [1], .accept, [], 1),
            ("a second accept", .accept, [], .accept, [], 1),
            ("a reject after an except", .reject, [], .except, [1], 1),
            ("an accept that makes details void", .accept, [], .detail, [1], 0),
            ("everything backordered after a detail", .backordered, [], .detail, [1], 1),
            ("a detail after everything was backordered", .detail, [1], .backordered, [], 1),
            ("an except after everything was backordered", .except, [1], .backordered, [], 0),
            ("everything backordered after an accept", .backordered, [], .accept, [], 1),
        ] as [(String, ConfirmationRequest.Kind, [Int64], ConfirmationRequest.Kind, [Int64], Int)])
    func `several confirmations of an order`(
        name: String, kind: ConfirmationRequest.Kind, lines: [Int64], earlierKind: ConfirmationRequest.Kind,
        earlierLines: [Int64],
        faults: Int
    ) throws {
        let context = ConfirmationContext(earlier: [try Self.earlier(earlierKind, lines: earlierLines, id: "CONF-1")])
        let confirmation = try Samples.confirmation(kind, lines.map { Samples.item($0, [Samples.status(.accept)]) })
        #expect(context.faults(in: confirmation).count == faults, "\(name)")
    }

    @Test func `an update names the latest version of its own confirmID`() throws {
        let context = ConfirmationContext(earlier: [
            try Self.earlier(.detail, lines: [1], id: "CONF-2", payloadID: "1@x"),
            try Self.earlier(.detail, lines: [1], id: "CONF-2", payloadID: "2@x", operation: .update(replaces: "1@x")),
            try Self.earlier(.detail, lines: [2], id: nil, payloadID: "3@x"),
        ])
        var update = try Samples.confirmation(.detail, [Samples.item(1, [Samples.status(.unknown)])])
        update.operation = .update(replaces: "2@x")
        #expect(context.faults(in: update).isEmpty)
        update.operation = .update(replaces: "1@x")
        #expect(context.faults(in: update).map(\.message) == ["an update names the latest version, not an earlier one"])
        update.confirmID = "CONF-9"
        #expect(context.faults(in: update).map(\.message) == ["there is no earlier confirmation of this confirmID"])
        update.confirmID = nil
        update.operation = .update(replaces: "3@x")
        #expect(context.faults(in: update).map(\.message) == ["the line stands in another confirmation of the order"])
    }

    @Test func `what an answer to the whole order made void is no longer in the way`() throws {
        let context = ConfirmationContext(earlier: [
            try Self.earlier(.detail, lines: [1], id: "CONF-1", payloadID: "1@x"),
            try Self.earlier(.except, lines: [1], id: "CONF-2", payloadID: "2@x"),
        ])
        var update = try Samples.confirmation(.except, [Samples.item(1, [Samples.status(.unknown)])])
        update.operation = .update(replaces: "2@x")
        #expect(context.faults(in: update).isEmpty)
    }

    @Test func `a new confirmation has a number of its own`() throws {
        let context = ConfirmationContext(earlier: [try Self.earlier(.detail, lines: [1], id: "CONF-2")])
        let again = try Samples.confirmation(.detail, [Samples.item(2, [Samples.status(.accept)])])
        #expect(context.faults(in: again).map(\.element) == ["ConfirmationHeader/@confirmID"])
    }
}
