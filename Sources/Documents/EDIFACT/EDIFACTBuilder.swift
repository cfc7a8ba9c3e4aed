import Orders

/// What is agreed with a trading partner about the messages' content.
package struct EDIFACTProfile: Sendable, Equatable {
    package var directory: EDIFACTMessageType.Directory
    package var repertoire: EDIFACTRepertoire
    /// `nil`: a sign outside the repertoire is a fault.
    package var transliteration: EDIFACTTransliteration?
    /// EANCOM's edition code, such as `EAN005`, which partners agree on; `nil` for messages outside EANCOM, which is stricter.
    package var eancomEdition: String?

    package init(
        directory: EDIFACTMessageType.Directory, repertoire: EDIFACTRepertoire = .unoc,
        transliteration: EDIFACTTransliteration? = nil, eancomEdition: String? = nil
    ) {
        self.directory = directory
        self.repertoire = repertoire
        self.transliteration = transliteration
        self.eancomEdition = eancomEdition
    }

    func type(_ name: String) -> EDIFACTMessageType {
        EDIFACTMessageType(name: name, directory: directory, eancomEdition: eancomEdition)
    }
}

/// A message, and what had to be written otherwise than it came.
package struct EDIFACTRendering: Sendable, Equatable {
    package var message: EDIFACTInterchange.Message
    /// One for each text that was transliterated.
    package var notes: [DocumentFault]
}

/// Puts segments together and gathers what doesn't fit. Lengths and repetitions: UN directories D.96A and D.01B.
struct EDIFACTBuilder {
    let profile: EDIFACTProfile
    var segments: [EDIFACTSegment] = []
    var notes: [DocumentFault] = []
    var faults = FaultList()

    init(_ profile: EDIFACTProfile) { self.profile = profile }

    func rendering(_ name: String) throws(DocumentFaults) -> EDIFACTRendering {
        try faults.throwIfAny()
        return EDIFACTRendering(
            message: EDIFACTInterchange.Message(type: profile.type(name), segments: segments), notes: notes)
    }

    mutating func add(_ tag: String, _ elements: [String]...) { segments.append(EDIFACTSegment(tag, elements)) }

    /// A text that fits whole or is a fault; identifiers are never cut.
    mutating func fit(_ text: String, _ lengthMax: Int, _ element: String) -> String {
        let text = inRepertoire(text, element)
        faults.checkLength(text, 0...lengthMax, element)
        return text
    }

    /// A text that must be there.
    mutating func require(_ text: String?, _ lengthMax: Int, _ element: String) -> String {
        let text = inRepertoire(text ?? "", element)
        faults.checkLength(text, 1...lengthMax, element)
        return text
    }

    /// A text that is spread over several components.
    mutating func spread(_ text: String, _ lengthMax: Int, partsMax: Int, _ element: String) -> [String] {
        let scalars = Array(inRepertoire(text, element).unicodeScalars)
        guard scalars.count <= lengthMax * partsMax else {
            faults.add(element, "a text of \(scalars.count) signs, more than the \(lengthMax * partsMax) there is room for")
            return []
        }
        return stride(from: 0, to: scalars.count, by: lengthMax).map { start in
            String(String.UnicodeScalarView(scalars[start..<min(start + lengthMax, scalars.count)]))
        }
    }

    /// Digits count, sign and point don't (ISO 9735).
    mutating func number(_ decimal: ExactDecimal, digitsMax: Int, _ element: String) -> String {
        let text = decimal.plain
        let digits = text.utf8.count { (0x30...0x39).contains($0) }
        if digits > digitsMax { faults.add(element, "\(decimal) has more than \(digitsMax) digits") }
        return text
    }

    mutating func date(_ qualifier: String, _ date: CalendarDate) { add("DTM", [qualifier, date.digits, "102"]) }

    private mutating func inRepertoire(_ text: String, _ element: String) -> String {
        guard let wrong = text.unicodeScalars.first(where: { !profile.repertoire.holds($0) }) else { return text }
        guard let table = profile.transliteration else {
            faults.add(
                element,
                "\(profile.repertoire.rawValue) doesn't hold the sign '\(wrong.escaped(asASCII: true))'"
            )
            return text
        }
        var result = ""
        for scalar in text.unicodeScalars {
            guard let written = table.text(for: scalar, in: profile.repertoire) else {
                faults.add(
                    element,
                    "\(profile.repertoire.rawValue) doesn't hold the sign '\(scalar.escaped(asASCII: true))', nor is there another for it"
                )
                return text
            }
            result.unicodeScalars.append(contentsOf: written.unicodeScalars)
        }
        notes.append(
            DocumentFault(
                order: faults.order, line: faults.line, element: element, "'\(LogText.line(text))' is written '\(result)'"))
        return result
    }
}

extension EDIFACTTransliteration {
    /// `nil` where the repertoire holds neither the sign nor what stands for it.
    fileprivate func text(for scalar: Unicode.Scalar, in repertoire: EDIFACTRepertoire) -> String? {
        let isHeld = { (text: String) in text.unicodeScalars.allSatisfy(repertoire.holds) }
        let candidates = [String(scalar), replacements[scalar]].compactMap(\.self)
        return candidates.first(where: isHeld) ?? (capitalises ? candidates.map { $0.uppercased() }.first(where: isHeld) : nil)
    }
}
