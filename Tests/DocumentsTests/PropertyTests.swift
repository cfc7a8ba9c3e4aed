import Documents
import Orders
import TestSupport
import Testing
import XMLKit

/// What must hold for every shipment and every confirmation, tried on thousands of odd ones.
struct PropertyTests {
    private static let envelope = Result { try CXMLSamples.envelope() }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `a thousand delivery messages are read as they were written, and nothing is lost`(seed: UInt64) throws {
        var random = RandomDocuments(seed: seed)
        for _ in 0..<50 {
            let despatch = random.despatch()
            let shipped = Self.quantities(despatch.lines.map { ("\($0.order.erpNumber) \($0.erpLineNumber)", $0.quantity) })
            for split in [PackageSplit.messagePerTrackingCode, .oneMessage] {
                let documents = try DesadvDocument.documents(for: despatch, split: split)
                let read = try documents.map { try DesadvDocument($0.render()) }
                try #require(read == documents)
                let items = read.flatMap(\.items).map { ("\($0.orderNumber) \($0.lineNumber)", $0.quantity) }
                try #require(Self.quantities(items) == shipped)
                try #require(Set(read.map(\.number)).count == read.count)
            }
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `a thousand cXML ship notices are valid and read as they were written`(seed: UInt64) throws {
        let dtd = try DTD(Fixture.bytes("cxml/dtd/1.2.050/Fulfill.dtd"))
        let reader = XMLReader(limits: .document)
        var random = RandomDocuments(seed: seed)
        for _ in 0..<50 {
            let despatch = random.despatch()
            let notice = try ShipNoticeRequest(despatch, language: "en")
            let bytes = try notice.render(in: Self.envelope.get())
            try #require(reader.validate(bytes, against: dtd).isEmpty)
            let read = try ShipNoticeRequest.parse(bytes).body
            try #require(read == notice)
            let items = read.portions.flatMap { portion in
                portion.items.map { ("\(portion.order.orderID ?? "") \($0.lineNumber)", $0.quantity) }
            }
            let shipped = despatch.lines.map { ("\($0.order.number) \($0.orderLineNumber)", $0.quantity) }
            try #require(Self.quantities(items) == Self.quantities(shipped))
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `a thousand cXML confirmations are valid and read as they were written`(seed: UInt64) throws {
        let dtd = try DTD(Fixture.bytes("cxml/dtd/1.2.063/Fulfill.dtd"))
        let reader = XMLReader(limits: .document)
        var random = RandomDocuments(seed: seed)
        for _ in 0..<50 {
            let confirmation = random.confirmation()
            var style = ConfirmationStyle(erpOrderNumberName: "erpOrderNumber")
            if random.generator.oneIn(2) { style.erpLineNumberName = "erpLineNumber" }
            let request = ConfirmationRequest(Self.withReasonForRejection(confirmation), style: style)
            let bytes = try request.render(in: Self.envelope.get())
            try #require(reader.validate(bytes, against: dtd).isEmpty)
            let read = try ConfirmationRequest.parse(bytes).body
            try #require(read == request)
            for item in read.items {
                try #require(item.statuses.reduce(ExactDecimal.zero) { $0.adding($1.quantity) ?? $0 } == item.quantity)
            }
            if style.erpLineNumberName != nil, read.kind != .reject { try #require(read.items.count == confirmation.lines.count) }
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `a thousand EDIFACT despatch advices and order responses are read as they were written`(seed: UInt64) throws {
        var random = RandomDocuments(seed: seed, alphabet: .latin1)
        for _ in 0..<50 {
            let profile = random.generator.pick([EDIFACTProfile(directory: .d96a), EDIFACTProfile(directory: .d01b)])
            let (advice, response) = (DespatchAdvice(random.despatch()), OrderResponse(random.confirmation()))
            let interchange = try EDIFACTSamples.interchange([advice.render(profile).message, response.render(profile).message])
            let layout = EDIFACTLayout(hasServiceAdvice: random.generator.oneIn(2), breaksLines: random.generator.oneIn(2))
            let read = try EDIFACTInterchange(interchange.render(layout: layout))
            try #require(read == interchange)
            try #require(try DespatchAdvice(read.messages[0]) == advice)
            try #require(try OrderResponse(read.messages[1]) == response)
        }
    }

    @Test func `the programs of others find nothing wrong with hundreds of cXML documents`() async throws {
        var random = RandomDocuments(seed: 77)
        var documents: [[UInt8]] = []
        for version in ["1.2.050", "1.2.063"] {
            let envelope = try CXMLSamples.envelope(version: version)
            for _ in 0..<60 {
                documents.append(try ShipNoticeRequest(random.despatch(), language: "nl").render(in: envelope))
                let confirmation = Self.withReasonForRejection(random.confirmation())
                documents.append(try ConfirmationRequest(confirmation).render(in: envelope))
            }
        }
        let lintComplaints = try await Judges.xmllint(documents)
        #expect(lintComplaints == "")
        let javaComplaints = try await Judges.java(documents)
        #expect(javaComplaints == "")
    }

    @Test func `another engine finds nothing wrong with hundreds of EDIFACT files`() async throws {
        var random = RandomDocuments(seed: 78, alphabet: .latin1)
        var files: [[UInt8]] = []
        for index in 0..<150 {
            let profile = EDIFACTProfile(directory: index.isMultiple(of: 2) ? .d96a : .d01b)
            let message =
                index % 3 == 0
                ? try OrderResponse(random.confirmation()).render(profile).message
                : try DespatchAdvice(random.despatch()).render(profile).message
            files.append(try EDIFACTSamples.interchange([message], reference: "1A\(index)").render())
        }
        let ediComplaints = try await Judges.ediCheck(files)
        #expect(ediComplaints == "")
    }

    /// Whole quantities by order and line.
    private static func quantities(_ parts: [(key: String, quantity: ExactDecimal)]) -> [String: ExactDecimal] {
        Dictionary(parts.map { ($0.key, $0.quantity) }) { $0.adding($1) ?? $0 }
    }

    /// A rejection without any reason is a fault, which is another test's subject.
    private static func withReasonForRejection(_ confirmation: OrderConfirmation) -> OrderConfirmation {
        var confirmation = confirmation
        confirmation.comment = confirmation.comment ?? "as told on the telephone"
        return confirmation
    }
}
