import OrderFlow

/// What the referee knows of one document: what is durable of it, and every try to send it.
final class DocumentCase {
    let record: DocumentRecord
    /// A try is durable, and no end of it.
    private(set) var isOnItsWay = false
    /// The end that is durable.
    private(set) var end: DocumentEnd?
    private var tries = 0
    /// Somebody took the order up while it was on its way: whoever sends it can't write down what became of it any more.
    private var wasTakenOver = false
    /// Times that a person ordered it to be sent again.
    var resendsOrdered = 0
    var posts: [Post] = []

    init(_ record: DocumentRecord) { self.record = record }

    func isSending() {
        isOnItsWay = true
        end = nil
        tries += 1
    }

    func wasClaimed() { if isOnItsWay { wasTakenOver = true } }

    func ended(_ newEnd: DocumentEnd) {
        isOnItsWay = false
        end = newEnd
    }

    /// Whether nobody can know if it arrived: a sender died with a try, or with its answer, in its hands.
    var isDoubtful: Bool {
        guard case .unknown? = end else { return false }
        return tries > posts.count || wasTakenOver || posts.contains(where: \.wasForgotten)
    }

    /// One try that went out.
    final class Post {
        enum End { case taken, refused, unknown, nothing }

        let worker: Worker
        let resendsOrderedBefore: Int
        private(set) var end: End?
        private var wasFenced = false

        init(worker: Worker, resendsOrderedBefore: Int) {
            self.worker = worker
            self.resendsOrderedBefore = resendsOrderedBefore
        }

        /// - Parameter claimant: who has the order by then.
        func end(_ end: End, claimant: Int?) {
            self.end = end
            wasFenced = claimant != worker.number
        }

        /// Whether its sender didn't hear that it was taken, or couldn't write that down any more.
        var wasForgotten: Bool { end != .taken || wasFenced || !worker.isAlive }
    }

    /// Whether its receiver said that it has it.
    var wasTaken: Bool { posts.contains { $0.end == .taken } }
}
