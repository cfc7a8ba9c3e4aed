import Documents
import Testing

struct EDIFACTInterchangeTests {
    private static let good =
        "UNB+UNOC:3+A:ZZ+B+240306:1605+REF1'UNH+1+DESADV:D:96A:UN'BGM+351+DN?'1+9'UNT+3+1'UNZ+1+REF1'"

    @Test func `a file with other signs, lines and releases is read`() throws {
        let text =
            "UNA|^,!*~\r\nUNB^UNOC|3^A|ZZ^B^240306|1605^REF1~\r\nUNH^1^DESADV|D|96A|UN~\nBGM^351^a!^b!|c!!d!~e'f^9~UNT^3^1~UNZ^1^REF1~\r\n"
        let interchange = try EDIFACTInterchange(Array(text.utf8))
        #expect(interchange.messages[0].segments == [EDIFACTSegment("BGM", [["351"], ["a^b|c!d~e'f"], ["9"]])])
        #expect(interchange.sender == EDIFACTInterchange.Partner("A", qualifier: "ZZ") && interchange.controlReference == "REF1")
    }

    @Test(arguments: [
        ("UNT+3+1", "UNT+4+1", "segment 4 (UNT), line 1: UNT 0074: it counts 4 segments, there are 3"),
        ("UNT+3+1", "UNT+3+2", "segment 4 (UNT), line 1: UNT 0062: not the reference of UNH"),
        ("UNZ+1", "UNZ+2", "segment 5 (UNZ), line 1: UNZ 0036: it counts 2 messages, there are 1"),
        ("UNZ+1+REF1", "UNZ+1+REF2", "segment 5 (UNZ), line 1: UNZ 0020: not the reference of UNB"),
        ("UNZ+1+REF1'", "", "UNZ: a file ends with UNZ"),
        ("UNZ+1+REF1'", "UNZ+1+REF1", "segment 5 (UNZ), line 1: document: the last segment has no end"),
        (
            "D:96A", "D:07A",
            "segment 2 (UNH), line 1: UNH S009: DESADV D.07A was not looked into: of the UN's directories only D.96A and D.01B are known here"
        ),
        (
            "D:96A:UN", "S:93A:UN:EAN002",
            "segment 2 (UNH), line 1: UNH S009: DESADV S.93A EAN002 was not looked into: of the UN's directories only D.96A and D.01B are known here"
        ),
        ("240306", "240230", "segment 1 (UNB), line 1: UNB S004: '240230 1605' is not a time"),
        ("1605", "+123", "segment 1 (UNB), line 1: UNB S004: '240306 ' is not a time"),
        (
            "UNOC", "UNOX",
            "segment 1 (UNB), line 1: UNB S001.0001: the repertoire 'UNOX' is not read here, only UNOA, UNOB, UNOC, UNOD, UNOE, UNOF, UNOW"
        ),
        ("UNOC:3", "UNOC:5", "segment 1 (UNB), line 1: UNB S001.0002: the syntax version '5' is none from 1 to 4"),
        ("UNOC:3", "UNOC:4", "segment 1 (UNB), line 1: UNB S004: '240306 1605' is not a time"),
        ("UNB", "UNA:+.? 'UNH", "UNB: a file begins with UNB"),
        ("UNB", "UNA:+.+ 'UNB", "UNA: its signs are to be different ones, in ASCII, and neither letters nor digits"),
        ("UNB", "UNA:+.", "UNA: its signs are to be different ones, in ASCII, and neither letters nor digits"),
        ("BGM", "bgm", "segment 3 (bgm), line 1: document: 'bgm' is not a segment's tag"),
        ("UNZ+1+REF1'", "UNZ+1+REF1?", "segment 5 (UNZ), line 1: document: it ends in a release sign"),
    ])
    func `a file that is none says where`(part: String, replacement: String, description: String) {
        let text = Self.good.replacing(part, with: replacement)
        #expect(#expect(throws: DocumentFault.self) { try EDIFACTInterchange(Array(text.utf8)) }?.description == description)
    }

    @Test func `an envelope that doesn't fit is a fault`() throws {
        var interchange = try EDIFACTInterchange(Array(Self.good.utf8))
        interchange.controlReference = "123456789012345"
        interchange.sender = EDIFACTInterchange.Partner("4012345000008", qualifier: "14")
        interchange.recipient.identification = ""
        interchange.messages[0].segments.append(EDIFACTSegment("FTX", [["€"]]))
        let faults = #expect(throws: DocumentFaults.self) { try interchange.render() }
        #expect(
            faults?.faults.map(\.description) == [
                "UNB S002.0004: '4012345000008' is not a GLN", "UNB S003.0004: a mandatory value is missing",
                "UNB 0020: '123456789012345' is longer than 14 signs", "FTX: UNOC doesn't hold the sign '\\u{20AC}'",
            ])
    }
}
