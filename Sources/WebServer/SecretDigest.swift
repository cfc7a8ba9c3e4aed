import CCrypto
import OrderFlow

/// A secret that others can be compared with in a time that tells nothing of either, not even of their lengths: what is compared
/// are SHA-256 digests, by libcrypto's CRYPTO_memcmp(3).
struct SecretDigest: Sendable {
    private let digest: [UInt8]

    init(of secret: String) { digest = Array(ContentDigest.sha256(Array(secret.utf8)).utf8) }

    func isSame(as other: SecretDigest) -> Bool { unsafe CRYPTO_memcmp(digest, other.digest, digest.count) == 0 }
}
