/// One segment: a tag and its data elements, each a list of components. Source: ISO 9735, syntax version 3.
package struct EDIFACTSegment: Sendable, Equatable {
    /// Three capital letters or digits, such as `NAD`.
    package var tag: String
    /// Without empty elements, or empty components, at the end.
    package var elements: [[String]]

    package init(_ tag: String, _ elements: [[String]]) {
        self.tag = tag
        self.elements = elements.map { Self.withoutEmptyEnd($0) { $0.isEmpty } }
        self.elements = Self.withoutEmptyEnd(self.elements) { $0.isEmpty }
    }

    /// A component, from 0; empty where there is none.
    package subscript(element: Int, component: Int) -> String {
        guard elements.indices.contains(element), elements[element].indices.contains(component) else { return "" }
        return elements[element][component]
    }

    private static func withoutEmptyEnd<Part>(_ parts: [Part], isEmpty: (Part) -> Bool) -> [Part] {
        Array(parts[..<((parts.lastIndex { !isEmpty($0) } ?? -1) + 1)])
    }
}

/// The signs with a meaning, as a UNA segment gives them. Source: ISO 9735.
package struct EDIFACTServiceSigns: Sendable, Equatable {
    package var component: UInt8 = UInt8(ascii: ":")
    package var element: UInt8 = UInt8(ascii: "+")
    package var decimal: UInt8 = UInt8(ascii: ".")
    package var release: UInt8 = UInt8(ascii: "?")
    package var terminator: UInt8 = UInt8(ascii: "'")

    package init() {}

    var unaBytes: [UInt8] { Array("UNA".utf8) + [component, element, decimal, release, 0x20, terminator] }
}

/// Which signs an interchange may hold, and in which bytes. Source: ISO 9735, annex A, and its later additions.
package enum EDIFACTRepertoire: String, Sendable, CaseIterable {
    /// Capital letters, digits and few signs.
    case unoa = "UNOA"
    /// Small letters too.
    case unob = "UNOB"
    /// ISO 8859-1.
    case unoc = "UNOC"

    package func holds(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .unoa: Self.signsA.contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
        case .unob: Self.unoa.holds(scalar) || ("a"..."z").contains(scalar)
        case .unoc: (0x20...0x7E).contains(scalar.value) || (0xA0...0xFF).contains(scalar.value)
        }
    }

    /// Also those with a meaning: they are released.
    private static let signsA = Set(" .,-()/=!\"%&*;<>'+:?".unicodeScalars)
}

/// What is written instead of signs that a repertoire doesn't hold.
package struct EDIFACTTransliteration: Sendable, Equatable {
    package var replacements: [Unicode.Scalar: String]
    /// Whether small letters may become capitals.
    package var capitalises: Bool

    package init(replacements: [Unicode.Scalar: String], capitalises: Bool) {
        self.replacements = replacements
        self.capitalises = capitalises
    }

    /// Signs of Western European languages and of typesetting, as they are commonly written without them.
    package static let western = EDIFACTTransliteration(
        replacements: Dictionary(
            [
                ("ÀÁÂÃÅĀĂĄ", "A"), ("àáâãåāăą", "a"), ("ÄÆ", "Ae"), ("äæ", "ae"), ("ÇĆČ", "C"), ("çćč", "c"), ("ÈÉÊËĒĘĚ", "E"),
                ("èéêëēęě", "e"), ("ÌÍÎÏĪ", "I"), ("ìíîïī", "i"), ("ÑŃŇ", "N"), ("ñńň", "n"), ("ÒÓÔÕŌŐ", "O"), ("òóôõōő", "o"),
                ("ÖØŒ", "Oe"), ("öøœ", "oe"), ("ÙÚÛŪŮŰ", "U"), ("ùúûūůű", "u"), ("Ü", "Ue"), ("ü", "ue"), ("ÝŸ", "Y"),
                ("ýÿ", "y"),
                ("ŁĽ", "L"), ("łľ", "l"), ("ŚŠŞ", "S"), ("śšş", "s"), ("ŹŻŽ", "Z"), ("źżž", "z"), ("Ř", "R"), ("ř", "r"),
                ("Ť", "T"), ("ť", "t"), ("ĎĐ", "D"), ("ďđ", "d"), ("Ğ", "G"), ("ğ", "g"), ("İ", "I"), ("ı", "i"), ("ß", "ss"),
                ("Þ", "Th"), ("þ", "th"), ("€", "EUR"), ("“”„«»", "\""), ("‘’‚´`", "'"), ("–—‐‑−", "-"), ("…", "..."),
                ("•·", "*"),
                ("×", "x"), ("\u{A0}\u{2009}\u{202F}\t\r\n", " "), ("²", "2"), ("³", "3"), ("½", "1/2"), ("¼", "1/4"),
                ("™", "TM"),
                ("®", "(R)"), ("©", "(C)"), ("°", "deg"), ("µ", "u"), ("Ø", "O"), ("@", "(at)"), ("#", "No."), ("_", "-"),
            ].flatMap { signs, text in signs.unicodeScalars.map { ($0, text) } }, uniquingKeysWith: { first, _ in first }),
        capitalises: true)
}
