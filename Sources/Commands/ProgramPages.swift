import Foundation
import Glibc

/// The pages of the program's own file that are in memory.
enum ProgramPages {
    /// Hands back the pages that were needed so far; what is needed again is mapped again from the page cache.
    ///
    /// Reading the configuration and putting the parts together touches a third of the program that the work itself never comes back
    /// to: 8 MB less at the peak of a run, for some hundred minor faults (madvise(2), `MADV_DONTNEED` on a mapping of a file).
    static func giveBack() {
        guard let maps = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8),
            let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        else { return }
        for line in maps.split(separator: "\n") where line.hasSuffix(" " + program) {
            if let range = codeRange(line) { unsafe madvise(range.start, range.length, MADV_DONTNEED) }
        }
    }

    /// Where a line of `/proc/self/maps` (proc(5)) stands for code: `start-end r-xp …`. What is `r--p` may have been written to by the
    /// loader, and would be lost.
    private static func codeRange(_ line: Substring) -> (start: UnsafeMutableRawPointer, length: Int)? {
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count == 3, words[1] == "r-xp" else { return nil }
        let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        guard ends.count == 2, ends[0] < ends[1], let start = unsafe UnsafeMutableRawPointer(bitPattern: ends[0]) else {
            return nil
        }
        return unsafe (start, Int(ends[1] - ends[0]))
    }
}
