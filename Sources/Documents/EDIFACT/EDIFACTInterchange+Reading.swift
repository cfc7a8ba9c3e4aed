extension EDIFACTInterchange {
    /// Most bytes of a file that is read.
    package static let bytesMax = 16 * 1024 * 1024

    /// Reads a file with one or more messages, with or without UNA, lines broken or not.
    ///
    /// - Throws: ``DocumentFault`` where the envelope, a count or a reference is not what it should be.
    package init(_ bytes: [UInt8]) throws(DocumentFault) {
        guard bytes.count <= Self.bytesMax else { throw DocumentFault(element: "document", "more than \(Self.bytesMax) bytes") }
        var segments = try EDIFACTTokens.segments(bytes)[...]
        guard let head = segments.popFirst(), head.tag == "UNB", let repertoire = EDIFACTRepertoire(rawValue: head[0, 0]) else {
            throw DocumentFault(element: "UNB", "a file begins with UNB and a repertoire from UNOA to UNOC")
        }
        guard let end = segments.popLast(), end.tag == "UNZ" else { throw DocumentFault(element: "UNZ", "a file ends with UNZ") }
        guard let preparation = Self.preparation(head) else {
            throw DocumentFault(element: "UNB S004", "'\(head[3, 0]) \(head[3, 1])' is not a time")
        }
        self.init(
            repertoire: repertoire, sender: Partner(head[1, 0], qualifier: head.optional(1, 1)),
            recipient: Partner(head[2, 0], qualifier: head.optional(2, 1)), preparation: preparation,
            controlReference: head[4, 0],
            applicationReference: head.optional(6, 0), agreement: head.optional(9, 0), isTest: head[10, 0] == "1")
        while !segments.isEmpty { messages.append(try Self.message(&segments)) }
        guard end[0, 0] == String(messages.count) else {
            throw DocumentFault(element: "UNZ 0036", "it counts \(end[0, 0]) messages, there are \(messages.count)")
        }
        guard end[1, 0] == controlReference else { throw DocumentFault(element: "UNZ 0020", "not the reference of UNB") }
    }

    /// Two digits of a year are this century's.
    private static func preparation(_ head: EDIFACTSegment) -> ZonedTime? {
        let time = head[3, 1]
        guard let date = CalendarDate(digits: "20" + head[3, 0]), time.utf8.count == 4, let number = Int(time) else { return nil }
        return ZonedTime(date: date, hour: number / 100, minute: number % 100, offsetMinutes: 0)
    }

    private static func message(_ segments: inout ArraySlice<EDIFACTSegment>) throws(DocumentFault) -> Message {
        guard let head = segments.popFirst(), head.tag == "UNH", let end = segments.firstIndex(where: { $0.tag == "UNT" }) else {
            throw DocumentFault(element: "UNH", "a message begins with UNH and ends with UNT")
        }
        guard head[1, 1] == "D", let directory = EDIFACTMessageType.Directory(rawValue: head[1, 2]) else {
            throw DocumentFault(element: "UNH S009", "'\(head[1, 1]).\(head[1, 2])' is neither D.96A nor D.01B")
        }
        let content = Array(segments[segments.startIndex..<end])
        guard segments[end][0, 0] == String(content.count + 2) else {
            throw DocumentFault(element: "UNT 0074", "it counts \(segments[end][0, 0]) segments, there are \(content.count + 2)")
        }
        guard segments[end][1, 0] == head[0, 0] else { throw DocumentFault(element: "UNT 0062", "not the reference of UNH") }
        segments = segments[(end + 1)...]
        let type = EDIFACTMessageType(name: head[1, 0], directory: directory, eancomEdition: head.optional(1, 4))
        return Message(type: type, segments: content)
    }
}

extension EDIFACTSegment {
    /// `nil` for an empty component.
    func optional(_ element: Int, _ component: Int) -> String? {
        let text = self[element, component]
        return text.isEmpty ? nil : text
    }
}

/// Takes a file apart into segments.
enum EDIFACTTokens {
    static func segments(_ bytes: [UInt8]) throws(DocumentFault) -> [EDIFACTSegment] {
        var signs = EDIFACTServiceSigns()
        var rest = bytes[...]
        if bytes.starts(with: Array("UNA".utf8)) {
            guard bytes.count >= 9 else { throw DocumentFault(element: "UNA", "it is cut off") }
            signs.component = bytes[3]
            signs.element = bytes[4]
            signs.decimal = bytes[5]
            signs.release = bytes[6]
            signs.terminator = bytes[8]
            rest = rest.dropFirst(9)
        }
        var segments: [EDIFACTSegment] = []
        while true {
            rest = rest.drop { $0 == 0x0D || $0 == 0x0A }
            if rest.isEmpty { return segments }
            segments.append(try segment(&rest, signs))
        }
    }

    private static func segment(_ bytes: inout ArraySlice<UInt8>, _ signs: EDIFACTServiceSigns) throws(DocumentFault)
        -> EDIFACTSegment
    {
        var elements: [[String]] = [[]]
        var text = String.UnicodeScalarView()
        while let byte = bytes.popFirst() {
            switch byte {
            case signs.release where signs.release != 0x20:
                guard let released = bytes.popFirst() else {
                    throw DocumentFault(element: "document", "it ends in a release sign")
                }
                text.append(Unicode.Scalar(released))
            case signs.component, signs.element, signs.terminator:
                elements[elements.count - 1].append(String(text))
                text = String.UnicodeScalarView()
                if byte == signs.element { elements.append([]) }
                guard byte == signs.terminator else { continue }
                let tag = elements.removeFirst().first ?? ""
                guard tag.wholeMatch(of: /[A-Z0-9]{3}/) != nil else {
                    let signs = tag.unicodeScalars.prefix(20).map { $0.escaped(asASCII: true) }.joined()
                    throw DocumentFault(element: "document", "'\(signs)' is not a segment's tag")
                }
                return EDIFACTSegment(tag, elements)
            default:
                // ISO 8859-1, of which UNOA and UNOB are parts.
                text.append(Unicode.Scalar(byte))
            }
        }
        throw DocumentFault(element: "document", "the last segment has no end")
    }
}
