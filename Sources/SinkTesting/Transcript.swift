import Synchronization

/// Every text that came out of the sink during a check, to look through it for what must not be seen.
final class Transcript: Sendable {
    struct Entry: Sendable {
        /// Where it was seen, such as `the error of a create`.
        let place: String
        let text: String
    }

    private let entries = Mutex<[Entry]>([])
    private let secrets = Mutex<[String]>([])

    func add(_ place: String, _ text: String) {
        entries.withLock { $0.append(Entry(place: place, text: text)) }
    }

    /// Notes a text that must not be among the others.
    func hide(_ secret: String) { secrets.withLock { if !$0.contains(secret) { $0.append(secret) } } }

    var hidden: [String] { secrets.withLock { $0 } }

    var all: [Entry] { entries.withLock { $0 } }
}
