import Foundation

/// What a part of the harness did, and what it found.
package struct ChaosReport: Sendable {
    package let name: String
    package let seed: UInt64
    /// How often what was done, in the order it was first done.
    package private(set) var counts: [(what: String, count: Int)] = []
    package private(set) var violations: [String] = []
    /// What else is to be known of it.
    package private(set) var notes: [String] = []
    /// Why nothing, or less, could be done on this machine.
    package private(set) var skipped: [String] = []

    package init(name: String, seed: UInt64) {
        self.name = name
        self.seed = seed
    }

    package subscript(what: String) -> Int { counts.first { $0.what == what }?.count ?? 0 }

    mutating func count(_ what: String, _ count: Int = 1) {
        if let index = counts.firstIndex(where: { $0.what == what }) {
            counts[index].count += count
        } else {
            counts.append((what, count))
        }
    }

    /// Ends a site. Violations are told at once, for a long form takes an hour, and the site's files are kept then.
    ///
    /// - Parameter context: what leads back to the case.
    mutating func conclude(_ site: Site, _ violations: [String], context: String) async {
        await site.close(keepsFolder: !violations.isEmpty)
        let found = violations.map { "\(context), its files in \(site.folder): \($0)" }
        for violation in found { FileHandle.standardError.write(Data("VIOLATION \(violation)\n".utf8)) }
        self.violations += found
    }

    /// Takes in what another part of the same found.
    mutating func add(_ other: ChaosReport) {
        for (what, count) in other.counts { self.count(what, count) }
        violations += other.violations
        notes += other.notes
        for why in other.skipped { skip(why) }
    }

    mutating func note(_ note: String) { notes.append(note) }

    mutating func skip(_ why: String) { if !skipped.contains(why) { skipped.append(why) } }

    package var text: String {
        var lines = ["\(name), seed \(seed): \(violations.count) violations"]
        lines += counts.map { "  \($0.what): \($0.count)" }
        lines += notes.map { "  \($0)" }
        lines += skipped.map { "  SKIPPED: \($0)" }
        lines += violations.prefix(50).map { "  VIOLATION \($0)" }
        if violations.count > 50 { lines.append("  … and \(violations.count - 50) more") }
        return lines.joined(separator: "\n")
    }
}
