import Simulators

/// What a power failure may leave of a disk's operations: everything that was synced, and of the rest any part.
///
/// There is a moment to fail before every sync takes effect, one after it, and one after everything that is acknowledged. What isn't synced by then is lost, kept in another
/// order than it was asked for in, or torn at the borders of sectors; names in the folder that aren't synced are there or not.
struct CrashImages {
    /// How un-synced operations fare.
    enum Manner: String, CaseIterable {
        case dropped, kept
        case lastLost = "the last one lost"
        case lastOnly = "only the last one kept"
        case cutShort = "cut short"
        case reordered
        case tornAt512 = "torn at 512 bytes"
        case tornAt4096 = "torn at 4096 bytes"
        /// The file grew, and what is in there never came.
        case zeros = "grown by zeros"

        /// Whether another draw makes another image.
        fileprivate var isDrawn: Bool {
            switch self {
            case .dropped, .kept, .lastLost, .lastOnly: false
            case .cutShort, .reordered, .tornAt512, .tornAt4096, .zeros: true
            }
        }
    }

    struct Image {
        var contents: FolderContents
        /// How many operations had been asked for by then.
        var position: Int
        var manner: Manner
    }

    /// What becomes of one operation.
    private enum Fate: Hashable {
        case lost, done, zeros
        /// A bit for each sector that its bytes lie in.
        case torn(sectorSize: Int, sectors: UInt64)
    }

    private var durable = FolderContents()
    /// Not synced, as they were asked for.
    private var pending: [DiskOperation] = []
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// Goes through the operations, and hands out the images of every moment.
    ///
    /// - Parameters:
    ///   - acknowledged: further moments, by how many operations were asked for by then.
    ///   - momentsOneIn: of so many moments one is drawn.
    ///   - draws: of each manner that is drawn, at each moment.
    mutating func walk(
        _ operations: [DiskOperation], acknowledged: Set<Int>, momentsOneIn: Int = 1, draws: Int,
        _ body: (Image) async throws -> Void
    ) async rethrows {
        for (position, operation) in operations.enumerated() {
            if operation.isSync, random.below(momentsOneIn) == 0 {
                for image in images(at: position, draws: draws) { try await body(image) }
            }
            take(operation)
            guard operation.isSync || acknowledged.contains(position + 1), random.below(momentsOneIn) == 0 else { continue }
            for image in images(at: position + 1, draws: draws) { try await body(image) }
        }
    }

    /// One image of a moment between two operations of which nobody asks for a sync.
    mutating func image(after operations: some Sequence<DiskOperation>) -> Image {
        var position = 0
        for operation in operations {
            take(operation)
            position += 1
        }
        let manner = random.pick(Manner.allCases)
        return Image(contents: contents(fates(manner)), position: position, manner: manner)
    }

    private mutating func take(_ operation: DiskOperation) {
        func isDone(_ asked: DiskOperation) -> Bool {
            switch operation {
            case .syncFile(let file): asked.changedFile == file
            case .syncFolder: asked.changedFile == nil
            case .create, .write, .truncate, .delete: false
            }
        }
        if operation.isSync {
            for asked in pending where isDone(asked) { durable.apply(asked) }
            pending.removeAll(where: isDone)
        } else {
            pending.append(operation)
        }
    }

    /// Each one another, of what is pending.
    private mutating func images(at position: Int, draws: Int) -> [Image] {
        var seen: Set<[Fate]> = []
        return Manner.allCases.flatMap { manner -> [Image] in
            (0..<(manner.isDrawn ? draws : 1)).compactMap { _ in
                let fates = fates(manner)
                guard seen.insert(fates).inserted else { return nil }
                return Image(contents: contents(fates), position: position, manner: manner)
            }
        }
    }

    private mutating func fates(_ manner: Manner) -> [Fate] {
        let last = pending.count - 1
        let cut = pending.isEmpty ? 0 : random.below(pending.count)
        return pending.indices.map { index in
            switch manner {
            case .dropped: .lost
            case .kept: .done
            case .lastLost: index == last ? .lost : .done
            case .lastOnly: index == last ? .done : .lost
            case .cutShort: index < cut ? .done : index == cut ? torn(pending[index], at: 512) : .lost
            case .reordered: random.below(2) == 0 ? .done : .lost
            case .tornAt512: torn(pending[index], at: 512)
            case .tornAt4096: torn(pending[index], at: 4096)
            case .zeros: random.pick([.done, .lost, .zeros])
            }
        }
    }

    private mutating func torn(_ operation: DiskOperation, at sectorSize: Int) -> Fate {
        guard case .write(_, let offset, let bytes) = operation, !bytes.isEmpty else {
            return random.below(2) == 0 ? .done : .lost
        }
        let sectors = (offset + bytes.count - 1) / sectorSize - offset / sectorSize + 1
        let all = sectors >= 64 ? UInt64.max : (1 << UInt64(sectors)) - 1
        let kept = random.next() & all
        return kept == all ? .done : kept == 0 ? .lost : .torn(sectorSize: sectorSize, sectors: kept)
    }

    private func contents(_ fates: [Fate]) -> FolderContents {
        var contents = durable
        // A name's changes come in their order, or not at all from some point on.
        var lostNames: Set<String> = []
        for (operation, fate) in zip(pending, fates) {
            switch operation {
            case .create(let name, _), .delete(let name):
                if fate == .done, !lostNames.contains(name) { contents.apply(operation) } else { lostNames.insert(name) }
            case .truncate, .syncFile, .syncFolder: if fate == .done { contents.apply(operation) }
            case .write(let file, let offset, let bytes):
                switch fate {
                case .lost: break
                case .done: contents.apply(operation)
                case .zeros:
                    let end = offset + bytes.count
                    if (contents.files[file]?.count ?? 0) < end { contents.resize(file, to: end) }
                case .torn(let size, let sectors): Self.write(bytes, offset, file, size, sectors, &contents)
                }
            }
        }
        return contents
    }

    private static func write(
        _ bytes: [UInt8], _ offset: Int, _ file: Int, _ sectorSize: Int, _ sectors: UInt64, _ contents: inout FolderContents
    ) {
        let firstSector = offset / sectorSize
        for sector in firstSector...(offset + bytes.count - 1) / sectorSize
        where sectors & (1 << UInt64(sector - firstSector)) != 0 {
            let begin = max(offset, sector * sectorSize), end = min(offset + bytes.count, (sector + 1) * sectorSize)
            contents.write(bytes[begin - offset..<end - offset], at: begin, in: file)
        }
    }
}
