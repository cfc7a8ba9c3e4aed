/// What is served under some paths of the listener.
package protocol WebPage: Sendable {
    /// What becomes of a request; `nil`: the path is another page's. Only the request's head is there yet.
    func receive(_ request: WebRequest) -> WebReception?
}

/// The head of a request.
package struct WebRequest: Sendable {
    package var method: String
    /// As it came, percent-encoded, without the query.
    package var path: String
    /// Names in lower case; several values of one name are joined by ", ".
    package var headers: [String: String]

    package init(method: String, path: String, headers: [String: String] = [:]) {
        self.method = method
        self.path = path
        self.headers = headers
    }
}

/// What a page makes of a request.
package enum WebReception: Sendable {
    /// The answer is known from the head alone; a body isn't read.
    case answer(WebAnswer)
    case perform(@Sendable () async -> WebAnswer)
    /// The body is wanted; one of more bytes is answered with 413.
    case takeBody(bytesMax: Int, @Sendable (_ body: [UInt8]) async -> WebAnswer)
}
