import SinkTesting
import Synchronization
import Transport

/// Makes things go wrong between a sink and a real ERP: what is sent is sent, and what comes back is withheld or replaced.
struct MishapExchange: HTTPExchange {
    /// What goes wrong, for all connections of one sink.
    final class Plan: Sendable {
        private let mishap = Mutex<SinkMishap?>(nil)
        private let isCreate: @Sendable (HTTPRequest) -> Bool

        init(isCreate: @escaping @Sendable (HTTPRequest) -> Bool) { self.isCreate = isCreate }

        /// All but late effects, which only the ERP can have.
        var interference: SinkInterference {
            SinkInterference(
                Set(SinkMishap.allCases).subtracting([.lateEffect]), arrange: { mishap in self.mishap.withLock { $0 = mishap } },
                mend: { self.mishap.withLock { $0 = nil } })
        }

        func mishap(for request: HTTPRequest) -> SinkMishap? {
            mishap.withLock { mishap in
                switch mishap {
                case .unreachable: return mishap
                // Look-ups are posts, too, where procedures are called.
                case .failingLookUp, .garbageLookUp, .silentLookUp: return request.onlyReads ? mishap : nil
                case .silentAfter: return isCreate(request) ? mishap : nil
                case .cutOffBefore, .cutOffAfter, .errorPageAfter, .garbageAfter:
                    guard isCreate(request) else { return nil }
                    defer { mishap = nil }
                    return mishap
                case .lateEffect, nil: return nil
                }
            }
        }
    }

    let base: any HTTPExchange
    let plan: Plan

    func perform(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let lost = TransportError(.connectionLost, .unknown, "\(request.title): the conformance kit ended the connection")
        switch plan.mishap(for: request) {
        case nil, .lateEffect: return try await base.perform(request)
        case .unreachable:
            throw TransportError(.connectionFailed, .notSent, "\(request.title): the conformance kit refused the connection")
        case .cutOffBefore: throw lost
        case .cutOffAfter:
            _ = try await base.perform(request)
            throw lost
        case .errorPageAfter:
            _ = try await base.perform(request)
            return Self.page(502)
        case .garbageAfter:
            _ = try await base.perform(request)
            return Self.page(200)
        case .silentAfter:
            _ = try await base.perform(request)
            throw await Self.silence(request)
        case .failingLookUp: return Self.page(500)
        case .garbageLookUp: return Self.page(200)
        case .silentLookUp: throw await Self.silence(request)
        }
    }

    private static func page(_ status: Int) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": "text/html"], body: Array("<html><body>Sorry</body></html>".utf8))
    }

    /// No answer for as long as the request lets one wait for it.
    private static func silence(_ request: HTTPRequest) async -> TransportError {
        do { try await Task.sleep(for: min(request.deadlines.total, request.deadlines.stall)) } catch {
            return TransportError(.cancelled, .unknown, "\(request.title): cancelled")
        }
        return TransportError(.timedOut, .unknown, "\(request.title): no answer")
    }
}
