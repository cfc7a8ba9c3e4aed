import CCrypto

/// SHA-256 by libcrypto (FIPS 180-4), in lower-case hexadecimal.
package enum ContentDigest {
    package static func sha256(_ bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        // Zeros must never pass for a digest.
        precondition(unsafe EVP_Digest(bytes, bytes.count, &digest, nil, algorithm, nil) == 1, "libcrypto can't digest")
        var text: [UInt8] = []
        text.reserveCapacity(digest.count * 2)
        for byte in digest {
            text.append(hexadecimal[Int(byte >> 4)])
            text.append(hexadecimal[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Fetched once: libcrypto looks an algorithm up by its name for every digest otherwise
    /// (https://docs.openssl.org/3.0/man7/crypto/, "Performance").
    nonisolated(unsafe) private static let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil)

    private static let hexadecimal = Array("0123456789abcdef".utf8)
}
