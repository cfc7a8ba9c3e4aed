/// What proves who asks: headers, or parameters of the query.
package struct Authorization: Sendable, Equatable {
    package var fields: [HTTPHeaders.Field]
    /// Percent-encoded, without a mark before it; it stands in no message, since titles leave queries out.
    package var query: String?
    /// Tells one set of credentials from its successor, so that a refusal of the old one doesn't throw away the new.
    package var generation: Int

    package init(fields: [HTTPHeaders.Field] = [], query: String? = nil, generation: Int = 0) {
        self.fields = fields
        self.query = query
        self.generation = generation
    }

    package var isEmpty: Bool { fields.isEmpty && query == nil }

    /// The request with the proof in it.
    func applied(to request: HTTPRequest) -> HTTPRequest {
        var authorized = request
        authorized.headers.append(contentsOf: fields)
        if let query { authorized.url += (authorized.url.contains("?") ? "&" : "?") + query }
        return authorized
    }
}

/// Gives an endpoint its credentials. The endpoint sends them to its own origin only.
package protocol Authorizer: Sendable {
    /// Called before every request; cheap unless credentials have to be fetched.
    ///
    /// - Throws: `EndpointError` with effect `.notSent`, since the request they were for was not sent.
    func authorize() async throws(EndpointError) -> Authorization

    /// The remote answered 401 to a request with these credentials.
    ///
    /// - Returns: whether `authorize()` may give others now, so that one more try makes sense.
    func invalidate(_ refused: Authorization) async -> Bool
}

/// The same header or parameter for every request, or none.
package struct FixedAuthorizer: Authorizer {
    private let authorization: Authorization

    private init(_ name: String, _ value: String) {
        authorization = Authorization(fields: [HTTPHeaders.Field(name, value)])
    }

    private init() {
        authorization = Authorization()
    }

    private init(query: String) {
        authorization = Authorization(query: query)
    }

    package static var none: Self { Self() }

    /// `Authorization: Token …`, CloudSuite's older scheme.
    package static func token(_ secret: String) -> Self { Self("Authorization", "Token \(secret)") }

    /// RFC 6750, 2.1.
    package static func bearer(_ secret: String) -> Self { Self("Authorization", "Bearer \(secret)") }

    /// RFC 7617, with the credentials in UTF-8.
    package static func basic(user: String, password: String) -> Self {
        Self("Authorization", "Basic \(Base64.encode(Array("\(user):\(password)".utf8)))")
    }

    /// A header of the remote's own choice, such as `X-API-Key`.
    package static func header(_ name: String, _ secret: String) -> Self { Self(name, secret) }

    /// A parameter of the query, such as `api_key`; logs of proxies may hold it.
    package static func query(_ name: String, _ secret: String) -> Self {
        Self(query: PercentEncoding.query([(name, secret)]))
    }

    package func authorize() -> Authorization { authorization }

    package func invalidate(_ refused: Authorization) -> Bool { false }
}
