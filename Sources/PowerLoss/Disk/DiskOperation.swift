/// What a program asks of a disk. Until a sync, the disk may do it or not, in any order, or in part.
enum DiskOperation {
    /// A name in the folder for a new file; files have numbers, since a name may be given again.
    case create(name: String, file: Int)
    case write(file: Int, offset: Int, bytes: [UInt8])
    case truncate(file: Int, size: Int)
    case delete(name: String)
    /// Everything asked of the file so far is on the disk.
    case syncFile(Int)
    /// Every name made or deleted so far is.
    case syncFolder

    /// Whose contents it changes.
    var changedFile: Int? {
        switch self {
        case .write(let file, _, _), .truncate(let file, _): file
        case .create, .delete, .syncFile, .syncFolder: nil
        }
    }

    var isSync: Bool {
        switch self {
        case .syncFile, .syncFolder: true
        case .create, .write, .truncate, .delete: false
        }
    }
}

/// What is in a folder.
struct FolderContents {
    var names: [String: Int] = [:]
    var files: [Int: [UInt8]] = [:]

    mutating func apply(_ operation: DiskOperation) {
        switch operation {
        case .create(let name, let file):
            names[name] = file
            files[file] = files[file] ?? []
        case .write(let file, let offset, let bytes): write(bytes, at: offset, in: file)
        case .truncate(let file, let size): resize(file, to: size)
        case .delete(let name): names[name] = nil
        case .syncFile, .syncFolder: break
        }
    }

    /// What lies between the end and the offset becomes zeros.
    mutating func write(_ bytes: some Collection<UInt8>, at offset: Int, in file: Int) {
        let end = offset + bytes.count
        if (files[file]?.count ?? -1) < end { resize(file, to: end) }
        files[file]?.withUnsafeMutableBytes { $0[offset..<end].copyBytes(from: bytes) }
    }

    mutating func resize(_ file: Int, to size: Int) {
        let excess = (files[file]?.count ?? 0) - size
        if excess > 0 {
            files[file]?.removeLast(excess)
        } else {
            files[file, default: []].append(contentsOf: repeatElement(0, count: -excess))
        }
    }
}
