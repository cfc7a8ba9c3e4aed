/// Walks a list by offset although it shrinks and grows meanwhile, and though its order isn't promised. Performs nothing.
///
/// Orders leave the list as their state changes, which moves the rest to lower offsets: a plain walk would skip as many as left.
/// So each page is asked for with one entry of overlap. Where its first entry is one already seen, the page joins on to what
/// was seen; where it isn't, nothing of it is taken, and the walk steps back until it meets a known entry. While the orders that
/// stay keep their order among themselves, none of them is missed, whichever leave or come. For lists that don't keep it there
/// is a second net: a walk that saw fewer orders than the shop counts is done again.
package struct ListWalk: Sendable {
    package enum Step: Sendable, Equatable {
        case fetch(offset: Int)
        /// The link to the following page has no offset to overlap: take its query as it is.
        case follow(query: String)
        /// - Parameter complete: whether every order that was in the list all the time was seen.
        case end(complete: Bool)
    }

    /// Passes before the walk gives up on seeing as many orders as the shop counts.
    static let passesMax = 4

    /// The orders on pages that joined on.
    private var seen = OrderIDSet()
    /// The orders on pages that didn't.
    private var handedOutEarly = OrderIDSet()
    private var pass = 1
    /// Where the page begins that is being asked for; `nil` for one behind a cursor, which the server joins on by itself.
    private var offset: Int? = 0
    private var fetches = 0
    /// The most entries that a page had: what the server gives, whatever it was asked for.
    private var pageSize = 0

    package init() {}

    package var first: Step { .fetch(offset: 0) }

    /// How many different orders were seen.
    package var seenCount: Int { seen.count }

    /// Takes in the page that the last step asked for, and says what is next.
    ///
    /// - Returns: the step, and the entries that weren't handed out before.
    package mutating func received(_ page: ListPage) -> (next: Step, new: [ListPage.Entry]) {
        fetches += 1
        pageSize = max(pageSize, page.entries.count)
        guard fetches < fetchesMax else { return (.end(complete: false), take(page)) }
        if let offset, offset > 0, !joins(page) {
            // What stood here moved to lower offsets, perhaps by many pages at once. The page doesn't count as seen, but its orders
            // were listed, and may have left the list by the time the walk comes back to them.
            let next = fetch(max(0, min(offset, page.count ?? offset) - max(1, pageSize)))
            return (next, page.entries.filter { !seen.contains($0.id) && handedOutEarly.insert($0.id) })
        }
        let new = take(page)
        if pass > 1, let count = page.count, seen.count >= count { return (.end(complete: true), new) }
        return (following(page), new)
    }

    /// A walk that gets on needs a request per page, and as many again for each time that the list shrinks under it. The bound
    /// grows with what was seen, since neither the list's length nor the server's page size is known beforehand.
    private var fetchesMax: Int { 16 + 8 * (seen.count / max(1, pageSize - 1) + 1) }

    private func joins(_ page: ListPage) -> Bool {
        page.entries.first.map { seen.contains($0.id) } ?? false
    }

    private mutating func take(_ page: ListPage) -> [ListPage.Entry] {
        page.entries.filter { seen.insert($0.id) && !handedOutEarly.contains($0.id) }
    }

    private mutating func following(_ page: ListPage) -> Step {
        if let query = page.nextQuery, !query.isEmpty, !Self.hasOffset(query) {
            offset = nil
            return .follow(query: query)
        }
        guard let offset, !page.entries.isEmpty else { return ending(page) }
        // A shop that counts more orders than it has shown has more, whether it gives a link or not.
        guard page.nextQuery != nil || offset + page.entries.count < page.count ?? 0 else { return ending(page) }
        return fetch(offset + max(1, page.entries.count - 1))
    }

    private mutating func fetch(_ offset: Int) -> Step {
        self.offset = offset
        return .fetch(offset: offset)
    }

    private static func hasOffset(_ query: String) -> Bool { query.split(separator: "&").contains { $0.hasPrefix("offset=") } }

    private mutating func ending(_ page: ListPage) -> Step {
        guard let count = page.count, seen.count < count else { return .end(complete: true) }
        guard pass < Self.passesMax else { return .end(complete: false) }
        pass += 1
        return fetch(0)
    }
}
