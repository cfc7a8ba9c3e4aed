import CLibXML2

/// What is set once for the whole process.
enum LibXML2 {
    /// libxml2 is to be initialised before threads use it (its page "Thread safety"). From then on nobody in this process can make
    /// it open a file or an address.
    static func start() { _ = started }

    private static let started: Bool = {
        xmlInitParser()
        unsafe xmlSetExternalEntityLoader { _, _, _ in nil }
        return true
    }()

    static let outOfMemory = XMLFault(.malformed, "libxml2 has no memory")

    /// A message that may quote the document, as one line without control signs and of bounded length.
    static func printable(_ message: String) -> String {
        let scalars = message.unicodeScalars.prefix(300).map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: " "
            default: scalar
            }
        }
        var text = String(String.UnicodeScalarView(scalars))
        while text.last == " " { text.removeLast() }
        return text
    }
}
