internal import CCurl
import Synchronization

/// HTTP over libcurl: one multi handle on a thread of its own, with its pool of connections.
///
/// Redirects are never followed, TLS certificates are always verified, only `http` and `https` are spoken, cookies and
/// `.netrc` are unknown to it. HTTP/2 is used for repeatable requests where a TLS server offers it.
package final class CurlExchange: HTTPExchange {
    package struct Configuration: Sendable, Equatable {
        /// Connections to one host and port at a time; further requests wait their turn within their total deadline.
        package var connectionsPerHostMax: Int
        /// Connections in all, idle ones included.
        package var connectionsMax: Int
        /// How long a connection may have been idle to carry a request that is not repeatable, in whole seconds. Servers
        /// close idle connections when they like, and whoever writes at that moment cannot know whether it was read.
        package var idleSecondsMaxForWrites: Int
        /// A PEM file of the certificate authorities to trust in place of the system's.
        package var certificateAuthoritiesFile: String?
        package var userAgent: String
        /// `nil` takes `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` from the environment as libcurl does; an
        /// empty string means no proxy.
        package var proxy: String?

        package init(
            connectionsPerHostMax: Int = 16, connectionsMax: Int = 64, idleSecondsMaxForWrites: Int = 3,
            certificateAuthoritiesFile: String? = nil,
            userAgent: String = "crossdock", proxy: String? = nil
        ) {
            self.connectionsPerHostMax = connectionsPerHostMax
            self.connectionsMax = connectionsMax
            self.idleSecondsMaxForWrites = idleSecondsMaxForWrites
            self.certificateAuthoritiesFile = certificateAuthoritiesFile
            self.userAgent = userAgent
            self.proxy = proxy
        }
    }

    private let loop: CurlLoop
    private let nextNumber = Atomic<UInt64>(0)

    /// - Throws: `.unavailable` when libcurl or its thread cannot be started.
    package init(configuration: Configuration = Configuration()) throws(TransportError) {
        loop = try CurlLoop(configuration: configuration)
        try loop.start()
    }

    deinit {
        loop.stop()
    }

    /// The thread of the transfers, for tasks that do little but wait for answers: each then goes on where its answer came in. What
    /// blocks or computes for long doesn't belong there, for it would hold up every transfer. It outlives ``shutdown()``.
    package var executor: any TaskExecutor { loop }

    package func perform(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        try request.validate()
        let number = nextNumber.wrappingAdd(1, ordering: .relaxed).newValue
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.submit(CurlSubmission(number: number, request: request, continuation: continuation))
            }
        } onCancel: {
            loop.cancel(number)
        }
        let answer = try result.get()
        return HTTPResponse(status: answer.status, headers: HTTPHeaders(block: answer.headerBlock), body: answer.body)
    }

    /// Ends every transfer with `.unavailable`, closes the connections and ends the thread; later requests are refused.
    package func shutdown() async {
        await loop.stopAndWait()
    }
}

/// One request on its way to the loop, and who waits for it.
struct CurlSubmission: Sendable {
    let number: UInt64
    let request: HTTPRequest
    let continuation: CheckedContinuation<Result<CurlAnswer, TransportError>, Never>

    func fail(_ kind: TransportError.Kind, _ reason: String) {
        continuation.resume(returning: .failure(TransportError(kind, .notSent, "\(request.title): \(reason)")))
    }
}
