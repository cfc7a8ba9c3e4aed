/// One segment: a tag and its data elements, each a list of components. Source: ISO 9735, syntax version 3.
package struct EDIFACTSegment: Sendable {
    /// Three capital letters or digits, such as `NAD`.
    package var tag: String
    /// Without empty elements, or empty components, at the end.
    package var elements: [[String]]
    /// `nil` for a segment that was not read.
    package var place: EDIFACTPlace?

    package init(_ tag: String, _ elements: [[String]], place: EDIFACTPlace? = nil) {
        self.tag = tag
        self.place = place
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

extension EDIFACTSegment: Equatable {
    /// Equal where they say the same, wherever they stand.
    package static func == (left: EDIFACTSegment, right: EDIFACTSegment) -> Bool {
        left.tag == right.tag && left.elements == right.elements
    }
}

/// The signs with a meaning, as a UNA segment gives them. Source: ISO 9735.
struct EDIFACTServiceSigns: Sendable, Equatable {
    var component = UInt8(ascii: ":")
    var element = UInt8(ascii: "+")
    var decimal = UInt8(ascii: ".")
    /// A space: there is none.
    var release = UInt8(ascii: "?")
    /// Between repeated elements; only syntax version 4 has one.
    var repetition: UInt8? = UInt8(ascii: "*")
    var terminator = UInt8(ascii: "'")

    init() {}

    /// - Parameter advice: the six signs behind `UNA`.
    init(advice: [UInt8]) {
        (component, element, decimal, release, terminator) = (advice[0], advice[1], advice[2], advice[3], advice[5])
        repetition = advice[4] == 0x20 ? nil : advice[4]
    }

    /// Whether a file could be cut at them.
    var canBeMeant: Bool {
        let cutting = [component, element, terminator] + (release == 0x20 ? [] : [release])
        return Set(cutting).count == cutting.count
            && cutting.allSatisfy {
                $0 < 0x80 && !Character(Unicode.Scalar($0)).isLetter && !Character(Unicode.Scalar($0)).isNumber
            }
    }

    /// The UNA segment of a syntax version.
    func advice(in syntax: EDIFACTSyntax) -> [UInt8] {
        let fifth = syntax == .version4 ? repetition ?? 0x20 : 0x20
        return Array("UNA".utf8) + [component, element, decimal, release, fifth, terminator]
    }
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
