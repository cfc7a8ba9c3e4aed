import Dispatch
import Synchronization

/// A folder in memory that writes down everything that is asked of it.
final class RecordedDisk: Sendable {
    private struct State {
        var contents: FolderContents
        var filesMade: Int
        var operations: [DiskOperation] = []
        /// Where the next write waits until it is let through.
        var gate: (reached: DispatchSemaphore, opened: DispatchSemaphore)?
    }

    private let state: Mutex<State>
    private let isRecording: Bool
    /// Whether the n-th sync of a file, from 0, is reported as done and isn't.
    private let skipsSync: @Sendable (Int) -> Bool
    private let syncs = Atomic(0)

    init(
        _ contents: FolderContents = FolderContents(), isRecording: Bool = true,
        skipsSync: @escaping @Sendable (Int) -> Bool = { _ in false }
    ) {
        state = Mutex(State(contents: contents, filesMade: contents.files.keys.max() ?? 0))
        self.isRecording = isRecording
        self.skipsSync = skipsSync
    }

    var operations: [DiskOperation] { state.withLock { $0.operations } }
    var operationCount: Int { state.withLock { $0.operations.count } }

    // MARK: What a file system does

    func file(named name: String) -> Int? { state.withLock { $0.contents.names[name] } }

    func create(_ name: String) -> Int {
        state.withLock { state in
            state.filesMade += 1
            perform(.create(name: name, file: state.filesMade), &state)
            return state.filesMade
        }
    }

    func delete(_ name: String) -> Bool {
        state.withLock { state in
            guard state.contents.names[name] != nil else { return false }
            perform(.delete(name: name), &state)
            return true
        }
    }

    func size(of file: Int) -> Int { state.withLock { $0.contents.files[file]?.count ?? 0 } }

    /// - Returns: how many bytes there were.
    func read(_ file: Int, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        state.withLock { state in
            guard let bytes = state.contents.files[file], offset < bytes.count else { return 0 }
            let count = min(buffer.count, bytes.count - offset)
            bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count])) }
            return count
        }
    }

    func write(_ bytes: [UInt8], to file: Int, at offset: Int) {
        let gate = state.withLock { state in
            defer { state.gate = nil }
            return state.gate
        }
        if let gate {
            gate.reached.signal()
            gate.opened.wait()
        }
        state.withLock { perform(.write(file: file, offset: offset, bytes: bytes), &$0) }
    }

    func truncate(_ file: Int, to size: Int) { state.withLock { perform(.truncate(file: file, size: size), &$0) } }

    func sync(_ file: Int) {
        guard !skipsSync(syncs.wrappingAdd(1, ordering: .relaxed).oldValue) else { return }
        state.withLock { perform(.syncFile(file), &$0) }
    }

    func syncFolder() { state.withLock { perform(.syncFolder, &$0) } }

    private func perform(_ operation: DiskOperation, _ state: inout State) {
        if isRecording { state.operations.append(operation) }
        state.contents.apply(operation)
    }

    // MARK: The gate

    /// Runs `meanwhile` while the next write waits, so that what is asked for then is certain to queue up behind it.
    ///
    /// - Parameter beginning: leads to that write.
    func holdNextWrite(after beginning: () -> Void, _ meanwhile: () -> Void) {
        let (reached, opened) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        state.withLock { $0.gate = (reached, opened) }
        beginning()
        reached.wait()
        meanwhile()
        opened.signal()
    }
}
