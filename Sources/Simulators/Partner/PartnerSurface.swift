internal import Documents
internal import HTTPTypes
internal import Orders

/// A trading partner's address for cXML: one path, POST, `text/xml`.
struct PartnerSurface: SimulatedSurface {
    let configuration: PartnerConfiguration
    /// What control calls changed.
    var statusCode: Int
    /// Oldest first.
    private(set) var documents: [PartnerDocument] = []
    /// Repeated payloadIDs, whatever became of them.
    private(set) var repetitions = 0

    init(configuration: PartnerConfiguration) {
        self.configuration = configuration
        statusCode = configuration.statusCode
    }

    func kind(of request: SimulatedRequest) -> String { request.path == configuration.path ? "document" : "other" }

    var statistics: [(String, Int)] { [("documents", documents.count), ("repetitions", repetitions)] }

    /// Nothing to note: the host counts.
    mutating func received(_ request: SimulatedRequest) {}

    /// A shared secret doesn't expire.
    mutating func expireTokens() {}

    mutating func reset(at now: Int64) { self = PartnerSurface(configuration: configuration) }

    mutating func answer(_ request: SimulatedRequest, at now: Int64) -> SurfaceAnswer {
        guard request.path == configuration.path else {
            return SurfaceAnswer(.html(404, title: "Not Found"), request.refusedEffect)
        }
        guard request.method == "POST" else {
            return SurfaceAnswer(.notAllowed(request.method, allow: "POST"), request.refusedEffect)
        }
        guard ["text/xml", "application/xml"].contains(request.mediaType) else {
            return SurfaceAnswer(.html(415, title: "Unsupported Media Type"), .notApplied)
        }
        let document: PartnerDocument
        let envelope: CXMLEnvelope
        do throws(DocumentFault) { (document, envelope) = try PartnerDocument.read(request.body, at: now) } catch {
            return refused(406, "\(error)", at: now)
        }
        if let secret = configuration.sharedSecret, envelope.sharedSecret?.text != secret {
            return refused(401, "The shared secret is wrong.", at: now)
        }
        if let identity = configuration.identity, !envelope.to.contains(where: { $0.identity == identity }) {
            return refused(400, "The document is for somebody else.", at: now)
        }
        return take(document, at: now)
    }

    private mutating func take(_ document: PartnerDocument, at now: Int64) -> SurfaceAnswer {
        let earlier = documents.first { $0.payloadID == document.payloadID }
        if let earlier {
            repetitions += 1
            if earlier.bytes != document.bytes { return refused(409, "The payloadID names another document.", at: now) }
            switch configuration.repetition {
            case .acknowledge: return SurfaceAnswer(response(200, "OK", at: now), .none)
            case .refuse: return refused(409, "The document is already known.", at: now)
            case .take: break
            }
        }
        guard statusCode == 200 else { return refused(statusCode, "As the simulator was told.", at: now) }
        documents.append(document)
        return SurfaceAnswer(response(200, "OK", at: now), .applied)
    }

    private func refused(_ code: Int, _ text: String, at now: Int64) -> SurfaceAnswer {
        SurfaceAnswer(response(code, text, at: now), .notApplied)
    }

    private func response(_ code: Int, _ text: String, at now: Int64) -> SimulatedResponse {
        .cxml(code, text, at: now, httpStatus: configuration.repeatsStatusInHTTP ? code : 200)
    }

    /// `GET documents`, `POST status` with `{"code": 406}`.
    mutating func control(_ request: SimulatedRequest, at now: Int64) -> SimulatedResponse? {
        switch (request.method, request.segments.dropFirst().joined(separator: "/")) {
        case ("GET", "documents"): return .json(200, ["documents": .array(documents.map(\.json))])
        case ("POST", "status"):
            guard let code = request.controlObject?["code"]?.integerValue, (100...599).contains(code) else {
                return .detail(400, "A code from 100 to 599 is wanted.")
            }
            statusCode = Int(code)
            return .json(200, ["code": .integer(code)])
        default: return nil
        }
    }
}
