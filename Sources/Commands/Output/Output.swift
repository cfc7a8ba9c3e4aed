import Glibc
import Orders
import Synchronization

/// Standard output and standard error, a line at a time.
enum Output {
    /// Whether a person looks at it.
    static let isTerminal = isatty(STDOUT_FILENO) == 1

    /// Written at once, in one piece, so that lines of several tasks don't mix and a reader sees them as they come.
    static func line(_ text: String = "") { write(text, to: STDOUT_FILENO) }

    /// As they are, without a line's end.
    static func bytes(_ bytes: [UInt8]) { write(bytes[...], to: STDOUT_FILENO) }

    static func json(_ value: JSONValue) { line(value.compactText) }

    static func error(_ text: String) { write(text, to: STDERR_FILENO) }

    private static let failure = Atomic<Int32>(0)

    /// Why standard output didn't take all of it, such as a full disk; `nil`: it did, or its reader or terminal is gone, which is nobody's fault.
    static var fault: String? {
        let code = failure.load(ordering: .relaxed)
        return code == 0 ? nil : String(cString: strerror(code))
    }

    private static func write(_ text: String, to descriptor: Int32) { write(Array((text + "\n").utf8)[...], to: descriptor) }

    private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) {
        var bytes = bytes
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EAGAIN {
                // Whoever gave us the descriptor doesn't let us wait in the call.
                var readiness = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&readiness, 1, -1)
                continue
            }
            if count < 0, errno != EINTR {
                if descriptor == STDOUT_FILENO, ![EPIPE, EIO].contains(errno) { failure.store(errno, ordering: .relaxed) }
                return
            }
            bytes = bytes.dropFirst(max(0, count))
        }
    }
}

/// Colours for a terminal; nothing where the output goes elsewhere or NO_COLOR is set (https://no-color.org).
enum Style {
    private static let isOn = Output.isTerminal && getenv("NO_COLOR") == nil

    private static func wrap(_ text: String, _ code: String) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }

    static func bold(_ text: String) -> String { wrap(text, "1") }
    static func dim(_ text: String) -> String { wrap(text, "2") }
    static func good(_ text: String) -> String { wrap(text, "32") }
    static func warning(_ text: String) -> String { wrap(text, "33") }
    static func bad(_ text: String) -> String { wrap(text, "31") }
}
