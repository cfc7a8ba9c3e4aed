/// Cuts a file's bytes at the signs with a meaning.
struct EDIFACTCutter {
    var signs = EDIFACTServiceSigns()
    private var rest: ArraySlice<UInt8>
    private var number = 0
    private var line = 1

    /// - Throws: ``DocumentFault`` for a UNA that can't be meant.
    init(_ bytes: [UInt8]) throws(DocumentFault) {
        rest = bytes[...]
        guard bytes.starts(with: Array("UNA".utf8)) else { return }
        guard bytes.count >= 9 else { throw DocumentFault(element: "UNA", "it is cut off") }
        signs = EDIFACTServiceSigns(advice: Array(bytes[3..<9]))
        guard signs.canBeMeant else {
            throw DocumentFault(element: "UNA", "its signs are to be different ones, in ASCII, and neither letters nor digits")
        }
        rest = rest.dropFirst(9)
    }

    /// The next segment, `nil` after the last.
    mutating func next() throws(DocumentFault) -> EDIFACTCut? {
        while rest.first == 0x0D || rest.first == 0x0A { _ = take() }
        if rest.isEmpty { return nil }
        number += 1
        var cut = EDIFACTCut(number: number, line: line)
        var part: [UInt8] = []
        while let byte = take() {
            switch byte {
            case signs.release where signs.release != 0x20:
                guard let released = take() else { throw cut.fault("document", "it ends in a release sign") }
                part.append(released)
            case signs.component, signs.element, signs.terminator:
                cut.elements[cut.elements.count - 1].append(part)
                part = []
                if byte == signs.element { cut.elements.append([]) }
                if byte == signs.terminator { return try cut.checked() }
            case signs.repetition where number > 1:
                throw cut.fault("element \(cut.elements.count - 1)", "it is repeated, which is not read here")
            default: part.append(byte)
            }
        }
        throw cut.fault("document", "the last segment has no end")
    }

    private mutating func take() -> UInt8? {
        let byte = rest.popFirst()
        if byte == 0x0A { line += 1 }
        return byte
    }
}

/// One segment in bytes, released signs without their release sign.
struct EDIFACTCut {
    /// The first has the tag for its first component.
    var elements: [[[UInt8]]] = [[]]
    private let number: Int
    private let line: Int

    init(number: Int, line: Int) {
        self.number = number
        self.line = line
    }

    /// In ISO 8859-1, which every repertoire's tags and codes are in.
    func plainText(_ element: Int, _ component: Int) -> String {
        guard elements.indices.contains(element), elements[element].indices.contains(component) else { return "" }
        return EDIFACTRepertoire.unoc.text(of: elements[element][component]) ?? ""
    }

    var tag: String { plainText(0, 0) }

    func checked() throws(DocumentFault) -> EDIFACTCut {
        guard tag.utf8.count == 3, tag.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }) else {
            let signs = tag.unicodeScalars.prefix(20).map { $0.escaped(asASCII: true) }.joined()
            throw fault("document", "'\(signs)' is not a segment's tag")
        }
        return self
    }

    func segment(in repertoire: EDIFACTRepertoire) throws(DocumentFault) -> EDIFACTSegment {
        var texts: [[String]] = []
        for (index, element) in elements.enumerated().dropFirst() {
            var components: [String] = []
            for bytes in element {
                guard let text = repertoire.text(of: bytes) else {
                    throw fault("element \(index)", "its bytes stand for nothing in \(repertoire.rawValue)")
                }
                components.append(text)
            }
            texts.append(components)
        }
        return EDIFACTSegment(tag, texts, place: place)
    }

    func fault(_ element: String, _ message: String) -> DocumentFault {
        var fault = DocumentFault(element: element, message)
        fault.segment = place
        return fault
    }

    private var place: EDIFACTPlace { EDIFACTPlace(number: number, tag: LogText.line(tag, scalarsMax: 3), line: line) }
}
