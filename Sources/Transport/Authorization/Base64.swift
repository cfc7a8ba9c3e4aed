internal import FoundationEssentials

package enum Base64 {
    /// RFC 4648, 4.
    package static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
