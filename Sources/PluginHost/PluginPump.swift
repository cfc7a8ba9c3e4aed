import Glibc
import SinkKit

/// Does all of a program's input and output on one thread, without ever waiting for one stream alone.
struct PluginPump: Sendable {
    let process: PluginProcess
    let pipes: ChildPipes
    let listener: any PluginProcessListener
    let lineBytesMax: Int

    /// Of a line on standard error; what is longer is left out of the log.
    private static let errorLineBytesMax = 1 << 16
    /// Between the end of one of its streams and being killed.
    private static let endingTimeMax = Duration.seconds(2)

    /// A stream that we read.
    private struct Source {
        let descriptor: Int32
        var splitter: LineSplitter
        var isOpen = true
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
    }

    /// More pieces than a pipe can hold (a megabyte, pipe(7)): what somebody else goes on writing to it is not waited for.
    private static let lastPiecesMax = 64

    func run() {
        blockPipeSignal()
        var output = Source(descriptor: pipes.outputEnd, splitter: LineSplitter(lengthMax: lineBytesMax))
        var errors = Source(descriptor: pipes.errorEnd, splitter: LineSplitter(lengthMax: Self.errorLineBytesMax))
        var unwritten: ArraySlice<UInt8> = []
        var isInputOpen = true
        var killAt: ContinuousClock.Instant?
        while true {
            let ending = process.ending
            wait(
                output, errors, writes: isInputOpen && (!unwritten.isEmpty || process.hasOutput),
                until: ending == nil ? killAt : .now)
            if isInputOpen, !write(&unwritten) {
                // It closed its input. What it was still to get, it never will.
                unwritten = []
                pipes.closeInput()
                isInputOpen = false
                listener.closedPipe()
                killAt = killAt ?? .now + Self.endingTimeMax
            }
            if isInputOpen, unwritten.isEmpty, process.wantsInputClosed {
                pipes.closeInput()
                isInputOpen = false
                killAt = killAt ?? .now + Self.endingTimeMax
            }
            // Once it is gone, all that it left in the pipes is read before anybody is told of its end.
            let piecesMax = ending == nil ? 1 : Self.lastPiecesMax
            for _ in 0..<piecesMax where !read(&errors, listener.printed) { break }
            for _ in 0..<piecesMax where !read(&output, listener.received) { break }
            listener.passTime()
            if let ending {
                if let last = errors.splitter.finish() { listener.printed(last) }
                pipes.closeOurs(inputToo: isInputOpen)
                return listener.ended(ending)
            }
            if !output.isOpen {
                listener.closedPipe()
                killAt = killAt ?? .now + Self.endingTimeMax
            }
            if let due = killAt, due <= .now {
                process.send(signal: SIGKILL)
                killAt = .now + Self.endingTimeMax
            }
        }
    }

    /// Writing to a program that is gone is an error of the call, and no reason for us to end.
    private func blockPipeSignal() {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Until something can be read or written, somebody wakes us, or a deadline passes.
    private func wait(_ output: Source, _ errors: Source, writes: Bool, until limit: ContinuousClock.Instant?) {
        var entries = [pollfd(fd: pipes.wakeEnd, events: Int16(POLLIN), revents: 0)]
        for source in [output, errors] where source.isOpen {
            entries.append(pollfd(fd: source.descriptor, events: Int16(POLLIN), revents: 0))
        }
        if writes { entries.append(pollfd(fd: pipes.inputEnd, events: Int16(POLLOUT), revents: 0)) }
        let deadline = [limit, listener.nextDeadline].compactMap(\.self).min()
        _ = unsafe poll(&entries, nfds_t(entries.count), deadline.map { Self.milliseconds(until: $0) } ?? -1)
        var bytes = [UInt8](repeating: 0, count: 64)
        if entries[0].revents != 0 { _ = unsafe Glibc.read(pipes.wakeEnd, &bytes, bytes.count) }
    }

    /// Rounded up, so that the deadline has passed when the wait ends.
    private static func milliseconds(until instant: ContinuousClock.Instant) -> Int32 {
        let (seconds, attoseconds) = max(.zero, instant - .now).components
        let milliseconds = min(seconds, 60) * 1000 + attoseconds / 1_000_000_000_000_000
        return Int32(milliseconds) + (attoseconds % 1_000_000_000_000_000 > 0 ? 1 : 0)
    }

    /// - Returns: whether the program still takes any.
    private func write(_ unwritten: inout ArraySlice<UInt8>) -> Bool {
        while true {
            if unwritten.isEmpty { unwritten = process.takeOutput(listener.mayWrite)[...] }
            if unwritten.isEmpty { return true }
            let count = unsafe unwritten.withUnsafeBytes { unsafe Glibc.write(pipes.inputEnd, $0.baseAddress, $0.count) }
            if count > 0 {
                unwritten = unwritten.dropFirst(count)
            } else if errno == EAGAIN {
                return true
            } else if errno != EINTR {
                return false
            }
        }
    }

    /// One piece of what there is.
    ///
    /// - Returns: whether there may be more at once.
    private func read(_ source: inout Source, _ take: (LineSplitter.Piece) -> Void) -> Bool {
        guard source.isOpen else { return false }
        let count = unsafe Glibc.read(source.descriptor, &source.buffer, source.buffer.count)
        if count > 0 {
            for piece in source.splitter.feed(source.buffer[..<count]) { take(piece) }
            return true
        }
        if count < 0, errno == EAGAIN { return false }
        if count < 0, errno == EINTR { return true }
        source.isOpen = false
        return false
    }
}
