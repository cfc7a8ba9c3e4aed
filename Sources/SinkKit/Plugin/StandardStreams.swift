import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes whole lines to a descriptor, many that come at once in one go, on a thread of its own: whoever reads them may be slow, and no
/// task may wait for that.
final class LineOutput: Sendable {
    private struct State {
        var waiting: [UInt8] = []
        /// Nobody reads any more, or nothing more is to come: what is written is lost, and so is whoever it was for.
        var isClosed = false
        var isOver = false
        var end: CheckedContinuation<Void, Never>?
    }

    private let descriptor: Int32
    private let state = Mutex(State())
    /// Counts what there is to do for the thread: lines, and the end.
    private let work = ThreadSemaphore(0)

    /// A reader that is slower than that much behind gets no more of what may be lost, in bytes.
    private static let waitingMax = 16 << 20

    init(descriptor: Int32) {
        self.descriptor = descriptor
        Thread.detach { self.run() }
    }

    /// Returns at once.
    ///
    /// - Parameter mayBeLost: whether it is left out rather than kept for a reader that doesn't read.
    func write(_ line: [UInt8], mayBeLost: Bool = false) {
        state.withLock { state in
            guard !state.isClosed, !mayBeLost || state.waiting.count < Self.waitingMax else { return }
            state.waiting += line
        }
        work.signal()
    }

    /// Takes no more, and returns once all there was is written, or can't be.
    func finish() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                state.isClosed = true
                if !state.isOver { state.end = continuation }
                return state.isOver
            }
            if isOver { continuation.resume() } else { work.signal() }
        }
    }

    private func run() {
        while true {
            work.wait()
            let (bytes, isClosed) = state.withLock { state in
                defer { state.waiting = [] }
                return (state.waiting, state.isClosed)
            }
            let isBroken = !Self.writeAll(bytes, to: descriptor)
            guard isClosed || isBroken else { continue }
            let end = state.withLock { state in
                (state.isClosed, state.isOver, state.waiting) = (true, true, [])
                return state.end
            }
            end?.resume()
            return
        }
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if written < 0, errno != EINTR {
                return false
            }
        }
        return true
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}

/// The lines that come in at a descriptor, read on a thread of its own, for reading waits. It reads no further than a little before what
/// was taken in: what is not read stays with whoever sends it.
struct LineInput: Sendable {
    /// Those that came together; each is to be followed by ``takeMore()``.
    let batches: AsyncStream<[LineSplitter.Piece]>
    private let continuation: AsyncStream<[LineSplitter.Piece]>.Continuation
    private let room = ThreadSemaphore(Self.batchesMax)

    private static let batchesMax = 16
    private static let batchBytesMax = 1 << 16

    init(from descriptor: Int32, lengthMax: Int) {
        (batches, continuation) = AsyncStream.makeStream(of: [LineSplitter.Piece].self)
        let input = self
        Thread.detach { input.read(descriptor, LineSplitter(lengthMax: lengthMax)) }
    }

    /// Says that a batch was taken in.
    func takeMore() { room.signal() }

    /// Hands out nothing that comes from now on.
    func finish() { continuation.finish() }

    /// Ends with the input. Half a line at its end is no message.
    private func read(_ descriptor: Int32, _ splitter: LineSplitter) {
        var splitter = splitter
        var buffer = [UInt8](repeating: 0, count: Self.batchBytesMax)
        while true {
            let count = buffer.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                let pieces = splitter.feed(buffer[..<count])
                if pieces.isEmpty { continue }
                room.wait()
                if case .terminated = continuation.yield(pieces) { return }
            } else if count == 0 || errno != EINTR {
                return continuation.finish()
            }
        }
    }
}

private enum Thread {
    /// A thread nobody waits for.
    static func detach(_ work: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Work(work))
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let code = pthread_create(&thread, nil, runWork, box.toOpaque())
        precondition(code == 0, "no thread can be made: \(code)")
        #if canImport(Darwin)
            if let thread { pthread_detach(thread) }
        #else
            pthread_detach(thread)
        #endif
    }
}

private final class Work: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

#if canImport(Darwin)
    private func runWork(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
        return nil
    }
#else
    private func runWork(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
    }
#endif

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, bytes, count)
}
