import Documents
import Orders
import Testing

/// The rules that only the comments of `Fulfill.dtd` state, one test each.
struct ConfirmationRulesTests {
    private typealias Samples = CXMLSamples

    private static func faults(_ confirmation: ConfirmationRequest) throws -> [String] {
        try Samples.faults { try confirmation.render(in: Samples.envelope()) }
    }

    private static func faults(
        _ kind: ConfirmationRequest.Kind, _ items: [Samples.Item] = [], change: (inout ConfirmationRequest) -> Void = { _ in }
    ) throws -> [String] {
        var confirmation = try Samples.confirmation(kind, items)
        change(&confirmation)
        return try faults(confirmation)
    }

    private static let order = "order PO-4712"

    @Test func `accept needs no lines and takes only accepted ones`() throws {
        #expect(try Self.faults(.accept).isEmpty)
        #expect(try Self.faults(.accept, [Samples.item(1, [Samples.status(.accept)])]).isEmpty)
        #expect(
            try Self.faults(.accept, [Samples.item(1, [Samples.status(.backordered)])]) == [
                "\(Self.order), line 1, ConfirmationStatus/@type: a status backordered can't stand in a confirmation of type accept"
            ])
    }

    @Test func `reject has no lines and gives its reason`() throws {
        #expect(try Self.faults(.reject) { $0.comments = ["Discontinued."] }.isEmpty)
        #expect(try Self.faults(.reject) == ["\(Self.order), ConfirmationHeader/Comments: a rejection gives its reason"])
        let lines = [Samples.item(1, [Samples.status(.reject)])]
        #expect(
            try Self.faults(.reject, lines) { $0.comments = ["Discontinued."] }.contains(
                "\(Self.order), ConfirmationRequest: a confirmation of type reject has no lines"))
    }

    @Test func `backordered needs no lines and takes only backordered ones`() throws {
        #expect(try Self.faults(.backordered).isEmpty)
        #expect(try Self.faults(.backordered, [Samples.item(1, [Samples.status(.backordered)])]).isEmpty)
        #expect(try Self.faults(.backordered, [Samples.item(1, [Samples.status(.accept)])]).count == 1)
    }

    @Test(arguments: [ConfirmationRequest.Kind.detail, .allDetail, .except, .replace])
    func `a confirmation about lines needs lines`(kind: ConfirmationRequest.Kind) throws {
        #expect(
            try Self.faults(kind) == ["\(Self.order), ConfirmationRequest: a confirmation of type \(kind.rawValue) needs lines"])
    }

    @Test(arguments: [ConfirmationRequest.Kind.detail, .except])
    func `detail and except take every status but allDetail and requestToPay`(kind: ConfirmationRequest.Kind) throws {
        for status in ConfirmationRequest.Status.Kind.allCases {
            let line = Samples.item(1, [Samples.status(status) { if status == .detail { $0.shipping = Samples.charge(1) } }])
            let isForbidden = try Self.faults(kind, [line]).contains { $0.contains("ConfirmationStatus/@type") }
            #expect(isForbidden == (status == .allDetail || status == .requestToPay), "\(status)")
        }
    }

    @Test func `allDetail takes neither accept nor detail and gives each article in full`() throws {
        let whole = Samples.item(1, [Samples.status(.allDetail) { $0.replacement = Samples.replacement() }])
        let others = [ConfirmationRequest.Status.Kind.reject, .unknown, .backordered].enumerated().map {
            Samples.item(Int64($0.offset + 2), [Samples.status($0.element)])
        }
        #expect(try Self.faults(.allDetail, [whole] + others).isEmpty)
        #expect(
            try Self.faults(.allDetail, [Samples.item(1, [Samples.status(.allDetail)])]) == [
                "\(Self.order), line 1, ConfirmationStatus/ItemIn: the article is to be given in full"
            ])
        for kind in [ConfirmationRequest.Status.Kind.accept, .detail] {
            #expect(try Self.faults(.allDetail, [Samples.item(1, [Samples.status(kind)])]).contains { $0.contains("@type") })
        }
    }

    @Test func `a status requestToPay stands in a requestToPay only, and nothing else does`() throws {
        #expect(try Self.faults(.requestToPay).isEmpty)
        #expect(try Self.faults(.requestToPay, [Samples.item(1, [Samples.status(.requestToPay)])]).isEmpty)
        #expect(try Self.faults(.requestToPay, [Samples.item(1, [Samples.status(.accept)])]).count == 1)
    }

    @Test func `replace holds only details with an article`() throws {
        let line = Samples.item(1, [Samples.status(.detail) { $0.replacement = Samples.replacement() }])
        #expect(try Self.faults(.replace, [line]).isEmpty)
        let without = Samples.item(1, [Samples.status(.detail) { $0.unitPrice = CXMLMoney(ExactDecimal(1), "EUR") }])
        #expect(try Self.faults(.replace, [without]).count == 1)
        #expect(try Self.faults(.replace, [Samples.item(1, [Samples.status(.accept)])]).count == 2)
    }

    @Test func `a detail says what differs`() throws {
        #expect(try Self.faults(.detail, [Samples.item(1, [Samples.status(.detail)])]).count == 1)
        let changes: [(inout Samples.Status) throws -> Void] = [
            { $0.unitPrice = CXMLMoney(ExactDecimal(1), "EUR") }, { $0.shipping = Samples.charge(1) },
            { $0.tax = Samples.charge(1) },
            { $0.replacement = Samples.replacement() }, { $0.deliveryTime = try Samples.time() },
        ]
        for change in changes {
            #expect(try Self.faults(.detail, [Samples.item(1, [Samples.status(.detail, change: change)])]).isEmpty)
        }
    }

    @Test func `of a backordered part only the dates count`() throws {
        let dated = try Samples.item(1, [Samples.status(.backordered) { $0.deliveryTime = try Samples.time() }])
        #expect(try Self.faults(.except, [dated]).isEmpty)
        let priced = Samples.item(1, [Samples.status(.backordered) { $0.tax = Samples.charge(1) }])
        #expect(
            try Self.faults(.except, [priced]) == [
                "\(Self.order), line 1, ConfirmationStatus: of a status backordered only the dates count"
            ])
    }

    @Test func `extra tax and shipping go with accept`() throws {
        let line = Samples.item(1, [Samples.status(.accept) { $0.tax = Samples.charge(1) }])
        #expect(try Self.faults(.except, [line]).isEmpty)
    }

    @Test func `an article has the status's quantity and unit and stands alone`() throws {
        let wrong = Samples.item(1, [Samples.status(.detail, 5) { $0.replacement = Samples.replacement(4) }])
        #expect(
            try Self.faults(.detail, [wrong]) == [
                "\(Self.order), line 1, ItemIn/@quantity: the article's quantity and unit are the status's, 5 EA"
            ])
        let otherUnit = Samples.item(
            1,
            [
                Samples.status(.detail) {
                    $0.replacement = Samples.replacement(); $0.replacement?.unit = "KGM"
                }
            ])
        #expect(try Self.faults(.detail, [otherUnit]).count == 1)
        let beside = Samples.item(
            1,
            [
                Samples.status(.detail) {
                    $0.replacement = Samples.replacement()
                    $0.tax = Samples.charge(1)
                }
            ])
        #expect(try Self.faults(.detail, [beside]).count == 1)
        let accepted = Samples.item(1, [Samples.status(.accept) { $0.replacement = Samples.replacement() }])
        #expect(try Self.faults(.except, [accepted]).count == 1)
    }

    @Test func `the parts of a line add up to its quantity, in its unit`() throws {
        var line = Samples.item(1, [Samples.status(.accept, 3), Samples.status(.reject, 2)])
        #expect(try Self.faults(.except, [line]).isEmpty)
        line.quantity = ExactDecimal(6)
        #expect(
            try Self.faults(.except, [line]) == [
                "\(Self.order), line 1, ConfirmationStatus/@quantity: the parts don't add up to the line's quantity, 6"
            ])
        line.quantity = ExactDecimal(5)
        line.statuses[1].unit = "KGM"
        #expect(try Self.faults(.except, [line]).count == 1)
    }

    @Test func `a line stands in a document once`() throws {
        let line = Samples.item(1, [Samples.status(.accept)])
        #expect(
            try Self.faults(.accept, [line, line]) == [
                "\(Self.order), line 1, ConfirmationItem/@lineNumber: a line stands in a document once"
            ])
    }

    @Test func `an update names what it replaces`() throws {
        #expect(try Self.faults(.accept) { $0.operation = .update(replaces: "1@connector.example") }.isEmpty)
        #expect(try Self.faults(.accept) { $0.operation = .update(replaces: "") }.count == 1)
    }

    @Test(arguments: [
        (
            "<DocumentReference payloadID=\"1@x\"/>", "new",
            "ConfirmationHeader/DocumentReference: it stands only where an earlier document is replaced"
        ),
        ("", "update", "ConfirmationHeader/DocumentReference: the element is missing"),
        ("", "delete", "ConfirmationHeader/@operation: neither new nor update"),
    ])
    func `only an update names an earlier document`(reference: String, operation: String, description: String) throws {
        let text = String(decoding: try Samples.confirmation(.accept).render(in: Samples.envelope()), as: UTF8.self)
        let header = try #require(text.firstMatch(of: /<ConfirmationHeader[^>]*operation="new"[^>]*?\/?>/)?.output)
        let opened = header.hasSuffix("/>") ? header.dropLast(2) + ">" : header
        let wrong = opened.replacing("operation=\"new\"", with: "operation=\"\(operation)\"") + reference
        let changed = text.replacing(header, with: header.hasSuffix("/>") ? wrong + "</ConfirmationHeader>" : wrong)
        #expect(changed != text)
        #expect(DocumentCheck(Array(changed.utf8)).faults.map(\.description) == [description])
    }

    @Test func `a contact's role and an extrinsic's name stand in one place`() throws {
        var line = Samples.item(1, [Samples.status(.accept) { $0.extrinsics = [CXMLExtrinsic("a", "1")] }])
        line.contacts = [CXMLContact(role: "sales", name: "Ann")]
        #expect(
            try Self.faults(.accept, [line]) {
                $0.extrinsics = [CXMLExtrinsic("b", "1")]
                $0.contacts = [CXMLContact(role: "support", name: "Ben")]
            }.isEmpty)
        let faults = try Self.faults(.accept, [line]) {
            $0.extrinsics = [CXMLExtrinsic("a", "1"), CXMLExtrinsic("c", "1"), CXMLExtrinsic("c", "2")]
            $0.contacts = [CXMLContact(role: "sales", name: "Ben"), CXMLContact(role: "sales", name: "Cem")]
        }
        #expect(
            faults == [
                "\(Self.order), ConfirmationHeader/Contact: the role 'sales' stands more than once",
                "\(Self.order), ConfirmationHeader/Extrinsic: the name 'c' stands more than once",
                "\(Self.order), line 1, ConfirmationItem/Contact: the role 'sales' stands more than once",
                "\(Self.order), line 1, ConfirmationStatus/Extrinsic: the name 'a' stands more than once",
            ])
    }

    @Test(
        arguments: [
            (.reject, .except), (.unknown, .except), (.requestToPay, .requestToPay),
        ] as [(ConfirmationRequest.Status.Kind, ConfirmationRequest.Kind)])
    func `dates belong to what will come`(kind: ConfirmationRequest.Status.Kind, of type: ConfirmationRequest.Kind) throws {
        let line = try Samples.item(1, [Samples.status(kind) { $0.deliveryTime = try Samples.time() }])
        #expect(try Self.faults(type, [line]).count == 1)
    }
}
