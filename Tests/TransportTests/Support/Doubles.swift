import Synchronization
import Transport

/// A clock that stands still until somebody sleeps, and then jumps to the end of the sleep.
final class VirtualTimekeeper: Timekeeper {
    private let now: Mutex<Int64>
    private let slept = Mutex<[Int64]>([])

    init(_ start: Int64 = 1_700_000_000_000) {
        now = Mutex(start)
    }

    var millisecondsSince1970: Int64 { now.withLock { $0 } }
    var sleeps: [Int64] { slept.withLock { $0 } }

    func advance(_ milliseconds: Int64) {
        now.withLock { $0 += milliseconds }
    }

    func sleep(milliseconds: Int64) async throws {
        try Task.checkCancellation()
        slept.withLock { $0.append(milliseconds) }
        advance(max(0, milliseconds))
        await Task.yield()
    }
}

/// Always the largest number that may come.
struct LargestRandomSource: RandomSource {
    func uniform(below bound: UInt64) -> UInt64 { bound == 0 ? 0 : bound - 1 }
}

/// Answers requests from a script, and remembers them.
final class ScriptedExchange: HTTPExchange {
    typealias Answer = Result<HTTPResponse, TransportError>

    private let log = Mutex<[HTTPRequest]>([])
    private let script: @Sendable (_ request: HTTPRequest, _ number: Int) async -> Answer

    /// - Parameter script: is given each request and its number, beginning with 1.
    init(_ script: @escaping @Sendable (_ request: HTTPRequest, _ number: Int) async -> Answer) {
        self.script = script
    }

    convenience init(_ answers: [Answer]) {
        self.init { _, number in answers[min(number, answers.count) - 1] }
    }

    var requests: [HTTPRequest] { log.withLock { $0 } }

    func perform(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let number = log.withLock { log in
            log.append(request)
            return log.count
        }
        return try await script(request, number).get()
    }
}

extension Result where Success == HTTPResponse, Failure == TransportError {
    static func status(_ status: Int, _ headers: HTTPHeaders = [:], body: String = "{}") -> Self {
        .success(HTTPResponse(status: status, headers: headers, body: Array(body.utf8)))
    }

    static func failed(_ kind: TransportError.Kind, _ effect: TransportError.Effect) -> Self {
        .failure(TransportError(kind, effect, "scripted"))
    }
}

/// What a throwing call threw, for expectations about errors.
func thrown<Success, Failure: Error>(_ body: () async throws(Failure) -> Success) async -> Failure? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}
