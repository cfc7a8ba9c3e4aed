import Testing
import XMLKit

struct XMLReaderTests {
    private let reader = XMLReader(limits: .answer)

    @Test func `a document becomes a value with its text, attributes, namespaces and lines`() throws {
        let text = """
            <?xml version="1.0"?>
            <!DOCTYPE a SYSTEM "http://example.org/a.dtd">
            <a x="1 &lt; &#50;" xml:lang="nl">
              <p:b xmlns:p="urn:p" p:y="2">M&#252;ller &amp; <![CDATA[<S>]]>&#xF6;hne<!-- not this --></p:b><c/>
            </a>
            """
        let document = try reader.read(Array(text.utf8))
        #expect(document.systemID == "http://example.org/a.dtd")
        #expect(document.root.attributes == [XMLAttribute("x", "1 < 2"), XMLAttribute("xml:lang", "nl")])
        let child = try #require(document.root["p:b"])
        #expect(child.namespace == "urn:p" && child.attribute("p:y") == "2" && child.line == 4)
        #expect(child.children == [.text("Müller & <S>öhne")])
        #expect(document.root["c"] == XMLElement("c"))
        #expect(document.root.hasOnlyElements && !child.hasOnlyElements)
    }

    @Test(
        arguments: [
            ("UTF-8", Array("ü".utf8)), ("ISO-8859-1", [0xFC]), ("latin1", [0xFC]), ("us-ascii", Array("&#252;".utf8)),
        ] as [(String, [UInt8])])
    func `the declared encoding is read`(name: String, umlaut: [UInt8]) throws {
        let bytes = Array("<?xml version='1.0' encoding='\(name)'?><a>".utf8) + umlaut + Array("</a>".utf8)
        #expect(try reader.read(bytes).root.text == "ü")
    }

    @Test func `what HTTP says of the encoding outranks the declaration`() throws {
        let bytes = Array("<?xml version='1.0' encoding='UTF-8'?><a>".utf8) + [0xFC] + Array("</a>".utf8)
        #expect(try reader.read(bytes, charset: "ISO-8859-1").root.text == "ü")
        #expect(throws: XMLFault(.encoding, "the bytes are not UTF-8")) { try reader.read(bytes) }
    }

    @Test(arguments: [
        (8192, 8192, true), (8193, 8192, false), (100, 99, false),
    ])
    func `a start tag may be as long as the limit and not a byte longer`(length: Int, limit: Int, isRead: Bool) throws {
        var limits = XMLLimits.answer
        limits.startTagBytesMax = limit
        let tag = "<a b=\"" + String(repeating: "x", count: length - 9) + "\"/>"
        #expect(tag.utf8.count == length)
        #expect(((try? XMLReader(limits: limits).read(Array(tag.utf8))) != nil) == isRead)
    }

    @Test func `depth, elements, attributes and bytes have limits`() throws {
        var limits = XMLLimits(bytesMax: 40)
        limits.depthMax = 2
        limits.elementsMax = 3
        limits.attributesMax = 1
        let reader = XMLReader(limits: limits)
        #expect(throws: Never.self) { try reader.read(Array("<a><b x=''/><b/></a>".utf8)) }
        for (text, reason) in [
            ("<a><b><c></c></b></a>", XMLFault.Reason.beyondLimit), ("<a><b/><b/><b/></a>", .beyondLimit),
            ("<a x='' y=''/>", .beyondLimit), ("<a>" + String(repeating: "x", count: 40) + "</a>", .tooLarge),
        ] {
            let fault = #expect(throws: XMLFault.self) { try reader.read(Array(text.utf8)) }
            #expect(fault?.reason == reason, "\(text)")
        }
    }

    @Test func `a fault names the line`() {
        let fault = #expect(throws: XMLFault.self) { try reader.read(Array("<a>\n<b>\n</a>".utf8)) }
        #expect(fault?.reason == .malformed && fault?.line == 3)
        let entity = #expect(throws: XMLFault.self) { try reader.read(Array("<a>\n&x;</a>".utf8)) }
        #expect(entity?.description == "line 2: an entity that only a DTD could declare")
    }
}
