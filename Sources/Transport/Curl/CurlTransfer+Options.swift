internal import CCurl

#if canImport(Glibc)
    internal import Glibc
#endif

extension CurlTransfer {
    /// What holds for every transfer. Each option's page is https://curl.se/libcurl/c/NAME.html.
    func applyFixedOptions() throws(TransportError) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe set(CURLOPT_PRIVATE, context)
        unsafe set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(errorText))
        unsafe applyCallbacks(context)
        set(CURLOPT_NOSIGNAL, 1)
        // A name look-up that hangs must not hold up the loop when its transfer is removed.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_TCP_NODELAY, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_HTTP09_ALLOWED, 0)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // Our headers, credentials among them, are for the server and not for a proxy that is asked for a tunnel.
        set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try require(set(CURLOPT_PROTOCOLS_STR, "http,https"), "libcurl without http and https")
        try require(set(CURLOPT_ACCEPT_ENCODING, "gzip"), "libcurl without gzip")
        try require(set(CURLOPT_USERAGENT, configuration.userAgent), "no memory")
        if let proxy = configuration.proxy { try require(set(CURLOPT_PROXY, proxy), "no memory") }
        if let file = configuration.certificateAuthoritiesFile {
            try require(set(CURLOPT_CAINFO, file), "libcurl takes no file of certificate authorities")
            unsafe ccurl_setopt_string(handle, CURLOPT_CAPATH, nil)
        }
    }

    private func applyCallbacks(_ context: UnsafeMutableRawPointer) {
        unsafe ccurl_setopt_write_callback(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            unsafe CurlTransfer.recover(context).take(body: UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        unsafe set(CURLOPT_WRITEDATA, context)
        unsafe ccurl_setopt_write_callback(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            unsafe CurlTransfer.recover(context).take(headerLine: UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        unsafe set(CURLOPT_HEADERDATA, context)
        unsafe ccurl_setopt_prereq_callback(handle) { context, _, _, _, _ in
            unsafe CurlTransfer.recover(context).begin() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
        unsafe set(CURLOPT_PREREQDATA, context)
        unsafe ccurl_setopt_socket_callback(handle) { _, socket, _ in
            // A child process must not keep a connection of ours open.
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
            return CURL_SOCKOPT_OK
        }
    }

    /// Makes the handle ready for `request`, which must have been validated.
    func prepare(_ request: HTTPRequest) throws(TransportError) {
        self.request = request
        status = 0
        headerBlock.removeAll(keepingCapacity: true)
        headerBytes = 0
        isHeadWhole = false
        isTooLarge = false
        beginnings = 0
        unsafe errorText.pointee = 0
        try require(set(CURLOPT_URL, request.url), "no memory")
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(max(1, request.deadlines.connect.wholeMilliseconds)))
        // HTTP/2 lets a stream that the server refused be sent again, so only repeatable requests may use it.
        set(CURLOPT_HTTP_VERSION, request.isRepeatable ? Int(CURL_HTTP_VERSION_2TLS) : Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_MAXAGE_CONN, request.isRepeatable ? Self.idleSecondsMax : configuration.idleSecondsMaxForWrites)
        try setMethodAndBody()
        try setHeaders()
    }

    private func setMethodAndBody() throws(TransportError) {
        let hasBody = request.body != nil || [.post, .put, .patch].contains(request.method)
        if hasBody {
            set(CURLOPT_POST, 1)
            let bytes = request.body ?? []
            unsafe ccurl_setopt_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
            let result = unsafe bytes.withUnsafeBytes { buffer in
                unsafe buffer.baseAddress.map { start in
                    unsafe ccurl_setopt_pointer(handle, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: start))
                } ?? ccurl_setopt_string(handle, CURLOPT_COPYPOSTFIELDS, "")
            }
            try require(result, "no memory for the body")
        } else {
            set(CURLOPT_HTTPGET, 1)
            set(CURLOPT_NOBODY, request.method == .head ? 1 : 0)
        }
        let isLibcurlsOwn = request.method == .get || request.method == .head || request.method == .post
        if isLibcurlsOwn {
            unsafe ccurl_setopt_string(handle, CURLOPT_CUSTOMREQUEST, nil)
        } else {
            try require(set(CURLOPT_CUSTOMREQUEST, request.method.rawValue), "no memory")
        }
    }

    private func setHeaders() throws(TransportError) {
        unsafe curl_slist_free_all(headerList)
        unsafe headerList = nil
        // An empty value takes libcurl's own header away.
        try appendHeader("Expect:")
        if !request.headers.contains("Content-Type") { try appendHeader("Content-Type:") }
        for field in request.headers.fields {
            // libcurl's spelling of a header with an empty value ends in a semicolon.
            try appendHeader(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        unsafe ccurl_setopt_list(handle, CURLOPT_HTTPHEADER, headerList)
    }

    private func appendHeader(_ line: String) throws(TransportError) {
        guard let longer = unsafe curl_slist_append(headerList, line) else {
            throw TransportError(.unavailable, .notSent, "\(request.title): no memory for the headers")
        }
        unsafe headerList = longer
    }

    /// Lets go of what the finished request held.
    func clear() {
        unsafe ccurl_setopt_string(handle, CURLOPT_POSTFIELDS, nil)
        request.body = nil
        body = []
    }

    @discardableResult
    private func set(_ option: CURLoption, _ value: Int) -> CURLcode {
        unsafe ccurl_setopt_long(handle, option, value)
    }

    private func set(_ option: CURLoption, _ value: String) -> CURLcode {
        unsafe ccurl_setopt_string(handle, option, value)
    }

    private func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) {
        unsafe ccurl_setopt_pointer(handle, option, value)
    }

    private func require(_ result: CURLcode, _ fault: String) throws(TransportError) {
        guard result == CURLE_OK else {
            throw TransportError(.unavailable, .notSent, "\(request.title): \(fault)")
        }
    }
}
