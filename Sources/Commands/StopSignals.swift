import Dispatch
import Engine
import Glibc
import Synchronization

/// SIGTERM and SIGINT ask for a clean stop: orders in flight are brought to a standstill, none is begun. A second one ends the
/// process at once, which is safe too: whatever was under way is picked up from the ledger.
final class StopSignals: Sendable {
    let request = StopRequest()
    /// Dispatch's sources are safe from any thread; only the compiler isn't told.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    init() {
        sources = [SIGTERM, SIGINT].map { [request] number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if request.isRequested { _exit(ExitStatus.tryLater.rawValue) }
                request.request()
            }
            source.activate()
            return source
        }
    }

    /// Returns when a stop was asked for.
    func wait() async {
        await withCheckedContinuation { continuation in
            let answered = Once()
            for source in sources {
                source.setEventHandler { if answered.isFirst() { continuation.resume() } }
            }
        }
    }

    deinit { for source in sources { source.cancel() } }
}

/// Tells the first caller from the others.
private final class Once: Sendable {
    private let done = Atomic(false)

    func isFirst() -> Bool { !done.exchange(true, ordering: .relaxed) }
}
