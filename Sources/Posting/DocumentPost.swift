package import Documents
package import OrderFlow
package import Transport

/// Where documents are posted, and how the answers are read. All targets that are reached over HTTP hand documents over by it.
package struct DocumentPost: Sendable {
    package let endpoint: Endpoint
    /// Percent-encoded, below the endpoint's base.
    package let path: String
    /// Percent-encoded, without the question mark.
    package let query: String?
    package let rule: AnswerRule
    private let timekeeper: any Timekeeper

    package init(
        endpoint: Endpoint, path: String, query: String? = nil, rule: AnswerRule, timekeeper: any Timekeeper = SystemTimekeeper()
    ) {
        self.endpoint = endpoint
        self.path = path
        self.query = query
        self.rule = rule
        self.timekeeper = timekeeper
    }

    /// Posts the document's bytes as they are. What has begun to be sent is never sent again, except after a 401, to new credentials.
    ///
    /// - Parameter timeLimit: after which an exchange that began has ended. One that can't begin within its first quarter, or within
    ///   ten seconds of it, doesn't begin at all.
    package func send(_ document: OutgoingDocument, timeLimit: Duration) async -> DeliveryAnswer {
        let startLimit = min(.seconds(10), timeLimit / 4)
        let rest = timeLimit - startLimit
        let configured = endpoint.deadlines
        let deadlines = HTTPDeadlines(
            connect: min(configured.connect, rest), total: min(configured.total, rest), stall: min(configured.stall, rest))
        let call = EndpointCall(
            .post, path, query: query, headers: ["Content-Type": document.kind.contentType], body: document.bytes,
            isRepeatable: false, deadlines: deadlines, startLimit: startLimit)
        let response: HTTPResponse
        do throws(EndpointError) { response = try await endpoint.send(call) } catch { return DeliveryAnswer(error) }
        let wait = response.retryAfterMilliseconds(now: timekeeper.millisecondsSince1970)
        let answer = AnswerRule.Answer(
            status: response.status, contentType: response.headers["Content-Type"],
            retryAfter: wait.map { .milliseconds($0) }, body: response.body)
        return DeliveryAnswer(rule.outcome(answer), to: call.title)
    }
}

extension DeliveryAnswer {
    fileprivate init(_ outcome: AnswerRule.Outcome, to title: String) {
        switch outcome {
        case .sent: self = .sent
        case .acknowledged: self = .acknowledged
        case .alreadyKnown: self = .alreadyKnown
        case .refused(let text): self = .refused("\(title): \(text)")
        case .notSent(let reason, let text, let retryAfter):
            self = .notSent(DeliveryFailure(FailureClass(reason), "\(title): \(text)", retryAfter: retryAfter))
        case .unknown(let text): self = .unknown("\(title): \(text)")
        }
    }

    /// A call without an answer to judge.
    fileprivate init(_ error: EndpointError) {
        guard error.effect != .unknown else {
            self = .unknown(error.message)
            return
        }
        var failure = DeliveryFailure(.outage, error.message)
        switch error.kind {
        case .unauthorized: failure.failureClass = .unauthorized
        case .throttled(let milliseconds):
            failure.failureClass = .throttled
            failure.retryAfter = milliseconds.map { .milliseconds($0) }
        case .invalidCall, .transport(.tls), .transport(.invalidRequest): failure.failureClass = .misconfigured
        case .notSentInTime: failure.failureClass = .transient
        case .circuitOpen, .authorizationFailed, .transport: break
        }
        self = .notSent(failure)
    }
}

extension FailureClass {
    fileprivate init(_ reason: AnswerRule.Reason) {
        switch reason {
        case .unauthorized: self = .unauthorized
        case .misconfigured: self = .misconfigured
        case .throttled: self = .throttled
        case .transient: self = .transient
        }
    }
}
