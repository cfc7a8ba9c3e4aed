/// A document for a person to read.
struct DocumentText {
    /// Without the secret that opens the receiver's door, which the document itself has to hold.
    let text: String

    init(_ bytes: [UInt8]) {
        // EDIFACT files are Western European unless something else was agreed on; its signs read so are at least all there.
        let all = String(validating: bytes, as: UTF8.self) ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        text = all.replacing(/<SharedSecret>[^<]*<\/SharedSecret>/, with: "<SharedSecret>(kept back)</SharedSecret>")
    }
}
