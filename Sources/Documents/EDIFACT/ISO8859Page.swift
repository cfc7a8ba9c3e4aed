/// The upper half of a part of ISO 8859: what the bytes from A0 to FF stand for.
struct ISO8859Page: Sendable {
    /// `nil` for a byte that stands for nothing.
    private let signs: [Unicode.Scalar?]
    private let bytes: [Unicode.Scalar: UInt8]

    /// - Parameter signs: 96 of them; U+FFFD for a byte that stands for nothing.
    private init(_ signs: String) {
        let signs = signs.unicodeScalars.map { $0 == "\u{FFFD}" ? nil : $0 }
        precondition(signs.count == 96, "a page has 96 signs")
        self.signs = signs
        let pairs = signs.enumerated().compactMap { index, sign in sign.map { ($0, UInt8(0xA0 + index)) } }
        bytes = Dictionary(uniqueKeysWithValues: pairs)
    }

    /// ASCII is ASCII; control signs are none.
    func byte(for sign: Unicode.Scalar) -> UInt8? { (0x20...0x7E).contains(sign.value) ? UInt8(sign.value) : bytes[sign] }

    func sign(for byte: UInt8) -> Unicode.Scalar? { byte < 0xA0 ? Unicode.Scalar(byte) : signs[Int(byte) - 0xA0] }

    /// Part 1, Western European.
    static let latin1 = ISO8859Page(
        String(String.UnicodeScalarView((0xA0...0xFF).map { Unicode.Scalar(UInt8($0)) })))

    /// Part 2, Central European.
    static let latin2 = ISO8859Page(
        """
        \u{A0}Ą˘Ł¤ĽŚ§¨ŠŞŤŹ\u{AD}ŽŻ°ą˛ł´ľśˇ¸šşťź˝žż\
        ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢß\
        ŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙
        """)

    /// Part 5, Cyrillic.
    static let cyrillic = ISO8859Page(
        """
        \u{A0}ЁЂЃЄЅІЇЈЉЊЋЌ\u{AD}ЎЏАБВГДЕЖЗИЙКЛМНОП\
        РСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмноп\
        рстуфхцчшщъыьэюя№ёђѓєѕіїјљњћќ§ўџ
        """)

    /// Part 7, Greek, without the three signs that its edition of 2003 added: EDIFACT's repertoires are older.
    static let greek = ISO8859Page(
        """
        \u{A0}‘’£\u{FFFD}\u{FFFD}¦§¨©\u{FFFD}«¬\u{AD}\u{FFFD}―°±²³΄΅Ά·ΈΉΊ»Ό½ΎΏ\
        ΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡ\u{FFFD}ΣΤΥΦΧΨΩΪΫάέήί\
        ΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώ\u{FFFD}
        """)
}
