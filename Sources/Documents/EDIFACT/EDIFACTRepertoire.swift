/// Which signs an interchange may hold, and in which bytes. Source: ISO 9735, annex A, and its later additions (code list 0001).
package enum EDIFACTRepertoire: String, Sendable, CaseIterable {
    /// Capital letters, digits and few signs.
    case unoa = "UNOA"
    /// Small letters too.
    case unob = "UNOB"
    /// ISO 8859-1, Western European.
    case unoc = "UNOC"
    /// ISO 8859-2, Central European.
    case unod = "UNOD"
    /// ISO 8859-5, Cyrillic.
    case unoe = "UNOE"
    /// ISO 8859-7, Greek.
    case unof = "UNOF"
    /// UTF-8; only syntax version 4 knows it.
    case unow = "UNOW"

    package func holds(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .unoa: Self.signsA.contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
        case .unob: Self.unoa.holds(scalar) || ("a"..."z").contains(scalar)
        case .unoc, .unod, .unoe, .unof: page.byte(for: scalar) != nil
        case .unow: scalar.properties.generalCategory != .control
        }
    }

    /// The text's bytes; `nil` for one that the repertoire doesn't hold.
    func bytes(of text: String) -> [UInt8]? {
        guard text.unicodeScalars.allSatisfy(holds) else { return nil }
        return self == .unow ? Array(text.utf8) : text.unicodeScalars.compactMap(page.byte)
    }

    /// What bytes stand for, whether or not the repertoire holds it; `nil` for bytes that stand for nothing in its encoding.
    func text(of bytes: [UInt8]) -> String? {
        if self == .unow { return String(validating: bytes, as: UTF8.self) }
        var text = String.UnicodeScalarView()
        for byte in bytes {
            guard let sign = page.sign(for: byte) else { return nil }
            text.append(sign)
        }
        return String(text)
    }

    /// UNOA and UNOB are parts of ISO 8859-1.
    private var page: ISO8859Page {
        switch self {
        case .unod: .latin2
        case .unoe: .cyrillic
        case .unof: .greek
        case .unoa, .unob, .unoc, .unow: .latin1
        }
    }

    /// Also those with a meaning: they are released.
    private static let signsA = Set(" .,-()/=!\"%&*;<>'+:?".unicodeScalars)
}

/// How an envelope is written. Source: ISO 9735; versions 1 to 3 differ in nothing that is used here.
package enum EDIFACTSyntax: String, Sendable, CaseIterable {
    /// With two digits of the year.
    case version3 = "3"
    /// With four digits of the year, and a sign between repeated elements.
    case version4 = "4"
}
