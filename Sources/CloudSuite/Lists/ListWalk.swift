/// Walks a list by offset although it shrinks and grows meanwhile, and though its order isn't promised. Performs nothing.
///
/// Orders leave the list as their state changes, which moves the rest to lower offsets: a plain walk would skip as many as left.
/// So each page is asked for with one entry of overlap. Where its first entry is one already seen, nothing was skipped; where it
/// isn't, the walk steps back until it meets a known one. A walk that saw fewer orders than the shop counts is done again.
package struct ListWalk: Sendable {
    package enum Step: Sendable, Equatable {
        case fetch(offset: Int)
        /// The link to the following page has no offset to overlap: take its query as it is.
        case follow(query: String)
        /// - Parameter complete: whether every order of the list was certainly seen.
        case end(complete: Bool)
    }

    /// Full passes before the walk gives up on seeing everything.
    static let passesMax = 4

    private let limit: Int
    private var seen: Set<Int64> = []
    private var offset = 0
    private var passes = 1
    private var fetches = 0
    private var fetchesMax = 16

    /// - Parameter limit: how many entries a page is asked for.
    package init(limit: Int) { self.limit = max(2, limit) }

    package var first: Step { .fetch(offset: 0) }

    /// How many different orders were seen.
    package var seenCount: Int { seen.count }

    /// Takes in the page that the last step asked for, and says what is next.
    ///
    /// - Returns: the step, and the entries of the page that weren't seen before.
    package mutating func received(_ page: ListPage) -> (next: Step, new: [ListPage.Entry]) {
        fetches += 1
        if let count = page.count { fetchesMax = max(fetchesMax, 16 + Self.passesMax * 2 * (count / (limit - 1) + 1)) }
        let isConnected = offset == 0 || page.entries.first.map { seen.contains($0.id) } ?? false
        let new = page.entries.filter { seen.insert($0.id).inserted }
        if fetches >= fetchesMax { return (.end(complete: false), new) }
        if !isConnected, offset > 0 {
            // What stood here moved to lower offsets: go back until a known entry is met, then forward again.
            offset = max(0, offset - limit)
            return (.fetch(offset: offset), new)
        }
        guard let nextQuery = page.nextQuery, !page.entries.isEmpty else { return (ending(page), new) }
        guard nextQuery.contains("offset=") else { return (.follow(query: nextQuery), new) }
        offset += max(1, page.entries.count - 1)
        return (.fetch(offset: offset), new)
    }

    private mutating func ending(_ page: ListPage) -> Step {
        guard let count = page.count, seen.count < count else { return .end(complete: true) }
        guard passes < Self.passesMax else { return .end(complete: false) }
        passes += 1
        offset = 0
        return .fetch(offset: 0)
    }
}
