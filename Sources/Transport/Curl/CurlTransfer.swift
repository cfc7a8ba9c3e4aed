internal import CCurl

/// One libcurl easy handle and the buffers of the transfer that it performs; kept and used again.
///
/// Not thread-safe, as libcurl's handles are not: only the loop's thread touches it (https://curl.se/libcurl/c/threadsafe.html).
@safe final class CurlTransfer {
    /// A header block longer than this is refused, in bytes.
    static let headerBytesMax = 128 << 10

    /// A connection that nobody has used for so long is not used for reads either.
    static let idleSecondsMax = 60

    let configuration: CurlExchange.Configuration
    let handle: UnsafeMutableRawPointer
    let errorText: UnsafeMutablePointer<CChar>
    var headerList: UnsafeMutablePointer<curl_slist>?

    var request: HTTPRequest
    var status = 0
    var headerBlock: [UInt8] = []
    var headerBytes = 0
    var isHeadWhole = false
    var body: [UInt8] = []
    var isTooLarge = false
    /// How often libcurl was about to write this request onto a connection.
    var beginnings = 0

    var isBegun: Bool { beginnings > 0 }

    init(configuration: CurlExchange.Configuration) throws(TransportError) {
        guard let handle = unsafe curl_easy_init() else {
            throw TransportError(.unavailable, .notSent, "libcurl gave no handle")
        }
        self.configuration = configuration
        unsafe self.handle = handle
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        request = HTTPRequest(url: "")
        try applyFixedOptions()
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe curl_slist_free_all(headerList)
        unsafe errorText.deallocate()
    }

    /// The transfer that a handle belongs to.
    static func of(_ handle: UnsafeMutableRawPointer) -> CurlTransfer? {
        var pointer: UnsafeMutableRawPointer?
        unsafe ccurl_getinfo_pointer(handle, CURLINFO_PRIVATE, &pointer)
        return unsafe pointer.map { unsafe Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    func add(to multi: UnsafeMutableRawPointer) -> CURLMcode {
        unsafe curl_multi_add_handle(multi, handle)
    }

    func remove(from multi: UnsafeMutableRawPointer) {
        unsafe curl_multi_remove_handle(multi, handle)
    }
}

// MARK: Callbacks

extension CurlTransfer {
    static func recover(_ context: UnsafeMutableRawPointer?) -> CurlTransfer {
        unsafe Unmanaged<CurlTransfer>.fromOpaque(context!).takeUnretainedValue()
    }

    /// Called on the established connection, right before the request is written, and again when libcurl repeats by itself.
    ///
    /// libcurl repeats any method when a reused connection dies before the first byte of the answer; for a request that
    /// is not repeatable the second beginning is refused (https://curl.se/libcurl/c/CURLOPT_PREREQFUNCTION.html).
    func begin() -> Bool {
        beginnings += 1
        return beginnings == 1 || request.isRepeatable
    }

    /// Takes one header line; returning less than was given aborts the transfer.
    func take(headerLine line: UnsafeRawBufferPointer) -> Int {
        headerBytes += line.count
        guard headerBytes <= Self.headerBytesMax else {
            isTooLarge = true
            return 0
        }
        if unsafe line.starts(with: "HTTP/".utf8) {
            // A new block: what came before was an interim answer (1xx).
            headerBlock.removeAll(keepingCapacity: true)
            isHeadWhole = false
        } else if !isHeadWhole {
            // Trailers come later and must not overrule the head.
            isHeadWhole = unsafe line.first == 0x0D || line.first == 0x0A
            unsafe headerBlock.append(contentsOf: line)
        }
        return line.count
    }

    func take(body part: UnsafeRawBufferPointer) -> Int {
        guard body.count + part.count <= request.responseBytesMax else {
            isTooLarge = true
            return 0
        }
        unsafe body.append(contentsOf: part)
        return part.count
    }
}

// MARK: Results

extension CurlTransfer {
    /// Grows while anything moves in either direction.
    var bytesMoved: Int64 {
        var uploaded: curl_off_t = 0
        var downloaded: curl_off_t = 0
        unsafe ccurl_getinfo_offset(handle, CURLINFO_SIZE_UPLOAD_T, &uploaded)
        unsafe ccurl_getinfo_offset(handle, CURLINFO_SIZE_DOWNLOAD_T, &downloaded)
        return Int64(uploaded) + Int64(downloaded) + Int64(headerBytes)
    }

    /// What came of the transfer that libcurl ended with `code`. To be asked once.
    func result(_ code: CURLcode) -> Result<CurlAnswer, TransportError> {
        readStatus()
        guard code == CURLE_OK else { return .failure(failure(code)) }
        // libcurl takes a connection that closes within the headers for the end of an answer.
        guard isHeadWhole else { return .failure(ended(.connectionLost, "the connection closed within the headers")) }
        return .success(CurlAnswer(status: status, headerBlock: headerBlock, body: body))
    }

    /// The error of a transfer that the loop ends by itself.
    func ended(_ kind: TransportError.Kind, _ reason: String) -> TransportError {
        readStatus()
        return TransportError(
            kind, isBegun ? .unknown : .notSent, "\(request.title): \(reason)", status: status == 0 ? nil : status)
    }

    private func readStatus() {
        var code = 0
        unsafe ccurl_getinfo_long(handle, CURLINFO_RESPONSE_CODE, &code)
        status = code
    }

    private func failure(_ code: CURLcode) -> TransportError {
        if isTooLarge {
            return ended(
                .responseTooLarge, "the answer exceeds \(request.responseBytesMax) bytes, or its headers \(Self.headerBytesMax)")
        }
        if code == CURLE_ABORTED_BY_CALLBACK, beginnings > 1 {
            return ended(.connectionLost, "the connection died before an answer, and the request must not be repeated")
        }
        let text = unsafe errorText.pointee == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorText)
        return ended(CurlFailure.kind(code, isBegun: isBegun), "\(text) (libcurl \(code.rawValue))")
    }
}
