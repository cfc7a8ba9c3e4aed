import Documents
import Orders
import TestSupport
import Testing

struct EDIFACTMessageTests {
    private typealias Samples = EDIFACTSamples

    private static func text(_ bytes: [UInt8]) -> [String] {
        String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })).replacing("'\r\n", with: "'\n").split(separator: "\n")
            .map(String.init)
    }

    @Test func `a shipment becomes a DESADV of D.96A`() throws {
        let rendering = try DespatchAdvice(Samples.despatch()).render(EDIFACTProfile(directory: .d96a))
        let bytes = try Samples.interchange([rendering.message]).render(layout: EDIFACTLayout(breaksLines: true))
        #expect(
            Self.text(bytes) == [
                "UNA:+.? '", "UNB+UNOC:3+4012345000009:14+4054321000009:14+240306:1605+1A00000001++DESADV++++1'",
                "UNH+1+DESADV:D:96A:UN'",
                "BGM+351+DN-1001+9'", "DTM+137:20240306:102'", "DTM+11:20240306:102'", "DTM+17:20240306:102'", "RFF+ON:PO-4712'",
                "RFF+VN:ERP-1'", "NAD+BY+4054321000009::9'",
                "NAD+SU+4012345000009::9++Müller ?+ Söhne Großhandel für Schra:uben und Dübel GmbH & Co. KG+Straße 1+Köln++50667+DE'",
                "NAD+DP+4054321000016::9'", "TDT+12++++:::Paketdienst'", "CPS+1'", "FTX+AAI+++Rampe 3'", "PAC+2'", "CPS+2+1'",
                "PAC+1++CT'", "MEA+PD+AAB+KGM:3.25'", "PCI+33E'", "RFF+AAS:JD0001'", "GIN+BJ+340123450000000017'",
                "LIN+1++4000862141404:EN'", "PIA+1+ART-0001:SA+B?+1:IN'",
                "IMD+F++:::Schraube M8?: 10 mm?'s beste, verzink:t?? Ja'",
                "QTY+12:6:PCE'", "GIN+BX+LOT-9'", "DTM+36:20250131:102'", "RFF+ON:PO-4712:1'", "RFF+VN:ERP-1:10'", "CPS+3+1'",
                "PAC+1'",
                "PCI+24'", "RFF+AAS:JD0002'", "LIN+2++04000862141411:EN'", "PIA+1+ART-0002:SA'", "IMD+F++:::Seil'",
                "QTY+12:2.5:MTR'",
                "RFF+ON:PO-4712:2'", "RFF+VN:ERP-1:20'", "CNT+2:2'", "UNT+40+1'", "UNZ+1+1A00000001'",
            ])
    }

    @Test func `a confirmation becomes an ORDRSP of D.01B`() throws {
        let profile = EDIFACTProfile(directory: .d01b, eancomEdition: "EAN009")
        var confirmation = try Samples.confirmation()
        confirmation.lines.removeLast(2)
        let message = try OrderResponse(confirmation).render(profile).message
        #expect(
            message.segments.map { ([$0.tag] + $0.elements.map { $0.joined(separator: ":") }).joined(separator: "+") } == [
                "BGM+231+OR-1+4", "DTM+137:20240306:102", "FTX+AAI+++Danke", "RFF+ON:PO-4712", "RFF+VN:ERP-1",
                "NAD+BY+4054321000009::9",
                "NAD+SU+4012345000009::9++Müller + Söhne Großhandel für Schra:uben und Dübel GmbH & Co. KG+Straße 1+Köln++50667+DE",
                "CUX+2:EUR:9", "LIN+1+5+4000862141404:SRV", "PIA+1+ART-0001:SA", "IMD+F++:::Schraube", "QTY+21:10:PCE",
                "QTY+113:6:PCE",
                "DTM+69:20240306:102", "RFF+ON:PO-4712:1", "RFF+VN:ERP-1:10", "LIN+2+3+4000862141404:SRV", "PIA+1+ART-0001:SA",
                "IMD+F++:::Schraube", "QTY+21:10:PCE", "QTY+83:4:PCE", "FTX+AAI+++In 4 Wochen", "RFF+ON:PO-4712:1",
                "RFF+VN:ERP-1:10",
                "UNS+S", "CNT+2:2",
            ])
    }

    @Test func `a segment for a text that has none says nothing`() throws {
        var message = try OrderResponse(Samples.confirmation()).render(Samples.profiles[1]).message
        message.segments = message.segments.map { ["FTX", "IMD"].contains($0.tag) ? EDIFACTSegment($0.tag, [["AAI"]]) : $0 }
        let response = try OrderResponse(message)
        #expect(response.comment == nil && response.lines.flatMap(\.parts).allSatisfy { $0.reason == nil })
        #expect(response.lines.allSatisfy { $0.article.description == nil })
    }

    @Test func `another engine finds nothing wrong with any profile`() async throws {
        var files: [[UInt8]] = []
        for profile in Samples.profiles {
            for rendering in [
                try DespatchAdvice(Samples.despatch()).render(profile), try OrderResponse(Samples.confirmation()).render(profile),
            ] {
                files.append(try Samples.interchange([rendering.message], profile.repertoire).render())
            }
        }
        let ediComplaints = try await Judges.ediCheck(files)
        #expect(ediComplaints == "")
    }

    @Test func `the other engine refuses a wrong count`() async throws {
        let rendering = try DespatchAdvice(Samples.despatch()).render(Samples.profiles[0])
        let bytes = try Samples.interchange([rendering.message]).render()
        let wrong = String(decoding: bytes, as: Unicode.ASCII.self).replacing("UNT+40", with: "UNT+41")
        #expect(try await Judges.ediCheck([Array(wrong.utf8)]).contains("FAIL"))
    }

    @Test(arguments: EDIFACTSamples.profiles.prefix(4))
    func `what is written is read again`(profile: EDIFACTProfile) throws {
        let advice = try DespatchAdvice(Samples.despatch())
        let response = try OrderResponse(Samples.confirmation())
        let interchange = try Samples.interchange([advice.render(profile).message, response.render(profile).message])
        for layout in [EDIFACTLayout(), EDIFACTLayout(hasServiceAdvice: false), EDIFACTLayout(breaksLines: true)] {
            let read = try EDIFACTInterchange(interchange.render(layout: layout))
            #expect(read == interchange)
            #expect(try DespatchAdvice(read.messages[0]) == advice)
            #expect(try OrderResponse(read.messages[1]) == response)
        }
    }

    @Test func `signs outside the repertoire are a fault, or written otherwise and told`() throws {
        let advice = try DespatchAdvice(Samples.despatch())
        let faults = #expect(throws: DocumentFaults.self) {
            try advice.render(EDIFACTProfile(directory: .d96a, repertoire: .unob))
        }
        #expect(faults?.faults.map(\.element) == ["NAD SU C080.3036", "NAD SU C059.3042", "NAD SU 3164"])
        let notes = try advice.render(EDIFACTProfile(directory: .d96a, repertoire: .unob, transliteration: .western)).notes
        #expect(
            notes.map(\.description).suffix(2) == [
                "order PO-4712, NAD SU C059.3042: 'Straße 1' is written 'Strasse 1'",
                "order PO-4712, NAD SU 3164: 'Köln' is written 'Koeln'",
            ])
        let capitals = try advice.render(EDIFACTProfile(directory: .d96a, repertoire: .unoa, transliteration: .western)).message
        #expect(capitals.segments.contains(EDIFACTSegment("FTX", [["AAI"], [], [], ["RAMPE 3"]])))
        var chinese = try Samples.despatch()
        chinese.comment = "上海"
        let unknown = #expect(throws: DocumentFaults.self) {
            try DespatchAdvice(chinese).render(EDIFACTProfile(directory: .d96a, transliteration: .western))
        }
        #expect(unknown?.faults.map(\.element) == ["FTX C108.4440"])
    }

    @Test func `everything that has no room is a fault that names order, line and element`() throws {
        var despatch = try Samples.despatch()
        despatch.number = String(repeating: "9", count: 36)
        despatch.buyer = DocumentParty(locationNumber: "4054321000000")
        despatch.supplier = nil
        despatch.packages[0].containerCode = "340123450000000018"
        despatch.packages[0].lines[0].article.sellerNumber = String(repeating: "A", count: 36)
        despatch.packages[0].lines[0].article.tradeNumber = "4000862141405"
        despatch.packages[0].lines[0].quantity = try ExactDecimal("1234567890123456")
        despatch.packages[1].lines[0].unit = ""
        despatch.packages[1].lines[0].orderLineNumber = 1_000_000
        despatch.packages[1].lines[0].article.description = String(repeating: "x", count: 1751)
        let faults = #expect(throws: DocumentFaults.self) { try DespatchAdvice(despatch).render(Samples.profiles[0]) }
        #expect(
            faults?.faults.map { "\($0.order ?? "") \($0.line.map(String.init) ?? "-") \($0.element)" } == [
                "PO-4712 - BGM 1004", "PO-4712 - NAD BY C082.3039", "PO-4712 - NAD SU", "PO-4712 - GIN C208.7402",
                "PO-4712 1 LIN C212.7140", "PO-4712 1 PIA C212.7140", "PO-4712 1 QTY 12 C186.6060",
                "PO-4712 1000000 IMD C273.7008",
                "PO-4712 1000000 QTY 12 C186.6411", "PO-4712 1000000 RFF ON C506.1156",
            ])
    }

    @Test func `EANCOM wants a GTIN and GLNs`() throws {
        var despatch = try Samples.despatch()
        despatch.buyer = DocumentParty(code: "10")
        despatch.packages[1].lines[0].article.tradeNumber = nil
        let advice = DespatchAdvice(despatch)
        #expect(throws: Never.self) { try advice.render(Samples.profiles[0]) }
        let faults = #expect(throws: DocumentFaults.self) { try advice.render(Samples.profiles[2]) }
        #expect(
            faults?.faults.map(\.description) == [
                "order PO-4712, NAD BY C082.3039: EANCOM wants a GLN",
                "order PO-4712, line 2, LIN C212.7140: EANCOM wants a GTIN",
            ])
    }
}
