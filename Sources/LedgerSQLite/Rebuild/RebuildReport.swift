package import Orders

/// What a rebuild restored, and what it couldn't.
package struct RebuildReport: Sendable, Equatable {
    /// Orders with everything that was ever written of them.
    package var whole = 0
    /// Orders that start anew, because their journal can't be trusted in full.
    package var doubtful: [Doubtful] = []
    package var lost: [Lost] = []
    /// Messages that were taken over, those that wait and those that were handled.
    package var messages = 0
    /// Documents that keep the id which people call them by.
    package var documents = 0
    /// Documents whose orders start anew or are lost: nobody knows any more what was sent. Neither their ids nor the control
    /// references of their files come again.
    package var documentsLost = 0
    /// Orders some of whose codes are gone: nothing else in the ledger says what they were.
    package var codesLost: [CodesLost] = []
    /// Where the damaged file is now; `nil`: there was none under the ledger's name.
    package var keptAs: String?
    /// SQLite's words, where not even the file's beginning can be read.
    package var unreadable: String?

    package struct Doubtful: Sendable, Equatable {
        package var key: OrderKey
        package var reference: String?
        package var why: String
    }

    /// An order that the new ledger doesn't have.
    package struct Lost: Sendable, Equatable {
        /// How many orders were first listed before it, and one.
        package var position: Int64
        package var reference: String?
        package var why: String
    }

    package struct CodesLost: Sendable, Equatable {
        package var key: OrderKey
        package var reference: String?
        package var count: Int
    }

    package var isComplete: Bool { doubtful.isEmpty && lost.isEmpty && codesLost.isEmpty && unreadable == nil }
}
