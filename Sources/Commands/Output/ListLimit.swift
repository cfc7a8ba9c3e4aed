import ArgumentParser

/// How much of a list is shown, which may be longer than memory.
struct ListLimit: ParsableArguments {
    @Option(name: .customLong("limit"), help: "At most so many.")
    var rowsMax = 1000

    private static let rowsAtOnce = 500

    func validate() throws {
        if rowsMax < 1 { throw ValidationError("--limit is at least 1.") }
    }

    /// Reads a list page by page, and says on standard error where it goes on.
    ///
    /// - Parameter page: at most so many rows, from behind that place in the list.
    func walk<Row>(
        _ place: KeyPath<Row, Int64>, page: (_ after: Int64, _ limit: Int) async throws -> [Row], tell: (Row) async throws -> Void
    ) async throws {
        var (cursor, left): (Int64, Int) = (0, rowsMax)
        while left > 0 {
            let rows = try await page(cursor, min(Self.rowsAtOnce, left))
            guard let last = rows.last else { return }
            for row in rows { try await tell(row) }
            cursor = last[keyPath: place]
            left -= rows.count
        }
        guard try await !page(cursor, 1).isEmpty else { return }
        Output.error("crossdock: the list goes on after \(rowsMax); --limit shows more")
    }
}
