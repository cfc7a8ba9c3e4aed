internal import CCurl

/// What libcurl's error numbers mean here (https://curl.se/libcurl/c/libcurl-errors.html).
enum CurlFailure {
    static func kind(_ code: CURLcode, isBegun: Bool) -> TransportError.Kind {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            .nameNotResolved
        case CURLE_COULDNT_CONNECT, CURLE_PROXY, CURLE_INTERFACE_FAILED:
            .connectionFailed
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CRL_BADFILE:
            .tls
        case CURLE_OPERATION_TIMEDOUT:
            .timedOut
        case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            .malformedAnswer
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT:
            // Once the request is out, the unsupported protocol is the answer's: HTTP/0.9.
            isBegun ? .malformedAnswer : .invalidRequest
        case CURLE_OUT_OF_MEMORY where isBegun:
            // So libcurl calls one header line longer than it takes (100 kB); where memory really ends, so does this process.
            .responseTooLarge
        case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_NOT_BUILT_IN, CURLE_UNRECOVERABLE_POLL:
            .unavailable
        default:
            isBegun ? .connectionLost : .connectionFailed
        }
    }
}

/// An answer as the loop's thread hands it over; its headers are read by the task that asked.
struct CurlAnswer: Sendable {
    let status: Int
    let headerBlock: [UInt8]
    let body: [UInt8]
}
