extension EDIFACTInterchange {
    /// Most bytes of a file that is read.
    package static let bytesMax = 16 * 1024 * 1024

    /// Reads a file with one or more messages, with or without UNA, lines broken or not.
    ///
    /// - Throws: ``DocumentFault``, with its segment, where the envelope, a count or a reference is not what it should be, and for a
    ///   message of another directory than ``EDIFACTMessageType/Directory``.
    package init(_ bytes: [UInt8]) throws(DocumentFault) { try self.init(EDIFACTTokens(bytes)) }

    init(_ tokens: EDIFACTTokens) throws(DocumentFault) {
        var segments = tokens.segments[...]
        guard let head = segments.popFirst(), let end = segments.popLast(), end.tag == "UNZ" else {
            throw DocumentFault(element: "UNZ", "a file ends with UNZ")
        }
        guard let preparation = Self.preparation(head, tokens.syntax) else {
            throw head.fault("UNB S004", "'\(head[3, 0]) \(head[3, 1])' is not a time")
        }
        self.init(
            repertoire: tokens.repertoire, syntax: tokens.syntax, sender: Partner(head[1, 0], qualifier: head.optional(1, 1)),
            recipient: Partner(head[2, 0], qualifier: head.optional(2, 1)), preparation: preparation,
            controlReference: head[4, 0],
            applicationReference: head.optional(6, 0), agreement: head.optional(9, 0), isTest: head[10, 0] == "1")
        while !segments.isEmpty { messages.append(try Self.message(&segments)) }
        guard end[0, 0] == String(messages.count) else {
            throw end.fault("UNZ 0036", "it counts \(end[0, 0]) messages, there are \(messages.count)")
        }
        guard end[1, 0] == controlReference else { throw end.fault("UNZ 0020", "not the reference of UNB") }
    }

    /// Two digits of a year are this century's.
    private static func preparation(_ head: EDIFACTSegment, _ syntax: EDIFACTSyntax) -> ZonedTime? {
        let (digits, time) = ((syntax == .version3 ? "20" : "") + head[3, 0], head[3, 1])
        guard let date = CalendarDate(digits: digits), time.utf8.count == 4, time.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(time)
        else { return nil }
        return ZonedTime(date: date, hour: number / 100, minute: number % 100, offsetMinutes: 0)
    }

    private static func message(_ segments: inout ArraySlice<EDIFACTSegment>) throws(DocumentFault) -> Message {
        let head = segments.removeFirst()
        guard head.tag == "UNH" else { throw head.fault("UNH", "a message begins with UNH") }
        guard let end = segments.firstIndex(where: { $0.tag == "UNT" }) else {
            throw head.fault("UNT", "a message ends with UNT")
        }
        guard head[1, 1] == "D", let directory = EDIFACTMessageType.Directory(rawValue: head[1, 2]) else {
            throw head.fault(
                "UNH S009",
                "\(head.messageKind) was not looked into: of the UN's directories only \(knownDirectories) are known here")
        }
        let content = Array(segments[segments.startIndex..<end])
        guard segments[end][0, 0] == String(content.count + 2) else {
            throw segments[end].fault("UNT 0074", "it counts \(segments[end][0, 0]) segments, there are \(content.count + 2)")
        }
        guard segments[end][1, 0] == head[0, 0] else { throw segments[end].fault("UNT 0062", "not the reference of UNH") }
        segments = segments[(end + 1)...]
        let type = EDIFACTMessageType(name: head[1, 0], directory: directory, eancomEdition: head.optional(1, 4))
        return Message(type: type, segments: content)
    }

    private static let knownDirectories = EDIFACTMessageType.Directory.allCases.map { "D.\($0.rawValue)" }
        .joined(separator: " and ")
}

extension EDIFACTSegment {
    /// Of a UNH, for people: `DESADV D.96A EAN005`.
    var messageKind: String {
        LogText.line([self[1, 0], "\(self[1, 1]).\(self[1, 2])", self[1, 4]].joined(separator: " "), scalarsMax: 60)
    }

    /// `nil` for an empty component.
    func optional(_ element: Int, _ component: Int) -> String? {
        let text = self[element, component]
        return text.isEmpty ? nil : text
    }
}

extension EDIFACTInterchange.Message {
    /// The segment that every message of these types begins with.
    func beginning(of name: String) throws(DocumentFault) -> EDIFACTSegment {
        guard type.name == name else { throw DocumentFault(element: "UNH S009.0065", "'\(type.name)' is not \(name)") }
        guard let segment = segments.first, segment.tag == "BGM" else {
            throw DocumentFault(element: "BGM", "the segment is missing")
        }
        return segment
    }

    /// Holds what the message says of how many lines it has against how many there are.
    func checkLineCount(_ count: Int) throws(DocumentFault) {
        for control in segments where control.tag == "CNT" && control[0, 0] == "2" && control[0, 1] != String(count) {
            throw control.fault("CNT 2", "it counts \(control[0, 1]) lines, there are \(count)")
        }
    }
}
