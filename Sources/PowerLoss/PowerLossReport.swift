/// What power failures left, and what was wrong with it.
package struct PowerLossReport: Sendable {
    package let seed: UInt64
    /// Images that were opened, and in which work went on.
    package private(set) var images = 0
    package private(set) var imagesByManner: [(manner: String, count: Int)] = []
    package private(set) var works = 0
    package private(set) var syncs = 0
    package private(set) var checkpoints = 0
    package private(set) var restartedLogs = 0
    /// Simulated runs whose power failed, and that went on with what was left.
    package private(set) var runsCut = 0
    package private(set) var violations: [String] = []

    init(seed: UInt64) { self.seed = seed }

    mutating func count(_ manner: CrashImages.Manner) {
        images += 1
        if let index = imagesByManner.firstIndex(where: { $0.manner == manner.rawValue }) {
            imagesByManner[index].count += 1
        } else {
            imagesByManner.append((manner.rawValue, 1))
        }
    }

    mutating func countWork(_ operations: [DiskOperation]) {
        works += 1
        syncs += operations.count { $0.isSync }
        let figures = LogFigures(operations)
        checkpoints += figures.checkpoints
        restartedLogs += figures.restarts
    }

    mutating func countCut() { runsCut += 1 }

    /// - Parameter context: what leads back to the case.
    mutating func add(_ violations: [String], context: String) {
        self.violations += violations.map { "\(context): \($0)" }
    }

    package var text: String {
        var lines = [
            "power, seed \(seed): \(violations.count) violations",
            "  works: \(works), with \(syncs) syncs, \(checkpoints) checkpoints and \(restartedLogs) logs begun anew",
            "  images opened and gone on with: \(images)",
        ]
        lines += imagesByManner.map { "    \($0.manner): \($0.count)" }
        lines.append("  simulated runs cut and gone on with: \(runsCut)")
        lines += violations.prefix(50).map { "  VIOLATION \($0)" }
        if violations.count > 50 { lines.append("  … and \(violations.count - 50) more") }
        return lines.joined(separator: "\n")
    }
}

/// What SQLite did with its write-ahead log.
private struct LogFigures {
    private(set) var checkpoints = 0
    /// The log was written from its beginning again.
    private(set) var restarts = 0

    init(_ operations: [DiskOperation]) {
        var names: [Int: String] = [:]
        var ends: [Int: Int] = [:]
        var hasNewPages: Set<Int> = []
        for operation in operations {
            switch operation {
            case .create(let name, let file): names[file] = name
            case .write(let file, let offset, let bytes):
                if names[file]?.hasSuffix("-wal") == true, offset == 0, ends[file] != nil { restarts += 1 }
                ends[file] = offset + bytes.count
                if names[file]?.hasSuffix(".db") == true, names.values.contains(where: { $0.hasSuffix("-wal") }) {
                    hasNewPages.insert(file)
                }
            case .syncFile(let file): checkpoints += hasNewPages.remove(file) == nil ? 0 : 1
            case .truncate, .delete, .syncFolder: break
            }
        }
    }
}
