import Foundation
import Glibc
import SinkKit
import Synchronization

/// Who is told of what a program does, always on the one thread that does its input and output.
protocol PluginProcessListener: AnyObject, Sendable {
    /// Asked just before the first byte of a call's message is written. - Returns: `false` where it isn't to be sent any more.
    func mayWrite(_ call: Int64) -> Bool
    func received(_ piece: LineSplitter.Piece)
    /// On its standard error.
    func printed(_ piece: LineSplitter.Piece)
    /// When ``passTime()`` is to be called at the latest.
    var nextDeadline: ContinuousClock.Instant? { get }
    func passTime()
    /// It closed its input or its output, and is killed if it doesn't end.
    func closedPipe()
    /// It is gone, and nothing more comes.
    func ended(_ ending: PluginProcess.Ending)
}

/// A program that runs as a child, in a process group of its own, its standard streams being pipes to us.
///
/// Not `Foundation.Process`: with many files open, it reads past the end of a directory's entries and crashes (6.3). Not
/// swift-subprocess: this needs a child that outlives the scope that started it.
final class PluginProcess: Sendable {
    enum Ending: Sendable, Equatable {
        case status(Int32)
        case signal(Int32)
    }

    private struct Outgoing {
        var bytes: [UInt8]
        var call: Int64?
    }

    private struct State {
        var waiting: [Outgoing] = []
        /// Of those that belong to no call.
        var unreadBytes = 0
        var closesInput = false
        /// Set once the process id may name another process.
        var ending: Ending?

        mutating func takeFirst() -> Outgoing? {
            guard !waiting.isEmpty else { return nil }
            let first = waiting.removeFirst()
            if first.call == nil { unreadBytes -= first.bytes.count }
            return first
        }
    }

    let processID: pid_t
    private let pipes: ChildPipes
    private let presence: PluginPresence?
    private let state = Mutex(State())

    /// Starts the program; its life is told to the listener from ``watch(_:lineBytesMax:)`` on.
    ///
    /// - Throws: the reason why it can't be started.
    init(_ settings: PluginSettings) throws(ProgramStartFault) {
        pipes = try ChildPipes()
        var presence: PluginPresence?
        do throws(ProgramStartFault) {
            presence =
                if let folder = settings.lockFolder { try PluginPresence(folder: folder, name: settings.name) } else { nil }
            processID = try pipes.spawn(
                settings.command, environment: settings.environment, folder: settings.folder,
                inherited: presence?.programDescriptor)
        } catch {
            pipes.closeAll()
            presence?.closeTheirs()
            presence?.end()
            throw error
        }
        self.presence = presence
        presence?.closeTheirs()
        pipes.closeTheirs()
    }

    /// - Parameter lineBytesMax: of a message.
    func watch(_ listener: any PluginProcessListener, lineBytesMax: Int) {
        Thread.detachNewThread { self.waitForEnd() }
        let pump = PluginPump(process: self, pipes: pipes, listener: listener, lineBytesMax: lineBytesMax)
        Thread.detachNewThread { pump.run() }
    }

    // MARK: From any thread

    /// - Returns: how many bytes wait now that belong to no call of ours, because the program doesn't read them.
    @discardableResult
    func send(_ bytes: [UInt8], call: Int64? = nil) -> Int {
        let (isFirst, unread) = state.withLock { state in
            state.waiting.append(Outgoing(bytes: bytes, call: call))
            if call == nil { state.unreadBytes += bytes.count }
            return (state.waiting.count == 1, state.unreadBytes)
        }
        if isFirst { pipes.wake() }
        return unread
    }

    /// Lets its input end once everything was written: that tells it to end.
    func closeInput() {
        state.withLock { $0.closesInput = true }
        pipes.wake()
    }

    /// Has the deadlines looked at again.
    func wake() { pipes.wake() }

    /// To the program and to all that it has started.
    func send(signal: Int32) {
        state.withLock { state in
            if state.ending == nil { _ = kill(-processID, signal) }
        }
    }

    // MARK: From the pump

    var ending: Ending? { state.withLock { $0.ending } }

    /// What is to be written, up to about as much as a pipe holds.
    func takeOutput(_ mayWrite: (Int64) -> Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < Self.outputBytesMax {
            guard let next = state.withLock({ $0.takeFirst() }) else { break }
            if next.call.map(mayWrite) ?? true { bytes += next.bytes }
        }
        return bytes
    }

    private static let outputBytesMax = 1 << 16

    var hasOutput: Bool { state.withLock { !$0.waiting.isEmpty } }
    var wantsInputClosed: Bool { state.withLock { $0.closesInput && $0.waiting.isEmpty } }

    // MARK: Its end

    /// Runs on a thread of its own, for waiting takes as long as the program lives.
    private func waitForEnd() {
        var information = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        state.withLock { state in
            // Until it is reaped, the group can be no other one. What it started and left behind would keep the pipes open.
            _ = kill(-processID, SIGKILL)
            var status: Int32 = 0
            while unsafe waitpid(processID, &status, 0) < 0, errno == EINTR {}
            // Before anybody can see that it is gone, and look for what it left.
            presence?.end()
            state.ending = status & 0x7F == 0 ? .status((status >> 8) & 0xFF) : .signal(status & 0x7F)
        }
        pipes.wake()
    }
}

/// Why a program can't be started.
struct ProgramStartFault: Error {
    let message: String
}
