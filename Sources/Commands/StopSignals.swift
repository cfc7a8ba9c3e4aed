import Dispatch
import Engine
import Glibc
import Synchronization

/// SIGTERM and SIGINT ask for a clean stop: orders in flight are brought to a standstill, none is begun. A second one ends the
/// process at once, which is safe too: whatever was under way is picked up from the ledger.
final class StopSignals: Sendable {
    let request = StopRequest()
    /// Who waits for a stop, if anybody.
    private let waiting: Waiting
    /// Dispatch's sources are safe from any thread; only the compiler isn't told.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    init() {
        let waiting = Waiting()
        self.waiting = waiting
        sources = [SIGTERM, SIGINT].map { [request] number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if request.isRequested { _exit(ExitStatus.tryLater.rawValue) }
                let waiter = waiting.continuation.withLock { waiter in
                    request.request()
                    return waiter.take()
                }
                waiter?.resume()
            }
            source.activate()
            return source
        }
    }

    /// Returns when a stop was asked for, be it before this call.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isRequested = waiting.continuation.withLock { waiter in
                if !request.isRequested { waiter = continuation }
                return request.isRequested
            }
            if isRequested { continuation.resume() }
        }
    }

    deinit { for source in sources { source.cancel() } }
}

private final class Waiting: Sendable {
    let continuation = Mutex<CheckedContinuation<Void, Never>?>(nil)
}
