import CCrypto

/// AES-256-GCM by libcrypto (NIST SP 800-38D), through EVP.
///
/// Source: https://docs.openssl.org/3.0/man3/EVP_EncryptInit/, "GCM and OCB Modes".
enum CodeCipher {
    static let keyBytes = 32
    static let nonceBytes = 12
    static let tagBytes = 16

    /// - Returns: the ciphertext with its tag behind it; `nil` where libcrypto fails.
    static func seal(_ text: [UInt8], key: [UInt8], nonce: [UInt8], authenticating data: [UInt8]) -> [UInt8]? {
        precondition(key.count == keyBytes && nonce.count == nonceBytes)
        guard let context = unsafe EVP_CIPHER_CTX_new() else { return nil }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        var sealed = [UInt8](repeating: 0, count: text.count)
        var tag = [UInt8](repeating: 0, count: tagBytes)
        var count: Int32 = 0
        guard unsafe EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1,
            unsafe EVP_EncryptUpdate(context, nil, &count, data, Int32(data.count)) == 1,
            unsafe EVP_EncryptUpdate(context, &sealed, &count, text, Int32(text.count)) == 1, Int(count) == text.count,
            unsafe EVP_EncryptFinal_ex(context, nil, &count) == 1,
            unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, Int32(tagBytes), &tag) == 1
        else { return nil }
        return sealed + tag
    }

    /// - Returns: `nil` where key, nonce, authenticated data or what was sealed aren't those of before.
    static func open(_ sealed: [UInt8], key: [UInt8], nonce: [UInt8], authenticating data: [UInt8]) -> [UInt8]? {
        guard key.count == keyBytes, nonce.count == nonceBytes, sealed.count >= tagBytes,
            let context = unsafe EVP_CIPHER_CTX_new()
        else { return nil }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        let ciphertext = Array(sealed.dropLast(tagBytes))
        var tag = Array(sealed.suffix(tagBytes))
        var text = [UInt8](repeating: 0, count: ciphertext.count)
        var count: Int32 = 0
        guard unsafe EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1,
            unsafe EVP_DecryptUpdate(context, nil, &count, data, Int32(data.count)) == 1,
            unsafe EVP_DecryptUpdate(context, &text, &count, ciphertext, Int32(ciphertext.count)) == 1,
            unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, Int32(tagBytes), &tag) == 1,
            unsafe EVP_DecryptFinal_ex(context, nil, &count) == 1
        else { return nil }
        return text
    }
}
