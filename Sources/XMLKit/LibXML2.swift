import CLibXML2
import Glibc

/// libxml2, loaded into the process when a document is first looked at, and never unloaded.
///
/// It isn't linked: with the ICU it brings along it would cost every run memory and time, and few runs look at documents.
@safe package final class LibXML2: Sendable {
    /// Each function under its own name.
    let functions: LibXML2Functions

    /// The one of this process.
    ///
    /// - Throws: ``XMLFault`` where the library isn't installed, or is of another kind than the headers we were built with.
    static func loaded() throws(XMLFault) -> LibXML2 { try shared.get() }

    private static let shared: Result<LibXML2, XMLFault> = Result { () throws(XMLFault) in
        try LibXML2(file: "libxml2.so.2", debianPackage: "libxml2")
    }

    /// - Parameter file: as the dynamic linker finds it.
    package init(file: String, debianPackage: String) throws(XMLFault) {
        guard let library = unsafe dlopen(file, RTLD_NOW | RTLD_LOCAL) else {
            throw XMLFault(.unavailable, "documents need \(file) (Debian package \(debianPackage)): \(Self.linkerMessage)")
        }
        var functions = LibXML2Functions()
        if let missing = unsafe crossdock_libxml2_resolve(library, &functions) {
            throw XMLFault(
                .unavailable,
                "documents need \(file) (Debian package \(debianPackage)), and the one found has no \(unsafe String(cString: missing))"
            )
        }
        self.functions = functions
        start()
    }

    /// libxml2 is to be initialised before threads use it (its page "Thread safety"). From then on nobody in this process can make
    /// it open a file or an address.
    private func start() {
        functions.xmlInitParser()
        // Left to the first schema, two threads would each make the table of types, and one of them would be lost (found with the
        // address sanitizer).
        functions.xmlSchemaInitTypes()
        unsafe functions.xmlSetExternalEntityLoader { _, _, _ in nil }
    }

    private static var linkerMessage: String {
        unsafe dlerror().map { unsafe printable(String(cString: $0)) } ?? "it can't be loaded"
    }

    static let outOfMemory = XMLFault(.unavailable, "libxml2 has no memory")

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
