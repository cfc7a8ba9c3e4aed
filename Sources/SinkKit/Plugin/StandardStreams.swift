import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes whole lines to a descriptor, many that come at once in one go.
final class LineOutput: Sendable {
    private struct State {
        var waiting: [UInt8] = []
        var isWriting = false
        /// Nobody reads any more: what is written is lost, and so is whoever it was for.
        var isBroken = false

        mutating func takeWaiting() -> [UInt8]? {
            guard !waiting.isEmpty, !isBroken else {
                isWriting = false
                return nil
            }
            defer { waiting = [] }
            return waiting
        }
    }

    private let descriptor: Int32
    private let state = Mutex(State())

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// Returns when the line was written, or another task writes it.
    func write(_ line: [UInt8]) {
        let isOurs = state.withLock { state in
            guard !state.isBroken else { return false }
            state.waiting += line
            defer { state.isWriting = true }
            return !state.isWriting
        }
        guard isOurs else { return }
        while let bytes = state.withLock({ $0.takeWaiting() }) {
            if !Self.writeAll(bytes, to: descriptor) { state.withLock { $0.isBroken = true } }
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

/// The lines that come in at a descriptor, read on a thread of its own, for reading waits.
enum LineInput {
    static func lines(from descriptor: Int32, lengthMax: Int) -> AsyncStream<LineSplitter.Piece> {
        let (stream, continuation) = AsyncStream.makeStream(of: LineSplitter.Piece.self)
        let reader = Reader(descriptor: descriptor, lengthMax: lengthMax, continuation: continuation)
        Thread.detach { reader.read() }
        return stream
    }

    private struct Reader: Sendable {
        let descriptor: Int32
        let lengthMax: Int
        let continuation: AsyncStream<LineSplitter.Piece>.Continuation

        /// Ends with the input. Half a line at its end is no message.
        func read() {
            var splitter = LineSplitter(lengthMax: lengthMax)
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = buffer.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
                if count > 0 {
                    for piece in splitter.feed(buffer[..<count]) { continuation.yield(piece) }
                } else if count == 0 || errno != EINTR {
                    continuation.finish()
                    return
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
