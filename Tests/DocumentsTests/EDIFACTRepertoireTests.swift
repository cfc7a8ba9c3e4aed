import Documents
import Testing

struct EDIFACTRepertoireTests {
    private static func interchange(_ text: String, _ repertoire: EDIFACTRepertoire, _ syntax: EDIFACTSyntax? = nil) throws
        -> EDIFACTInterchange
    {
        var interchange = EDIFACTInterchange(
            repertoire: repertoire, syntax: syntax, sender: EDIFACTInterchange.Partner("A", qualifier: "ZZ"),
            recipient: EDIFACTInterchange.Partner("B", qualifier: nil),
            preparation: try #require(ZonedTime(iso: "2024-03-06T16:05:00Z")), controlReference: "R")
        let segment = EDIFACTSegment("FTX", [["AAI"], [], [], [text]])
        interchange.messages = [.init(type: EDIFACTMessageType(name: "DESADV", directory: .d96a), segments: [segment])]
        return interchange
    }

    @Test(
        arguments: [
            (.unoa, "AZ 09.,-()/=!\"%&*;<>'+:?"), (.unob, "az"), (.unoc, "Straße Ñandú £ ÿ \u{A0}"),
            (.unod, "Łódź Košice Győr Brăila ˙"), (.unoe, "Москва ЁЂ Київ № ѓ § џ"), (.unof, "Αθήνα Ύδρα ΐ ώ £ ½ ―"),
            (.unow, "Łódź Москва Αθήνα 東京 € 🚚 *"),
        ] as [(EDIFACTRepertoire, String)])
    func `what a repertoire holds is written and read as the same`(repertoire: EDIFACTRepertoire, text: String) throws {
        #expect(text.unicodeScalars.allSatisfy(repertoire.holds))
        let interchange = try Self.interchange(text, repertoire)
        for layout in [EDIFACTLayout(), EDIFACTLayout(hasServiceAdvice: false, breaksLines: true)] {
            #expect(try EDIFACTInterchange(interchange.render(layout: layout)) == interchange)
        }
    }

    /// Bytes as the parts of ISO 8859 and UTF-8 have them.
    @Test(
        arguments: [
            (.unoc, "é€", nil), (.unoc, "éÿ", [0xE9, 0xFF]), (.unod, "łĄ˙", [0xB3, 0xA1, 0xFF]), (.unod, "ñ", nil),
            (.unoe, "Жя№џ", [0xB6, 0xEF, 0xF0, 0xFF]), (.unoe, "é", nil), (.unof, "Ωώ", [0xD9, 0xFE]), (.unof, "€", nil),
            (.unow, "é€", [0xC3, 0xA9, 0xE2, 0x82, 0xAC]), (.unow, "\u{85}", nil), (.unob, "é", nil), (.unoa, "e", nil),
        ] as [(EDIFACTRepertoire, String, [UInt8]?)])
    func `a sign has one way to be written, or none`(repertoire: EDIFACTRepertoire, text: String, bytes: [UInt8]?) throws {
        let interchange = try Self.interchange(text, repertoire)
        guard let bytes else {
            #expect(throws: DocumentFaults.self) { try interchange.render() }
            return
        }
        let rendered = try interchange.render()
        #expect(rendered.firstRange(of: Array("AAI+++".utf8) + bytes + Array("'".utf8)) != nil)
    }

    @Test(arguments: [EDIFACTRepertoire.unod, .unoe, .unof])
    func `each page holds its signs once, and every byte that stands for one reads as it`(repertoire: EDIFACTRepertoire) throws {
        let signs = (0xA0...0x2122).compactMap(Unicode.Scalar.init).filter(repertoire.holds)
        #expect(signs.count == (repertoire == .unof ? 90 : 96))
        let interchange = try Self.interchange(String(String.UnicodeScalarView(signs)), repertoire)
        #expect(try EDIFACTInterchange(interchange.render()) == interchange)
    }

    @Test func `bytes that stand for nothing are a fault with their segment`() throws {
        let greek = try Self.interchange("Α", .unof).render().map { $0 == 0xC1 ? 0xD2 : $0 }
        let fault = #expect(throws: DocumentFault.self) { try EDIFACTInterchange(greek) }
        #expect(fault?.description == "segment 3 (FTX), line 1: element 4: its bytes stand for nothing in UNOF")
        let cut = try Self.interchange("é", .unow).render().filter { $0 != 0xA9 }
        let other = #expect(throws: DocumentFault.self) { try EDIFACTInterchange(cut) }
        #expect(other?.description == "segment 3 (FTX), line 1: element 4: its bytes stand for nothing in UNOW")
    }

    @Test func `syntax version 4 has the whole year and releases the sign for repetition`() throws {
        let interchange = try Self.interchange("5*3", .unoc, .version4)
        let text = String(decoding: try interchange.render(), as: UTF8.self)
        #expect(text.hasPrefix("UNA:+.?*'UNB+UNOC:4+A:ZZ+B+20240306:1605+R'") && text.contains("+5?*3'"))
        let repeated = text.replacing("?*3", with: "*3")
        let fault = #expect(throws: DocumentFault.self) { try EDIFACTInterchange(Array(repeated.utf8)) }
        #expect(fault?.description == "segment 3 (FTX), line 1: element 4: it is repeated, which is not read here")
        let unused = repeated.replacing("UNA:+.?*'", with: "UNA:+.? '")
        #expect(try EDIFACTInterchange(Array(unused.utf8)) == interchange)
    }

    @Test func `UTF-8 needs syntax version 4`() throws {
        #expect(throws: DocumentFaults(faults: [DocumentFault(element: "UNB S001.0002", "UNOW needs syntax version 4")])) {
            try Self.interchange("x", .unow, .version3).render()
        }
    }
}
