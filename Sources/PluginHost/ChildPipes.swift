internal import CSpawn
import Glibc
import Synchronization

/// The pipes between us and a child, and one to wake up the thread that serves them.
final class ChildPipes: Sendable {
    /// Our end first for the child's input, the child's end first for its output.
    private struct Pipe {
        var reading: Int32
        var writing: Int32
    }

    private let input: Pipe
    private let output: Pipe
    private let errors: Pipe
    private let waking: Pipe
    /// Whether the thread that serves the pipes still does: a descriptor that is closed may soon be another file.
    private let isServed = Mutex(true)

    /// What we write to.
    var inputEnd: Int32 { input.writing }
    /// What we read from.
    var outputEnd: Int32 { output.reading }
    var errorEnd: Int32 { errors.reading }
    var wakeEnd: Int32 { waking.reading }

    init() throws(ProgramStartFault) {
        var pipes: [Pipe] = []
        for _ in 0..<4 {
            var ends: [Int32] = [-1, -1]
            guard unsafe pipe2(&ends, O_CLOEXEC) == 0 else {
                let reason = ChildPipes.reason(errno)
                for pipe in pipes { ChildPipes.close([pipe.reading, pipe.writing]) }
                throw ProgramStartFault(message: "no pipe can be made: \(reason)")
            }
            pipes.append(Pipe(reading: ends[0], writing: ends[1]))
        }
        (input, output, errors, waking) = (pipes[0], pipes[1], pipes[2], pipes[3])
        for descriptor in [inputEnd, outputEnd, errorEnd, waking.reading, waking.writing] {
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        }
    }

    static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }

    private static func close(_ descriptors: [Int32]) {
        for descriptor in descriptors { _ = Glibc.close(descriptor) }
    }

    func wake() {
        isServed.withLock { isServed in
            guard isServed else { return }
            var byte: UInt8 = 1
            // A full pipe wakes as well.
            _ = unsafe write(waking.writing, &byte, 1)
        }
    }

    /// After the child has them.
    func closeTheirs() { Self.close([input.reading, output.writing, errors.writing]) }

    func closeInput() { Self.close([input.writing]) }

    func closeOurs(inputToo: Bool) {
        isServed.withLock { isServed in
            isServed = false
            Self.close((inputToo ? [input.writing] : []) + [output.reading, errors.reading, waking.reading, waking.writing])
        }
    }

    func closeAll() {
        closeTheirs()
        closeOurs(inputToo: true)
    }

    // MARK: Starting

    /// - Parameter inherited: a descriptor that it gets as its fourth, number 3.
    /// - Returns: the process id, which is also its group's.
    func spawn(
        _ command: [String], environment: [String: String], folder: String?, inherited: Int32?
    ) throws(ProgramStartFault) -> pid_t {
        guard let program = command.first, !program.isEmpty else { throw ProgramStartFault(message: "no program is named") }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (end, stream) in [(input.reading, STDIN_FILENO), (output.writing, STDOUT_FILENO), (errors.writing, STDERR_FILENO)] {
            unsafe posix_spawn_file_actions_adddup2(&actions, end, stream)
        }
        if let folder { unsafe posix_spawn_file_actions_addchdir_np(&actions, folder) }
        if let inherited { unsafe posix_spawn_file_actions_adddup2(&actions, inherited, STDERR_FILENO + 1) }
        // Nothing else that we have open is the program's business: ledgers, sockets, the pipes of other programs.
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + (inherited == nil ? 1 : 2))
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        try Self.setSignals(&attributes)
        let words = unsafe Words(command)
        let variables = unsafe Words(environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
        defer {
            unsafe words.free()
            unsafe variables.free()
        }
        var child: pid_t = 0
        let code = unsafe posix_spawnp(&child, program, &actions, &attributes, words.pointers, variables.pointers)
        guard code == 0 else { throw ProgramStartFault(message: "\(program) can't be started: \(Self.reason(code))") }
        return child
    }

    /// A group of its own, so that a key pressed at our terminal isn't meant for the program too; and no signal kept from it that we
    /// keep from ourselves.
    private static func setSignals(_ attributes: inout posix_spawnattr_t) throws(ProgramStartFault) {
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        let code = unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        guard code == 0 else { throw ProgramStartFault(message: reason(code)) }
    }
}

/// Texts as C wants them: copies, with `nil` behind the last.
@unsafe private struct Words {
    let pointers: [UnsafeMutablePointer<CChar>?]

    init(_ texts: [String]) { unsafe pointers = texts.map { unsafe strdup($0) } + [nil] }

    func free() { unsafe pointers.forEach { unsafe Glibc.free($0) } }
}
