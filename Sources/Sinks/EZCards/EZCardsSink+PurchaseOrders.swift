package import SinkKit

/// Transactions of one day share a purchase order, which is invoiced at its end (Design Principles, "Purchase Order Lifecycle").
extension EZCardsSink {
    /// All transactions of the account for which `isWanted` holds. EZ Cards has no filter by date: its whole list is walked.
    package func transactions(
        _ context: SinkContext, where isWanted: @Sendable (EZCardsTransaction) -> Bool
    ) async throws(SinkError) -> [EZCardsTransaction] {
        let budget = self.budget(for: context)
        var wanted: [EZCardsTransaction] = []
        var page = 1
        while true {
            let (transactions, pages) = try await client.page(page, [], budget)
            // A list that grows while it is walked shows some of them twice.
            wanted += transactions.filter { transaction in isWanted(transaction) && !wanted.contains { $0.id == transaction.id } }
            guard page < pages, !transactions.isEmpty else { return wanted }
            page += 1
        }
    }
}
