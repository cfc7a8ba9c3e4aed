import TestSupport
import Testing
import XMLKit

struct XMLWriterTests {
    private let sample = XMLElement(
        "a", attributes: [XMLAttribute("b", "1 < \"2\" & 3 > '4'\t\r\n€")],
        children: [
            .element(XMLElement("c", text: "<&>\"'\r\n\t ]]> ü €")), .element(XMLElement("d")),
            .element(XMLElement("e", children: [.text("x "), .element(XMLElement("f", text: " y"))])),
        ])

    @Test func `signs with a meaning are escaped, and only lines between elements are broken`() throws {
        let bytes = try XMLWriter().write(XMLDocument(root: sample, systemID: "http://example.org/a.dtd"))
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <!DOCTYPE a SYSTEM "http://example.org/a.dtd">
                <a b="1 &lt; &quot;2&quot; &amp; 3 &gt; '4'&#9;&#13;&#10;€">
                  <c>&lt;&amp;&gt;"'&#13;
                \t ]]&gt; ü €</c>
                  <d/>
                  <e>x <f> y</f></e>
                </a>

                """)
    }

    @Test(arguments: [XMLEncoding.utf8, .ascii, .latin1])
    func `what is written is read again in every encoding`(encoding: XMLEncoding) throws {
        let bytes = try XMLWriter(encoding: encoding, indentation: nil).write(XMLDocument(root: sample))
        #expect(try XMLReader(limits: .document).read(bytes).root == sample)
        if encoding == .ascii { #expect(bytes.allSatisfy { $0 < 0x80 }) }
        if encoding == .latin1 { #expect(bytes.contains(0xFC)) }
    }

    @Test(arguments: [0x00, 0x08, 0x0B, 0x1F, 0xFFFE, 0xFFFF] as [UInt32])
    func `a sign that XML can't hold is a fault that names the element`(value: UInt32) throws {
        let text = try String(#require(Unicode.Scalar(value)))
        let inText = XMLElement("a", children: [.element(XMLElement("b", text: text))])
        let fault = #expect(throws: XMLWriteFault.self) { try XMLWriter().write(XMLDocument(root: inText)) }
        #expect(fault?.path == "a/b")
        let inAttribute = XMLElement("a", attributes: [XMLAttribute("c", text)])
        #expect(#expect(throws: XMLWriteFault.self) { try XMLWriter().write(XMLDocument(root: inAttribute)) }?.path == "a/@c")
    }

    @Test(arguments: ["", "1a", "-a", "a b", "a>", "ä"])
    func `a name that is none is a fault`(name: String) {
        #expect(throws: XMLWriteFault.self) { try XMLWriter().write(XMLDocument(root: XMLElement(name))) }
        let attribute = XMLElement("a", attributes: [XMLAttribute(name, "")])
        #expect(throws: XMLWriteFault.self) { try XMLWriter().write(XMLDocument(root: attribute)) }
    }

    @Test(arguments: 0..<20)
    func `two thousand random trees are read as they were written`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let root = RandomTree.element(depth: 4, &generator)
            for encoding in [XMLEncoding.utf8, .ascii, .latin1] {
                let compact = try XMLWriter(encoding: encoding, indentation: nil).write(XMLDocument(root: root))
                try #require(try XMLReader(limits: .document).read(compact).root == root)
                let broken = try XMLWriter(encoding: encoding).write(XMLDocument(root: root))
                try #require(try XMLReader(limits: .document).read(broken).root.canonical == root.canonical)
            }
        }
    }
}

/// Trees with the signs that parsers stumble over.
private enum RandomTree {
    private static let scalars: [Unicode.Scalar] = Array(
        "abc 019<>&\"'\t\n\r]]>%;#\u{85}\u{2028}üß€\u{FFFD}\u{1F600}\u{10FFFF}\u{E000}\u{301}".unicodeScalars)

    static func element(depth: Int, _ generator: inout SeededGenerator) -> XMLElement {
        var element = XMLElement(generator.pick(["a", "Item", "x-y_z.1"]))
        for name in ["k", "xml:lang", "n2"] where generator.oneIn(3) {
            element.attributes.append(XMLAttribute(name, text(&generator)))
        }
        guard depth > 0, !generator.oneIn(3) else { return leaf(element, &generator) }
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            element.children.append(.element(self.element(depth: depth - 1, &generator)))
        }
        return element
    }

    private static func leaf(_ element: XMLElement, _ generator: inout SeededGenerator) -> XMLElement {
        var element = element
        let text = text(&generator)
        if !text.isEmpty { element.children = [.text(text)] }
        return element
    }

    private static func text(_ generator: inout SeededGenerator) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...12, using: &generator) { text.append(generator.pick(scalars)) }
        return String(text)
    }
}
