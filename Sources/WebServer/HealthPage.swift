package import Orders

/// Tells machines whether the service works: 200 where it is ready, else 503, with the same members either way.
package struct HealthPage: WebPage {
    private let path: String
    private let report: @Sendable () async -> HealthReport

    /// - Parameters:
    ///   - path: such as `/health`.
    ///   - report: is asked anew for each request.
    package init(path: String, report: @escaping @Sendable () async -> HealthReport) {
        self.path = path
        self.report = report
    }

    package func receive(_ request: WebRequest) -> WebReception? {
        guard request.path == path else { return nil }
        guard ["GET", "HEAD"].contains(request.method) else { return .answer(.wrongMethod(["GET", "HEAD"])) }
        return .perform {
            let report = await report()
            return WebAnswer(report.isReady ? 200 : 503, report.details)
        }
    }
}

/// How the service is. Anybody who reaches the port may read it: nothing in it may be secret.
package struct HealthReport: Sendable {
    package var isReady: Bool
    package var details: JSONValue

    package init(isReady: Bool, details: JSONValue) {
        self.isReady = isReady
        self.details = details
    }
}
