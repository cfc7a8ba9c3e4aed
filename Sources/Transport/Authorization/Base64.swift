internal import FoundationEssentials

enum Base64 {
    /// RFC 4648, 4.
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
