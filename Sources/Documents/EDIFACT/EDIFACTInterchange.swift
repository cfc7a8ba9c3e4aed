/// One EDIFACT file: an envelope and its messages. Source: ISO 9735, syntax versions 3 and 4.
package struct EDIFACTInterchange: Sendable, Equatable {
    package var repertoire: EDIFACTRepertoire
    package var syntax: EDIFACTSyntax
    package var sender: Partner
    package var recipient: Partner
    /// To the minute; syntax version 3 writes the year with two digits.
    package var preparation: ZonedTime
    /// At most 14 signs; never used again between these two.
    package var controlReference: String
    package var applicationReference: String?
    /// Such as `EANCOM`.
    package var agreement: String?
    package var isTest: Bool
    package var messages: [Message]

    /// - Parameter syntax: `nil` for version 3, or 4 where the repertoire needs it.
    package init(
        repertoire: EDIFACTRepertoire = .unoc, syntax: EDIFACTSyntax? = nil, sender: Partner, recipient: Partner,
        preparation: ZonedTime,
        controlReference: String,
        applicationReference: String? = nil, agreement: String? = nil, isTest: Bool = false, messages: [Message] = []
    ) {
        self.repertoire = repertoire
        self.syntax = syntax ?? (repertoire == .unow ? .version4 : .version3)
        self.sender = sender
        self.recipient = recipient
        self.preparation = preparation
        self.controlReference = controlReference
        self.applicationReference = applicationReference
        self.agreement = agreement
        self.isTest = isTest
        self.messages = messages
    }

    package struct Partner: Sendable, Equatable {
        package var identification: String
        /// 14 for a GLN, 1 for DUNS, ZZ for what both agreed on.
        package var qualifier: String?

        package init(_ identification: String, qualifier: String?) {
            self.identification = identification
            self.qualifier = qualifier
        }
    }

    /// One message, without UNH and UNT.
    package struct Message: Sendable, Equatable {
        package var type: EDIFACTMessageType
        package var segments: [EDIFACTSegment]

        package init(type: EDIFACTMessageType, segments: [EDIFACTSegment]) {
            self.type = type
            self.segments = segments
        }
    }
}

/// What UNH says of a message: `DESADV:D:96A:UN:EAN005`.
package struct EDIFACTMessageType: Sendable, Equatable {
    /// Which edition of the UN's directory.
    package enum Directory: String, Sendable, CaseIterable { case d96a = "96A", d01b = "01B" }

    /// Such as `DESADV`.
    package var name: String
    package var directory: Directory
    /// EANCOM's code for its edition, such as `EAN005`; `nil` for a message outside EANCOM.
    package var eancomEdition: String?

    package init(name: String, directory: Directory, eancomEdition: String? = nil) {
        self.name = name
        self.directory = directory
        self.eancomEdition = eancomEdition
    }
}

/// How a file's bytes look, beside what it says.
package struct EDIFACTLayout: Sendable, Equatable {
    /// Whether a UNA segment stands first; only signs other than the usual ones need it.
    package var hasServiceAdvice: Bool
    /// Whether each segment stands on a line of its own; strictly no part of the syntax.
    package var breaksLines: Bool

    package init(hasServiceAdvice: Bool = true, breaksLines: Bool = false) {
        self.hasServiceAdvice = hasServiceAdvice
        self.breaksLines = breaksLines
    }
}

extension EDIFACTInterchange {
    /// The file. The same value gives the same bytes.
    ///
    /// - Throws: ``DocumentFaults`` for what the envelope or the repertoire has no room for; nothing is cut or replaced here.
    package func render(layout: EDIFACTLayout = EDIFACTLayout()) throws(DocumentFaults) -> [UInt8] {
        var faults = FaultList()
        checkEnvelope(&faults)
        var bytes = layout.hasServiceAdvice ? EDIFACTServiceSigns().advice(in: syntax) : []
        if layout.hasServiceAdvice, layout.breaksLines { bytes += [0x0D, 0x0A] }
        for segment in allSegments {
            let text = segment.text(in: syntax)
            faults.segment = segment.place
            if let scalar = text.unicodeScalars.first(where: { !repertoire.holds($0) }) {
                faults.add(segment.tag, "\(repertoire.rawValue) doesn't hold the sign '\(scalar.escaped(asASCII: true))'")
            }
            bytes += repertoire.bytes(of: text) ?? []
            if layout.breaksLines { bytes += [0x0D, 0x0A] }
        }
        try faults.throwIfAny()
        return bytes
    }

    /// With UNB and UNZ, UNH and UNT, their counts counted.
    private var allSegments: [EDIFACTSegment] {
        let date = String(preparation.date.digits.dropFirst(syntax == .version3 ? 2 : 0))
        let time = padded(preparation.hour) + padded(preparation.minute)
        var segments = [
            EDIFACTSegment(
                "UNB",
                [
                    [repertoire.rawValue, syntax.rawValue], [sender.identification, sender.qualifier ?? ""],
                    [recipient.identification, recipient.qualifier ?? ""], [date, time], [controlReference], [],
                    [applicationReference ?? ""], [], [], [agreement ?? ""], [isTest ? "1" : ""],
                ])
        ]
        for (index, message) in messages.enumerated() {
            let (type, reference) = (message.type, String(index + 1))
            segments.append(
                EDIFACTSegment(
                    "UNH", [[reference], [type.name, "D", type.directory.rawValue, "UN", type.eancomEdition ?? ""]]))
            segments += message.segments
            segments.append(EDIFACTSegment("UNT", [[String(message.segments.count + 2)], [reference]]))
        }
        segments.append(EDIFACTSegment("UNZ", [[String(messages.count)], [controlReference]]))
        return segments
    }

    private func checkEnvelope(_ faults: inout FaultList) {
        for (name, partner) in [("S002", sender), ("S003", recipient)] {
            faults.checkLength(partner.identification, 1...35, "UNB \(name).0004")
            faults.checkLength(partner.qualifier ?? "", 0...4, "UNB \(name).0007")
            if partner.qualifier == "14", !CheckDigit.isLocationNumber(partner.identification) {
                faults.add("UNB \(name).0004", "'\(partner.identification)' is not a GLN")
            }
        }
        faults.checkLength(controlReference, 1...14, "UNB 0020")
        faults.checkLength(applicationReference ?? "", 0...14, "UNB 0026")
        faults.checkLength(agreement ?? "", 0...35, "UNB 0032")
        if repertoire == .unow, syntax == .version3 {
            faults.add("UNB S001.0002", "\(repertoire.rawValue) needs syntax version 4")
        }
        if messages.isEmpty { faults.add("UNZ 0036", "there is no message") }
        for message in messages { faults.checkLength(message.type.eancomEdition ?? "", 0...6, "UNH S009.0057") }
    }
}

extension EDIFACTSegment {
    /// With its terminator; signs with a meaning are released.
    fileprivate func text(in syntax: EDIFACTSyntax) -> String {
        let data = elements.map { $0.map { Self.released($0, syntax) }.joined(separator: ":") }
        return ([tag] + data).joined(separator: "+") + "'"
    }

    private static func released(_ text: String, _ syntax: EDIFACTSyntax) -> String {
        var released = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if "?'+:".unicodeScalars.contains(scalar) || scalar == "*" && syntax == .version4 { released.append("?") }
            released.append(scalar)
        }
        return String(released)
    }
}

extension FaultList {
    /// Lengths count signs, not bytes, and no release sign (ISO 9735).
    mutating func checkLength(_ text: String, _ length: ClosedRange<Int>, _ element: String) {
        let count = text.unicodeScalars.count
        if count < length.lowerBound { add(element, "a mandatory value is missing") }
        if count > length.upperBound { add(element, "'\(text)' is longer than \(length.upperBound) signs") }
    }
}
